// How a payment intent looked, and what its parameters meant, before each family of versions; newest first.
// https://docs.stripe.com/changelog
import type { Params } from "../../kernel/state/resource.ts";
import type { VersionChange } from "../../kernel/versions/change.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { beforeWork, refusal } from "../../kernel/words/errors.ts";

export const paymentIntentVersions: readonly VersionChange[] = [
  {
    family: "endive",
    up: [
      {
        since: "2026-09-30",
        operations: /^POST \/v1\/payment_intents(?:\/:id(?:\/confirm)?)?$/,
        lift: refuseTypesInPreview,
      },
    ],
  },
  { family: "basil", removed: { invoice: null } }, // Payments no longer name their invoice.
  {
    family: "2024-06-20",
    up: [
      // Capturing became asynchronous by default. https://docs.stripe.com/payments/payment-intents/asynchronous-capture
      {
        since: "2024-04-10",
        operations: /^POST \/v1\/payment_intents$/,
        lift: (params) => ({ capture_method: "automatic", ...params }),
      },
      { since: "2023-08-16", operations: /^POST \/v1\/payment_intents$/, lift: cardsByDefault },
    ],
  },
  { family: "2022-11-15", down: synchronousCapture },
];

/** The preview of the month before had it already; its schema is dahlia's. https://docs.stripe.com/changelog/dahlia */
export function refuseTypesInPreview(params: Params, version: string): Params {
  if (!version.startsWith("2026-08-26.preview") || params.payment_method_types === undefined) return params;
  throw refusal(common.methodTypesRetired, {}, beforeWork);
}

/** Dynamic payment methods became the default. https://docs.stripe.com/upgrades#2023-08-16 */
export function cardsByDefault(params: Params): Params {
  const isChosen = choosing.some((name) => params[name] !== undefined);
  return isChosen ? params : { ...params, payment_method_types: ["card"] };
}

const choosing = [
  "allowed_payment_method_types",
  "automatic_payment_methods",
  "payment_method_configuration",
  "payment_method_types",
];

/** Asynchronous capture had no name yet. */
function synchronousCapture(intent: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return intent.capture_method === "automatic_async" ? { ...intent, capture_method: "automatic" } : intent;
}
