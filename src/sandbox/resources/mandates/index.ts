import { defineResource } from "../../kernel/resource.ts";
import { mustRead } from "../../kernel/unit.ts";
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
  reactions: { "payment_method.detach": (unit, _before, method) => endMandates(unit, method.id) },
});
