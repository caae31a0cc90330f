// READ FIRST. A confirmation token is what a page has collected, for the server to confirm with: the payment method and
// what belongs to it. It is good for one confirmation and for twelve hours.
// https://docs.stripe.com/api/confirmation_tokens

import type Stripe from "stripe";
import { defineNoun, hidden, type Stored } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, change, mustReadParam } from "../../kernel/state/writes.ts";
import { missingParameter, refusal } from "../../kernel/words/errors.ts";
import { hash, text } from "../../kernel/words/params.ts";
import { checkConsent } from "../mandates/index.ts";
import { addressOf, createPaymentMethod, materialise, type PaymentMethod } from "../payment_methods/index.ts";
import { confirmationTokenDefaults } from "./defaults.table.ts";
import { rows } from "./refusals.table.ts";

export type ConfirmationToken = Stored<Stripe.ConfirmationToken>;

export const confirmationTokens = defineNoun<ConfirmationToken>({
  object: "confirmation_token",
  prefixes: ["ctoken"],
  label: "confirmationtoken",
});

/** What the sandbox remembers about a token. */
interface Memory {
  readonly method: string;
  /** What a confirmation takes from it. */
  readonly params: Params;
}

const lifeSeconds = confirmationTokenDefaults.lifeSeconds.value;

export function createConfirmationToken(unit: Unit, params: Params): ConfirmationToken {
  const method = methodOf(unit, params);
  const shipping = hash(params, "shipping");
  const consent =
    checkConsent(unit, params) ?? (unit.isPublishable && method.type !== "card" ? seenConsent(unit) : null);
  const mandate_data = consent ? { customer_acceptance: consent } : undefined;
  const memory: Memory = { method: method.id, params: { ...kept(params), ...(mandate_data ? { mandate_data } : {}) } };
  const token: ConfirmationToken = {
    id: unit.world.ids.after("ctoken_1", 23),
    object: "confirmation_token",
    created: unit.created,
    expires_at: unit.created + lifeSeconds,
    livemode: false,
    ...(consent ? { mandate_data: mandateData(consent) } : {}),
    metadata: null,
    payment_intent: null,
    payment_method_options: null,
    payment_method_preview: previewOf(method),
    return_url: text(params, "return_url") ?? null,
    setup_future_usage: (text(params, "setup_future_usage") ?? null) as ConfirmationToken["setup_future_usage"],
    setup_intent: null,
    shipping: shipping
      ? {
          address: addressOf(hash(shipping, "address") ?? {}),
          name: text(shipping, "name") ?? "",
          phone: text(shipping, "phone") ?? null,
        }
      : null,
    use_stripe_sdk: true,
    [hidden]: { ...memory },
  };
  return add(unit, confirmationTokens, token, null);
}

/** The parameters of a confirmation with those of its token under them. The token is used up. */
export function withConfirmationToken(
  unit: Unit,
  params: Params,
  intent: { payment_intent: string } | { setup_intent: string },
): Params {
  const id = text(params, "confirmation_token");
  if (!id) return params;
  const token = mustReadParam(unit, confirmationTokens, id, "confirmation_token");
  const usedBy = token.payment_intent ?? token.setup_intent;
  if (usedBy) throw refusal(rows.confirmationTokenUsed, { id, intent: usedBy });
  if ((token.expires_at ?? 0) <= unit.created) throw refusal(rows.confirmationTokenExpired, { id });
  const memory = token[hidden] as unknown as Memory; // Written by createConfirmationToken only.
  change(unit, confirmationTokens, token, { ...intent, expires_at: null }, null);
  return { ...memory.params, payment_method: memory.method, use_stripe_sdk: token.use_stripe_sdk, ...params };
}

/** Stripe.js shows the mandate's text and tells that the payer went on. */
function seenConsent(unit: Unit): Params | undefined {
  return checkConsent(unit, { mandate_data: { customer_acceptance: { type: "online" } } });
}

function methodOf(unit: Unit, params: Params): PaymentMethod {
  const inline = hash(params, "payment_method_data");
  if (inline) return createPaymentMethod(unit, inline, "payment_method_data");
  const id = text(params, "payment_method");
  if (!id) throw missingParameter("payment_method");
  return materialise(unit, id, { inPath: false, param: "payment_method" });
}

const keptNames = ["payment_method_options", "return_url", "setup_future_usage", "shipping"];

function kept(params: Params): Params {
  return Object.fromEntries(keptNames.filter((name) => params[name] !== undefined).map((name) => [name, params[name]]));
}

function mandateData(consent: Params): NonNullable<ConfirmationToken["mandate_data"]> {
  const online = hash(consent, "online");
  const customer_acceptance = {
    online: online
      ? { ip_address: text(online, "ip_address") ?? null, user_agent: text(online, "user_agent") ?? null }
      : null,
    type: text(consent, "type") ?? "online",
  };
  return { customer_acceptance };
}

/** The method without what makes it an object of its own. */
function previewOf(method: PaymentMethod): ConfirmationToken["payment_method_preview"] {
  const { id: _id, object: _object, created: _created, livemode: _live, metadata: _metadata, ...shown } = method;
  const { radar_options: _radar, shared_payment_granted_token: _granted, ...preview } = shown;
  return { ...preview, [hidden]: undefined } as unknown as ConfirmationToken["payment_method_preview"];
}
