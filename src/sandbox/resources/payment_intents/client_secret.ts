// With a publishable key the client secret is the whole authority.

import type { Noun, StripeObject } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { missingParameter, refusal } from "../../kernel/words/errors.ts";
import { text } from "../../kernel/words/params.ts";
import { rows } from "./refusals.table.ts";

interface Secretive extends StripeObject {
  readonly object: "payment_intent" | "setup_intent";
  readonly client_secret: string | null;
}

const names = { payment_intent: "PaymentIntent", setup_intent: "SetupIntent" } as const;

/** The intent of the path, for whoever may see it. */
export function mustReadIntent<O extends Secretive>(unit: Unit, noun: Noun<O>, id: string): O {
  if (id.includes("_secret_")) {
    throw refusal(rows.secretAsId, { intent: names[noun.object as Secretive["object"]] });
  }
  return mustRead(unit, noun, id, "intent");
}

export function checkSecret(unit: Unit, params: Params, intent: Secretive): void {
  if (!unit.isPublishable) return;
  const secret = text(params, "client_secret");
  if (!secret) throw missingParameter("client_secret");
  if (secret !== intent.client_secret) throw refusal(rows.secretWrong, { intent: names[intent.object] });
}
