// READ FIRST. A token stands for a card or a bank account until it is used, once. Stripe's ready-made ones (`tok_visa`,
// `btok_us_verified`) are not stored: each use makes a fresh card. https://docs.stripe.com/api/tokens

import type Stripe from "stripe";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, change, mustRead, read } from "../../kernel/state/writes.ts";
import { noSuch, notPlayed, refusal } from "../../kernel/words/errors.ts";
import { hash } from "../../kernel/words/params.ts";
import { type BankAccount, bankAccounts, createBankAccount, readyMadeBankAccount } from "../bank_accounts/index.ts";
import { type Card, cardFromNumber, cards, readyMadeCard } from "../cards/index.ts";
import { findTestCardBySuffix, memoryOf, methodRefusals, paymentMethods } from "../payment_methods/index.ts";
import { rows } from "./refusals.table.ts";

export type Token = Stored<Stripe.Token>;

export const tokens = defineNoun<Token>({ object: "token", prefixes: ["tok", "btok"] });

export function createToken(unit: Unit, params: Params): Token {
  const card = hash(params, "card");
  if (card) return add(unit, tokens, shapeOf(unit, cardFromNumber(unit, card)), null);
  const bank = hash(params, "bank_account");
  if (bank) return add(unit, tokens, shapeOfBank(unit, createBankAccount(unit, bank, "bank_account")), null);
  const other = ["account", "cvc_update", "person", "pii"].find((name) => params[name] !== undefined);
  if (!other) throw refusal(rows.tokenOfNothing);
  throw notPlayed(`tokens of type ${other}`, other);
}

/** A ready-made token answers as a fresh one of its own. */
export function retrieveToken(unit: Unit, _params: Params, id: string): Token {
  const stored = read(unit, tokens, id);
  if (stored) return isUsed(unit, stored) ? { ...stored, used: true } : stored;
  const bank = readyMadeBankAccount(unit, id);
  if (bank) return add(unit, tokens, shapeOfBank(unit, bank), null);
  if (!findTestCardBySuffix(id)) return mustRead(unit, tokens, id, "token");
  return add(unit, tokens, shapeOf(unit, readyMadeCard(unit, id, "token")), null);
}

/** Uses a token up. */
export function cardOfToken(unit: Unit, id: string, param: string): Card {
  const token = read(unit, tokens, id);
  if (!token) {
    if (!id.startsWith("tok_") || !findTestCardBySuffix(id))
      throw noSuch({ label: "token" }, id, { inPath: false, param });
    return readyMadeCard(unit, id, param);
  }
  const card = isUsed(unit, token) ? undefined : read(unit, cards, token.card?.id ?? "");
  if (!card) throw refusal(methodRefusals.tokenUsed, { id }, { param });
  change(unit, tokens, token, { used: true }, null);
  return card;
}

/** The same for `btok_…`. */
export function bankAccountOfToken(unit: Unit, id: string, param: string): BankAccount {
  const token = read(unit, tokens, id);
  const account = token ? read(unit, bankAccounts, token.bank_account?.id ?? "") : readyMadeBankAccount(unit, id);
  if (!account && !token) throw noSuch({ label: "token" }, id, { inPath: false, param });
  if (!account || token?.used) throw refusal(methodRefusals.tokenUsed, { id }, { param });
  if (token) change(unit, tokens, token, { used: true }, null);
  return account;
}

/** Also by a payment method that was made of it. */
function isUsed(unit: Unit, token: Token): boolean {
  const method = read(unit, paymentMethods, token.card?.id ?? "");
  return token.used || (method !== undefined && memoryOf(method).isSpent);
}

function shapeOfBank(unit: Unit, account: BankAccount): Token {
  const bank_account = account as Token["bank_account"] & object;
  return { id: unit.world.ids.after("btok_1", 23), ...freshToken(unit), bank_account, type: "bank_account" };
}

function shapeOf(unit: Unit, card: Card): Token {
  return {
    id: unit.world.ids.after("tok_1", 23),
    ...freshToken(unit),
    card: card as Token["card"] & object,
    type: "card",
  };
}

function freshToken({ created }: Unit) {
  return { object: "token", client_ip: "127.0.0.1", created, livemode: false, used: false } as const;
}
