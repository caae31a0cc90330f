// READ FIRST. A token stands for a card until it is used, once. Stripe's ready-made ones (`tok_visa`) are no stored
// objects: each use makes a fresh card. https://docs.stripe.com/api/tokens
import type Stripe from "stripe";
import { missingParameter, noSuch, refusal } from "../../kernel/errors.ts";
import { defineNoun, type Stored } from "../../kernel/noun.ts";
import { hash } from "../../kernel/params.ts";
import type { Params } from "../../kernel/resource.ts";
import { add, change, mustRead, read, type Unit } from "../../kernel/unit.ts";
import { type Card, cardFromNumber, cards, readyMadeCard } from "../cards/index.ts";
import { findTestCardBySuffix, memoryOf, paymentMethods } from "../payment_methods/index.ts";

export type Token = Stored<Stripe.Token>;

export const tokens = defineNoun<Token>({ object: "token", prefixes: ["tok"] });

export function createToken(unit: Unit, params: Params): Token {
  const card = hash(params, "card");
  if (!card) {
    const other = ["account", "bank_account", "cvc_update", "person", "pii"].find((name) => params[name] !== undefined);
    if (!other) throw missingParameter("card");
    throw refusal("tokenOfCardsOnly", { type: other }, { param: other });
  }
  return add(unit, tokens, shapeOf(unit, cardFromNumber(unit, card)), null);
}

/** A ready-made token answers as a fresh one of its own. */
export function retrieveToken(unit: Unit, _params: Params, id: string): Token {
  const stored = read(unit, tokens, id);
  if (stored) return isUsed(unit, stored) ? { ...stored, used: true } : stored;
  if (!findTestCardBySuffix(id)) return mustRead(unit, tokens, id, "token");
  return add(unit, tokens, shapeOf(unit, readyMadeCard(unit, id, "token")), null);
}

/** Uses a token up. */
export function cardOfToken(unit: Unit, id: string, param: string): Card {
  const token = read(unit, tokens, id);
  if (!token) {
    if (!id.startsWith("tok_") || !findTestCardBySuffix(id)) throw noSuch("token", id, { inPath: false, param });
    return readyMadeCard(unit, id, param);
  }
  const card = isUsed(unit, token) ? undefined : read(unit, cards, token.card?.id ?? "");
  if (!card) throw refusal("tokenUsed", { id }, { param });
  change(unit, tokens, token, { used: true }, null);
  return card;
}

/** Also by a payment method that was made of it. */
function isUsed(unit: Unit, token: Token): boolean {
  const method = read(unit, paymentMethods, token.card?.id ?? "");
  return token.used || (method !== undefined && memoryOf(method).isSpent);
}

function shapeOf(unit: Unit, card: Card): Token {
  return {
    id: `tok_1${unit.world.ids.text(23)}`,
    object: "token",
    card: card as Token["card"] & object,
    client_ip: "127.0.0.1",
    created: unit.created,
    livemode: false,
    type: "card",
    used: false,
  };
}
