// Tokens: a card or an account, named once and used once. The folder's only door.

import { owned } from "../../kernel/state/embeds.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import { tokenExtras } from "./extras.table.ts";
import { rows } from "./refusals.table.ts";
import { createToken, retrieveToken, type Token, tokens } from "./token.ts";

export { bankAccountOfToken, cardOfToken, type Token } from "./token.ts";

const path = "/v1/tokens";

export const tokenResource = defineResource<Token>({
  noun: tokens,
  extras: tokenExtras,
  refusals: rows,
  embeds: [owned(tokens, "card"), owned(tokens, "bank_account")],
  routes: [
    { method: "POST", path, publishable: true, run: createToken },
    { method: "GET", path: `${path}/:id`, publishable: true, run: retrieveToken },
  ],
});
