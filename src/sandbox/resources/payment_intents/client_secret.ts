// With a publishable key the client secret is the whole authority.
import { invalidRequest, missingParameter, noSuch } from "../../kernel/errors.ts";
import { text } from "../../kernel/params.ts";
import type { Params } from "../../kernel/resource.ts";
import type { Unit } from "../../kernel/unit.ts";

interface Secretive {
  readonly id: string;
  readonly object: "payment_intent" | "setup_intent";
  readonly client_secret: string | null;
}

const names = {
  payment_intent: { label: "payment_intent", name: "PaymentIntent" },
  setup_intent: { label: "setupintent", name: "SetupIntent" },
} as const;

export function checkSecret(unit: Unit, params: Params, intent: Secretive): void {
  if (!unit.isPublishable) return;
  const secret = text(params, "client_secret");
  if (!secret) throw missingParameter("client_secret");
  if (secret === intent.client_secret) return;
  const { label, name } = names[intent.object];
  const missing = noSuch(label, intent.id, { inPath: true, param: "intent" });
  throw invalidRequest({
    status: 404,
    code: "resource_missing",
    message: `${missing.message}; the client_secret provided does not match this ${name}.`,
    param: "intent",
  });
}
