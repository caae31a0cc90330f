import type { Params } from "../state/resource.ts";
import { common } from "../words/errors.table.ts";
import { beforeWork, refusal } from "../words/errors.ts";
import type { VersionChange } from "./change.ts";

/** 2026-03-25. https://docs.stripe.com/changelog/dahlia */
export const dahlia: VersionChange = {
  family: "dahlia",
  added: {
    charge: ["payment_method_details.card.transaction_link_id"],
    payment_intent: ["allowed_payment_method_types", "managed_payments"],
    refund: ["customer", "customer_account", "payment_method"],
  },
  up: [
    {
      since: "2026-07-29",
      operations: /^POST \/v1\/(?:payment|setup)_intents(?:$|\/:id(?:$|\/confirm$))/,
      lift: refuseAllowedTypes,
    },
  ],
};

/** Its schema is that of the family's last release, which had the parameter; the first releases had not. */
function refuseAllowedTypes(params: Params): Params {
  const param = "allowed_payment_method_types";
  if (params[param] === undefined) return params;
  throw refusal(common.parameterUnknown, { param }, { param, ...beforeWork });
}
