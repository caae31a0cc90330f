// Cards are born with their payment method, under one id, and stay alike.

import { emit } from "../../kernel/state/emit.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, change, erase, mustRead, read } from "../../kernel/state/writes.ts";
import { noSuch } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { given, integer, text, textOrNull } from "../../kernel/words/params.ts";
import {
  addressOf,
  attach,
  createPaymentMethod,
  detach,
  findTestCardBySuffix,
  looked,
  type PaymentMethod,
  paymentMethods,
  readyMadeMethod,
} from "../payment_methods/index.ts";
import { type Card, cards, type DeletedCard, viewOf } from "./card.ts";

/** From a number with its expiry date: `source[number]`, `card[number]`. */
export function cardFromNumber(unit: Unit, sent: Params): Card {
  return reborn(unit, methodFromNumber(unit, sent), walletOf(sent));
}

/** A wallet's number is not the card's, which it names by its last digits. */
function walletOf(sent: Params) {
  const tokenization_method = text(sent, "tokenization_method") ?? null;
  const dynamic_last4 = tokenization_method && String(sent.number ?? "").slice(-4);
  return { ...given({ last4: text(sent, "last4") }), dynamic_last4, tokenization_method };
}

/** From a token that everybody has: `tok_visa`. */
export function readyMadeCard(unit: Unit, token: string, param: string): Card {
  const card = token.startsWith("tok_") ? findTestCardBySuffix(token) : undefined;
  if (!card) throw noSuch({ label: "token" }, token, { inPath: false, param });
  return reborn(unit, readyMadeMethod(unit, card), {});
}

export function methodFromNumber(unit: Unit, sent: Params): PaymentMethod {
  const address = addressFields(sent);
  const details = {
    ...(text(sent, "name") ? { name: text(sent, "name") } : {}),
    ...(address ? { address } : {}),
  };
  const card = {
    number: sent.number,
    exp_month: sent.exp_month ?? undefined,
    exp_year: sent.exp_year ?? undefined,
    cvc: sent.cvc,
  };
  return createPaymentMethod(unit, { type: "card", card, billing_details: details });
}

/** The method under the id of the older kind; the fresh one that it was made as leaves no trace. */
export function renamed(unit: Unit, method: PaymentMethod, prefix: string): PaymentMethod {
  erase(unit, paymentMethods, method, null);
  return add(unit, paymentMethods, { ...method, id: unit.world.ids.after(`${prefix}_1`, 23) }, null);
}

function reborn(unit: Unit, method: PaymentMethod, kept: Parameters<typeof viewOf>[1]): Card {
  return add(unit, cards, viewOf(renamed(unit, method, "card"), kept), null);
}

/** The bank looks at the card, and a card that it declines stays away. */
export function adoptCard(unit: Unit, card: Card, params: Params): Card {
  const method = attach(unit, params, card.id);
  const adopted = change(unit, cards, card, { ...viewOf(method, card), status: undefined }, null);
  emit(unit, "customer.source.created", adopted);
  return adopted;
}

export function updateCard(unit: Unit, params: Params, card: Card): Card {
  const method = mustRead(unit, paymentMethods, card.id);
  const address = addressFields(params);
  const name = textOrNull(params, "name");
  const details = method.billing_details;
  const changed = change(
    unit,
    paymentMethods,
    method,
    {
      billing_details: {
        ...details,
        address: address ? addressOf(address, details.address) : details.address,
        name: name === undefined ? details.name : name,
      },
      card: method.card && {
        ...method.card,
        exp_month: numberOf(params, "exp_month") ?? method.card.exp_month,
        exp_year: numberOf(params, "exp_year") ?? method.card.exp_year,
      },
    },
    null,
  );
  const metadata = { ...mergeMetadata(card.metadata ?? {}, params.metadata) };
  const view = { ...viewOf(changed, { ...card, metadata }), status: undefined };
  return change(unit, cards, card, view, "customer.source.updated");
}

/** A bank has been asked to pay with it, so it knows the checks. */
export function lookedAt(unit: Unit, card: Card): Card {
  const method = looked(unit, mustRead(unit, paymentMethods, card.id));
  return change(unit, cards, card, { ...viewOf(method, card), status: undefined }, null);
}

export function deleteCard(unit: Unit, card: Card): DeletedCard {
  const method = read(unit, paymentMethods, card.id);
  erase(unit, cards, card, "customer.source.deleted");
  if (method?.customer) detach(unit, {}, method.id);
  return { id: card.id, object: "card", deleted: true };
}

/** The declarations call these texts; clients send digits. */
function numberOf(params: Params, name: string): number | undefined {
  const value = integer(params, name) ?? text(params, name);
  return value === undefined ? undefined : Number(value);
}

function addressFields(sent: Params): Params | undefined {
  const fields = {
    city: sent.address_city,
    country: sent.address_country,
    line1: sent.address_line1,
    line2: sent.address_line2,
    postal_code: sent.address_zip,
    state: sent.address_state,
  };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
