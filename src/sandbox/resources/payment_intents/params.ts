// What a payment intent is made of, out of its parameters, with Stripe's words for what cannot be.

import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { read } from "../../kernel/state/writes.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { noSuch, refusal } from "../../kernel/words/errors.ts";
import { boolean, given, hash, integer, text, textOrNull, texts } from "../../kernel/words/params.ts";
import { shortDescriptor } from "../../kernel/words/texts.ts";
import { shippingOf } from "../charges/index.ts";
import { customers } from "../customers/index.ts";
import {
  createPaymentMethod,
  materialise,
  type PaymentMethod,
  paymentMethods,
  refuseSpent,
} from "../payment_methods/index.ts";
import type { PaymentIntent } from "./payment_intent.ts";
import { rows } from "./refusals.table.ts";

export { checkedAmount, checkedCurrency } from "../../kernel/words/amounts.ts";

export function checkedCustomer(unit: Unit, params: Params): string | undefined {
  const customer = text(params, "customer");
  if (customer && !read(unit, customers, customer)) throw noSuch(customers, customer, { inPath: false });
  return customer;
}

/** Null when methods are listed by hand; else on. */
export function automaticMethods(params: Params): PaymentIntent["automatic_payment_methods"] {
  const sent = hash(params, "automatic_payment_methods");
  const isListed = texts(params, "payment_method_types") !== undefined;
  if (!sent) {
    if (isListed) return null;
    return { allow_redirects: "always", enabled: true };
  }
  const enabled = boolean(sent, "enabled") ?? true;
  if (enabled && isListed) {
    throw refusal(common.parametersExclusive, { params: "automatic_payment_methods, payment_method_types" });
  }
  if (!enabled) return null;
  const redirects = text(sent, "allow_redirects") ?? "always";
  return { allow_redirects: redirects === "never" ? "never" : "always", enabled };
}

/** The method that the parameters name, made fresh where it has to be; undefined when they name none. */
export function sentMethod(
  unit: Unit,
  params: Params,
  customer: string | null,
  intent: IntentName = "PaymentIntent",
): PaymentMethod | undefined {
  const id = text(params, "payment_method");
  const inline = hash(params, "payment_method_data");
  if (inline) return createPaymentMethod(unit, inline, "payment_method_data");
  if (!id) return undefined;
  const method = materialise(unit, id, { inPath: false, param: "payment_method" });
  checkMethod(method, customer, intent);
  return method;
}

export function storedMethod(unit: Unit, intent: PaymentIntent): PaymentMethod | undefined {
  return intent.payment_method === null ? undefined : read(unit, paymentMethods, intent.payment_method);
}

type IntentName = "PaymentIntent" | "SetupIntent";

/**
 * Where the payer comes back to, and whether Stripe.js takes them there. Automatic payment methods may send the payer
 * away, so a server that confirms without Stripe.js has to say where to.
 */
export function wayBack(
  unit: Unit,
  params: Params,
  { intent, mayRedirect }: { intent: IntentName; mayRedirect: boolean },
) {
  const returnUrl = textOrNull(params, "return_url") ?? null;
  // An app's own scheme is as good as https.
  if (returnUrl !== null && !/^[a-z][a-z\d+.-]*:\/\/./i.test(returnUrl)) {
    throw refusal(common.urlInvalid, {}, { param: "return_url" });
  }
  const asksForSdk = boolean(params, "use_stripe_sdk");
  if (mayRedirect && returnUrl === null && !unit.isPublishable && asksForSdk !== true) {
    throw refusal(rows.intentNeedsReturnUrl, { intent });
  }
  // A browser that names its return_url and does not ask for the SDK wants to be redirected.
  return { returnUrl, usesStripeSdk: asksForSdk ?? (unit.isPublishable && returnUrl === null) };
}

/** A method of a customer pays for that customer alone. */
export function checkMethod(
  method: PaymentMethod,
  customer: string | null,
  intent: IntentName = "PaymentIntent",
): void {
  refuseSpent(method);
  if (method.customer === null || method.customer === customer) return;
  if (customer !== null) throw refusal(rows.methodOfOtherCustomer, { method: method.id, customer });
  const row = intent === "SetupIntent" ? rows.setupMethodOfSomeCustomer : rows.methodOfSomeCustomer;
  throw refusal(row, { method: method.id, customer: method.customer });
}

type SentField =
  | ("amount_details" | "description" | "hooks" | "payment_details" | "receipt_email")
  | ("setup_future_usage" | "shipping" | "transfer_group")
  | ("statement_descriptor" | "statement_descriptor_suffix");

/** Fields that create, update and confirm share. Only what was sent is in the answer. */
export function sentFields(params: Params, before?: PaymentIntent): Partial<Pick<PaymentIntent, SentField>> {
  const shipping = hash(params, "shipping");
  const hooks = hash(params, "hooks");
  return given({
    amount_details: amountDetails(params, before),
    hooks: hooks as PaymentIntent["hooks"],
    payment_details: paymentDetails(params),
    description: textOrNull(params, "description"),
    receipt_email: textOrNull(params, "receipt_email"),
    setup_future_usage: textOrNull(params, "setup_future_usage") as PaymentIntent["setup_future_usage"] | undefined,
    shipping: shipping ? shippingOf(shipping) : params.shipping === null ? null : undefined,
    statement_descriptor: shortDescriptor(params),
    statement_descriptor_suffix: textOrNull(params, "statement_descriptor_suffix"),
    transfer_group: textOrNull(params, "transfer_group"),
  });
}

/** What the amount is made of; `tip` is always there. */
function amountDetails(params: Params, before?: PaymentIntent): PaymentIntent["amount_details"] | undefined {
  const sent = hash(params, "amount_details");
  if (!sent) return undefined;
  const shipping = hash(sent, "shipping");
  const tax = hash(sent, "tax");
  return {
    ...before?.amount_details,
    ...given({
      discount_amount: integer(sent, "discount_amount"),
      shipping: shipping && { amount: null, from_postal_code: null, to_postal_code: null, ...shipping },
      tax: tax && { total_tax_amount: integer(tax, "total_tax_amount") ?? null },
    }),
    tip: before?.amount_details?.tip ?? {},
  };
}

function paymentDetails(params: Params): PaymentIntent["payment_details"] | undefined {
  const sent = hash(params, "payment_details");
  if (!sent) return undefined;
  return {
    customer_reference: text(sent, "customer_reference") ?? null,
    order_reference: text(sent, "order_reference") ?? null,
  };
}

export function captureMethod(params: Params): PaymentIntent["capture_method"] {
  const sent = text(params, "capture_method");
  return sent === "manual" || sent === "automatic" ? sent : "automatic_async";
}

export function sentTypes(
  params: Params,
  name: "allowed_payment_method_types" | "excluded_payment_method_types",
): NonNullable<PaymentIntent["excluded_payment_method_types"]> | null {
  return (texts(params, name)?.slice() ?? null) as NonNullable<PaymentIntent["excluded_payment_method_types"]> | null;
}
