// `customers/:id/sources` and `default_source`: how clients before PaymentMethods keep cards on a customer. The first
// one becomes the default; the default that goes leaves its place to the newest that stays.
import { noSuch } from "../../kernel/errors.ts";
import { list, wholeList } from "../../kernel/lists.ts";
import { boolean, text } from "../../kernel/params.ts";
import type { Params } from "../../kernel/resource.ts";
import { change, collectionOf, mustRead, read, type Unit } from "../../kernel/unit.ts";
import { adoptCard, type Card, cards, type DeletedCard, deleteCard, updateCard } from "../cards/index.ts";
import { adoptSource, detachSource, type Source, sentSource, sources, updateSource } from "../sources/index.ts";
import { type Customer, customers } from "./customer.ts";

export function createCustomerSource(unit: Unit, params: Params, id: string): Card | Source {
  const customer = mustRead(unit, customers, id, "customer");
  const found = sentSource(unit, params.source ?? params.card);
  const adopted = adopt(unit, found, customer.id);
  const isDefault = boolean(params, "default") === true || customer.default_source === null;
  if (isDefault) change(unit, customers, customer, { default_source: adopted.id }, "customer.updated");
  return adopted;
}

export function listCustomerSources(unit: Unit, params: Params, id: string): object {
  const customer = mustRead(unit, customers, id, "customer");
  const path = `/v1/customers/${customer.id}/sources`;
  if (text(params, "object") === "source") return list(unit, sources, params, path, { customer: customer.id });
  if (text(params, "object") === "bank_account") return wholeList([], path);
  return list(unit, cards, params, path, { customer: customer.id });
}

/** `expand[]=sources`. */
export function sourcesOf(unit: Unit, customer: string): object {
  return wholeList(sourceListOf(unit, customer), `/v1/customers/${customer}/sources`);
}

export function retrieveCustomerSource(unit: Unit, _params: Params, id: string, sourceId: string): Card | Source {
  mustRead(unit, customers, id, "customer");
  return mustBeOn(unit, id, sourceId);
}

export function updateCustomerSource(unit: Unit, params: Params, id: string, sourceId: string): Card | Source {
  mustRead(unit, customers, id, "customer");
  const source = mustBeOn(unit, id, sourceId);
  return source.object === "card" ? updateCard(unit, params, source as Card) : updateSource(unit, params, source.id);
}

export function deleteCustomerSource(unit: Unit, _params: Params, id: string, sourceId: string): DeletedCard | Source {
  const customer = mustRead(unit, customers, id, "customer");
  const deleted = drop(unit, mustBeOn(unit, id, sourceId));
  if (customer.default_source === sourceId) {
    const next = sourceListOf(unit, id)[0]?.id ?? null;
    change(unit, customers, customer, { default_source: next }, "customer.updated");
  }
  return deleted;
}

/** `source` at the creation of a customer, and at its update, where it takes the place of the default. */
export function takeSource(unit: Unit, customer: Customer, sent: unknown): string {
  const before = customer.default_source === null ? undefined : sourceOf(unit, customer.id, customer.default_source);
  const adopted = adopt(unit, sentSource(unit, sent), customer.id);
  if (before) drop(unit, before);
  return adopted.id;
}

/** The default that a parameter names has to be on the customer. */
export function checkedDefault(unit: Unit, customer: string, id: string): string {
  if (sourceOf(unit, customer, id)) return id;
  throw noSuch("source", id, { inPath: false, param: "default_source" });
}

export function sourceOf(unit: Unit, customer: string, id: string): Card | Source | undefined {
  const found = read(unit, cards, id) ?? read(unit, sources, id);
  return found?.customer === customer ? found : undefined;
}

/** All that a deleted customer leaves behind. */
export function dropSources(unit: Unit, customer: string): void {
  for (const source of sourceListOf(unit, customer)) drop(unit, source);
}

function mustBeOn(unit: Unit, customer: string, id: string): Card | Source {
  const found = sourceOf(unit, customer, id);
  if (!found) throw noSuch("source", id, { inPath: true, param: "id" });
  return found;
}

function adopt(unit: Unit, found: Card | Source, customer: string): Card | Source {
  return found.object === "card"
    ? adoptCard(unit, found as Card, customer)
    : adoptSource(unit, found as Source, customer);
}

function drop(unit: Unit, source: Card | Source): DeletedCard | Source {
  return source.object === "card" ? deleteCard(unit, source as Card) : detachSource(unit, source as Source);
}

/** Newest first. */
function sourceListOf(unit: Unit, customer: string): (Card | Source)[] {
  const found = [cards, sources].flatMap((noun) => {
    const collection = collectionOf(unit.account, noun);
    const positions = collection.indices.get("customer")?.get(customer) ?? [];
    return positions.flatMap((position) => (collection.items[position] as Card | Source | undefined) ?? []).reverse();
  });
  return found.filter((source) => source.customer === customer);
}
