// What happens to a tax id: given, and taken back. Nothing of it is ever changed but by who verifies it.
import type { Params } from "../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { add, among, erase, mustRead, mustReadParam } from "../../kernel/state/writes.ts";
import { missingParameter, noSuch, notPlayed } from "../../kernel/words/errors.ts";
import { hash, text } from "../../kernel/words/params.ts";
import { type Customer, createCustomer, customers } from "../customers/index.ts";
import { type Owner, type TaxId, taxIds } from "./tax_id.ts";
import { checkForm, countryOf } from "./value.ts";
import { askOffice, firstVerification } from "./verify.ts";

/** With the tax ids that come with them. */
export function createCustomerWithTaxIds(unit: Unit, params: Params): Customer {
  const customer = createCustomer(unit, params);
  const sent = Array.isArray(params.tax_id_data) ? (params.tax_id_data as Params[]) : [];
  for (const [at, data] of sent.entries()) give(unit, data, ofCustomer(customer.id), `tax_id_data[${at}][value]`);
  return customer;
}

export function createForCustomer(unit: Unit, params: Params, customer: string): TaxId {
  mustRead(unit, customers, customer);
  return give(unit, params, ofCustomer(customer));
}

export function createTaxId(unit: Unit, params: Params): TaxId {
  return give(unit, params, ownerOf(unit, params));
}

/** Its own account's, where nobody else is named. */
export function ownerOf(unit: Unit, params: Params): Owner {
  const sent = hash(params, "owner") ?? {};
  const type = text(sent, "type") ?? "self";
  if (type === "application") throw notPlayed("applications", "owner[type]");
  if (type === "customer") return ofCustomer(namedCustomer(unit, sent));
  const account = type === "account" ? { account: ownAccount(unit, sent) } : {};
  return { ...account, customer: null, customer_account: null, type };
}

function namedCustomer(unit: Unit, sent: Params): string {
  const id = text(sent, "customer");
  if (id === undefined) throw missingParameter("owner[customer]");
  return mustReadParam(unit, customers, id, "owner[customer]").id;
}

function ownAccount({ account: { id: own } }: Unit, sent: Params): string {
  const id = text(sent, "account");
  if (id === undefined) throw missingParameter("owner[account]");
  if (id !== own) throw noSuch({ label: "account" }, id, { inPath: false, param: "owner[account]" });
  return id;
}

function ofCustomer(customer: string): Owner {
  return { customer, customer_account: null, type: "customer" };
}

/** The account's own are not verified, and no event tells of them (the SDKs know customers' only). */
function give(unit: Unit, params: Params, owner: Owner, param = "value"): TaxId {
  const [type, value] = [text(params, "type"), text(params, "value")];
  if (type === undefined) throw missingParameter("type");
  if (value === undefined) throw missingParameter("value");
  checkForm(type, value, param);
  const { customer } = owner;
  const taxId: TaxId = {
    id: unit.world.ids.after("txi_1", 23),
    object: "tax_id",
    country: countryOf(type, value),
    created: secondOf(unit),
    customer,
    customer_account: null,
    livemode: false,
    owner,
    type: type as TaxId["type"],
    value,
    verification: customer === null ? null : firstVerification(type),
  };
  add(unit, taxIds, taxId, customer === null ? null : "customer.tax_id.created");
  askOffice(unit, taxId);
  return taxId;
}

export function retrieveOfCustomer(unit: Unit, _params: Params, customer: string, id: string): TaxId {
  mustRead(unit, customers, customer);
  const taxId = mustRead(unit, taxIds, id);
  if (taxId.customer !== customer) throw noSuch(taxIds, id, { inPath: true });
  return taxId;
}

export function deleteOfCustomer(unit: Unit, params: Params, customer: string, id: string): object {
  return takeBack(unit, retrieveOfCustomer(unit, params, customer, id));
}

export function deleteTaxId(unit: Unit, _params: Params, id: string): object {
  return takeBack(unit, mustRead(unit, taxIds, id));
}

function takeBack(unit: Unit, taxId: TaxId): object {
  erase(unit, taxIds, taxId, taxId.customer === null ? null : "customer.tax_id.deleted");
  return { id: taxId.id, object: "tax_id", deleted: true };
}

/** They go with their customer, and nobody is told. */
export function forgetAllOf(unit: Unit, { id }: { readonly id: string }): void {
  for (const taxId of among(unit, taxIds, "customer", id)) erase(unit, taxIds, taxId, null);
}
