import type { StripeObject } from "../../kernel/state/noun.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead, readById } from "../../kernel/state/writes.ts";
import { endMandates, type Mandate, mandates } from "./mandate.ts";

export {
  checkConsent,
  checkedReferencePrefix,
  createMandate,
  endedMandate,
  endMandates,
  failuresThatEndMandates,
  type Mandate,
  mandateMachine,
  mandates,
  standingMandate,
} from "./mandate.ts";

export const mandateResource = defineResource<Mandate>({
  noun: mandates,
  routes: [{ method: "GET", path: "/v1/mandates/:id", run: (unit, _params, id) => mustRead(unit, mandates, id) }],
  reactions: {
    "payment_method.detach": (unit, _before, method) => endMandates(unit, method.id),
    "dispute.create": (unit, _before, dispute) => endDisputed(unit, dispute),
  },
});

/** Who disputes a debit takes the permission back. */
function endDisputed(unit: Unit, dispute: StripeObject): void {
  const charge = readById(unit, String((dispute as { charge?: unknown }).charge)) as Disputed | undefined; // By its id.
  if (charge?.payment_method_details?.sepa_debit) endMandates(unit, String(charge.payment_method));
}

/** What of a charge is looked at from below. */
interface Disputed extends StripeObject {
  readonly payment_method?: unknown;
  readonly payment_method_details?: { readonly sepa_debit?: unknown } | null;
}
