// Tax ids: of customers and of the account. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { listed, newest } from "../../kernel/state/embeds.ts";
import { onSignal } from "../../kernel/state/reactions.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { customers } from "../customers/index.ts";
import {
  createCustomerWithTaxIds,
  createForCustomer,
  createTaxId,
  deleteOfCustomer,
  deleteTaxId,
  forgetAllOf,
  ownerOf,
  retrieveOfCustomer,
} from "./actions.ts";
import { taxIdExtras } from "./extras.table.ts";
import { taxIdForms } from "./forms.table.ts";
import { rows } from "./refusals.table.ts";
import { type TaxId, taxIds } from "./tax_id.ts";
import { testNumbers, verificationDefaults, verificationWaits } from "./verification.table.ts";
import { hearOffice } from "./verify.ts";

export { chosenAccountTaxIds, taxIdsOf } from "./named.ts";

const path = "/v1/tax_ids";
const ofCustomer = "/v1/customers/:id/tax_ids";

export const taxIdResource = defineResource<TaxId>({
  noun: taxIds,
  extras: taxIdExtras,
  defaults: { ...taxIdForms, ...verificationDefaults },
  refusals: rows,
  testData: testNumbers,
  waits: verificationWaits,
  jobs: { hearOffice: { run: hearOffice, says: "a tax office answers" } },
  reactions: [onSignal(customers, "delete", forgetAllOf)],
  embeds: [
    listed(customers, "tax_ids", {
      before: "2020-08-27",
      isIncludable: true,
      find: newest(taxIds, "customer"),
      urlOf: (id) => ofCustomer.replace(":id", id),
    }),
  ],
  routes: [
    { method: "POST", path: "/v1/customers", run: createCustomerWithTaxIds },
    { method: "POST", path: ofCustomer, run: createForCustomer },
    { method: "GET", path: ofCustomer, run: listOfCustomer },
    { method: "GET", path: `${ofCustomer}/:id`, run: retrieveOfCustomer },
    { method: "DELETE", path: `${ofCustomer}/:id`, run: deleteOfCustomer },
    { method: "POST", path, run: createTaxId },
    { method: "GET", path, run: listTaxIds },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, taxIds, id) },
    { method: "DELETE", path: `${path}/:id`, run: deleteTaxId },
  ],
});

function listOfCustomer(unit: Unit, params: Params, customer: string): object {
  mustRead(unit, customers, customer);
  return list(unit, taxIds, params, { url: ofCustomer.replace(":id", customer), filters: { customer } });
}

/** The account's own, unless a customer is named (declared). */
function listTaxIds(unit: Unit, params: Params): object {
  const { customer } = ownerOf(unit, params);
  return list(unit, taxIds, params, {
    url: path,
    filters: { customer },
    where: (taxId) => taxId.customer === customer,
  });
}
