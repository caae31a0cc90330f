// Mandates: a payer's leave to be debited. The folder's only door.
import { onSignal } from "../../kernel/state/reactions.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { paymentMethods } from "../payment_methods/index.ts";
import { mandateDefaults } from "./defaults.table.ts";
import { endMandates, type Mandate, mandateMachine, mandates } from "./mandate.ts";
import { rows } from "./refusals.table.ts";

export {
  checkConsent,
  checkDebitTerms,
  checkedReferencePrefix,
  createMandate,
  debitTermsOf,
  endedMandate,
  endMandates,
  failuresThatEndMandates,
  type Mandate,
  mandates,
  referencePrefixOf,
  standingMandate,
} from "./mandate.ts";
export { rows as mandateRefusals } from "./refusals.table.ts";

export const mandateResource = defineResource<Mandate>({
  noun: mandates,
  machine: mandateMachine,
  defaults: mandateDefaults,
  refusals: rows,
  routes: [{ method: "GET", path: "/v1/mandates/:id", run: (unit, _params, id) => mustRead(unit, mandates, id) }],
  reactions: [onSignal(paymentMethods, "detach", (unit, { id }) => endMandates(unit, id))],
});
