// `customers/:id/sources` and `default_source`: how clients before PaymentMethods keep cards and bank accounts on a
// customer. The first one becomes the default; the default that goes leaves its place to the newest that stays.

import { list, listAmong } from "../../kernel/answer/lists.ts";
import type { Noun } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { among, bornAt, change, mustRead, read } from "../../kernel/state/writes.ts";
import { missingParameter, noSuch } from "../../kernel/words/errors.ts";
import { boolean, text } from "../../kernel/words/params.ts";
import {
  adoptBankAccount,
  type BankAccount,
  bankAccounts,
  type DeletedBankAccount,
  deleteBankAccount,
  updateBankAccount,
  verifyBankAccount,
} from "../bank_accounts/index.ts";
import { adoptCard, type Card, cards, type DeletedCard, deleteCard, updateCard } from "../cards/index.ts";
import type { PaymentMethod } from "../payment_methods/index.ts";
import {
  type AnySource,
  adoptSource,
  detachSource,
  type Source,
  sentSource,
  sources,
  updateSource,
} from "../sources/index.ts";
import { type Customer, customers } from "./customer.ts";

type DeletedSource = DeletedBankAccount | DeletedCard | Source;

export function createCustomerSource(unit: Unit, params: Params, id: string): AnySource {
  const customer = mustRead(unit, customers, id, "customer");
  const adopted = adopt(unit, params, customer.id);
  const isDefault = boolean(params, "default") === true || customer.default_source === null;
  if (isDefault) change(unit, customers, customer, { default_source: adopted.id }, "customer.updated");
  return adopted;
}

export function listCustomerSources(unit: Unit, params: Params, id: string): object {
  const customer = mustRead(unit, customers, id, "customer");
  const path = `/v1/customers/${customer.id}/sources`;
  const kind = text(params, "object");
  const noun = kinds.find(({ object }) => object === kind);
  if (noun) return list(unit, noun as Noun, params, { url: path, filters: { customer: customer.id } });
  return listAmong(sourcesOf(unit, customer.id), params, { url: path, noun: { label: "source" } });
}

export function retrieveCustomerSource(unit: Unit, _params: Params, id: string, sourceId: string): AnySource {
  mustRead(unit, customers, id, "customer");
  return mustBeOn(unit, id, sourceId);
}

export function updateCustomerSource(unit: Unit, params: Params, id: string, sourceId: string): AnySource {
  mustRead(unit, customers, id, "customer");
  const source = mustBeOn(unit, id, sourceId);
  if (source.object === "card") return updateCard(unit, params, source as Card);
  if (source.object === "bank_account") return updateBankAccount(unit, params, source as BankAccount);
  return updateSource(unit, params, source.id);
}

export function verifyCustomerSource(unit: Unit, params: Params, id: string, sourceId: string): BankAccount {
  mustRead(unit, customers, id, "customer");
  const account = read(unit, bankAccounts, sourceId);
  if (account?.customer !== id) throw noSuch(bankAccounts, sourceId, { inPath: true, param: "id" });
  return verifyBankAccount(unit, params, account);
}

export function deleteCustomerSource(unit: Unit, _params: Params, id: string, sourceId: string): DeletedSource {
  const customer = mustRead(unit, customers, id, "customer");
  return takeAway(unit, customer, mustBeOn(unit, id, sourceId));
}

/** A method that is detached under its newer name leaves its customer under the older one too. */
export function forgetDetached(unit: Unit, method: PaymentMethod): void {
  const customer = method.customer === null ? undefined : read(unit, customers, method.customer);
  const source = customer && sourceOf(unit, customer.id, method.id);
  if (source) takeAway(unit, customer, source);
}

function takeAway(unit: Unit, customer: Customer, source: AnySource): DeletedSource {
  const deleted = drop(unit, source);
  if (customer.default_source === source.id) {
    const next = sourcesOf(unit, customer.id)[0]?.id ?? null;
    change(unit, customers, customer, { default_source: next }, "customer.updated");
  }
  return deleted;
}

/** `source` at the creation of a customer, and at its update, where it takes the place of the default. */
export function takeSource(unit: Unit, customer: Customer, params: Params): string {
  const before = customer.default_source === null ? undefined : sourceOf(unit, customer.id, customer.default_source);
  const adopted = adopt(unit, params, customer.id);
  if (before) drop(unit, before);
  return adopted.id;
}

/** The default that a parameter names has to be on the customer. */
export function checkedDefault(unit: Unit, customer: string, id: string): string {
  if (sourceOf(unit, customer, id)) return id;
  throw noSuch({ label: "source" }, id, { inPath: false, param: "default_source" });
}

export function sourceOf(unit: Unit, customer: string, id: string): AnySource | undefined {
  const found = read(unit, cards, id) ?? read(unit, sources, id) ?? read(unit, bankAccounts, id);
  return found?.customer === customer ? found : undefined;
}

/** All that a deleted customer leaves behind. */
export function dropSources(unit: Unit, customer: string): void {
  for (const source of sourcesOf(unit, customer)) drop(unit, source);
}

function mustBeOn(unit: Unit, customer: string, id: string): AnySource {
  const found = sourceOf(unit, customer, id);
  if (!found) throw noSuch({ label: "source" }, id, { inPath: true, param: "id" });
  return found;
}

function adopt(unit: Unit, params: Params, customer: string): AnySource {
  const sent = params.source ?? params.card ?? params.bank_account;
  if (sent === undefined || sent === null) throw missingParameter("source");
  const found = sentSource(unit, sent);
  if (found.object === "card") return adoptCard(unit, found as Card, { ...params, customer });
  if (found.object === "bank_account") return adoptBankAccount(unit, found as BankAccount, customer);
  return adoptSource(unit, found as Source, customer);
}

function drop(unit: Unit, source: AnySource): DeletedSource {
  if (source.object === "card") return deleteCard(unit, source as Card);
  if (source.object === "bank_account") return deleteBankAccount(unit, source as BankAccount);
  return detachSource(unit, source as Source);
}

const kinds = [cards, bankAccounts, sources] as const;

/** Newest first, of all kinds. */
export function sourcesOf(unit: Unit, customer: string): AnySource[] {
  const found: { source: AnySource; at: number }[] = [];
  const find = <O extends Card | BankAccount | Source>(noun: Noun<O>): void => {
    const ofKind = among(unit, noun, "customer", customer);
    for (const source of ofKind.reverse()) found.push({ source, at: bornAt(unit, noun, source.id) });
  };
  find(cards);
  find(bankAccounts);
  find(sources);
  return found.sort((a, b) => b.at - a.at).map(({ source }) => source);
}
