// Confirmation tokens: what a payer typed, kept for one confirm. The folder's only door.

import { defineResource } from "../../kernel/state/resource.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { type ConfirmationToken, confirmationTokens, createConfirmationToken } from "./confirmation_token.ts";
import { confirmationTokenDefaults } from "./defaults.table.ts";
import { confirmationTokenExtras } from "./extras.table.ts";
import { rows } from "./refusals.table.ts";

export { type ConfirmationToken, withConfirmationToken } from "./confirmation_token.ts";

const path = "/v1/confirmation_tokens";

export const confirmationTokenResource = defineResource<ConfirmationToken>({
  noun: confirmationTokens,
  extras: confirmationTokenExtras,
  defaults: confirmationTokenDefaults,
  refusals: rows,
  routes: [
    { method: "POST", path, publishable: true, run: createConfirmationToken },
    { method: "POST", path: "/v1/test_helpers/confirmation_tokens", run: createConfirmationToken },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, confirmationTokens, id) },
  ],
});
