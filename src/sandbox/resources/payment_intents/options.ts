// `payment_method_options`: what holds for one type of method only. An option of the type goes before the intent's own
// field. https://docs.stripe.com/api/payment_intents/create#create_payment_intent-payment_method_options

import type { Params } from "../../kernel/state/resource.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { hash, text } from "../../kernel/words/params.ts";
import { checkedReferencePrefix } from "../mandates/index.ts";
import type { PaymentIntent } from "./payment_intent.ts";
import { rows } from "./refusals.table.ts";

type Options = Readonly<Record<string, unknown>>;

/** The options of each type that the intent takes, over what they were. Where nothing changes, the same object. */
export function methodOptions(
  params: Params,
  types: readonly string[],
  before?: PaymentIntent,
): PaymentIntent["payment_method_options"] {
  const sent = hash(params, "payment_method_options");
  if (!sent && before?.payment_method_types === types) return before.payment_method_options;
  const reference_prefix = sent && checkedReferencePrefix(params);
  const shown: Record<string, Options> = {};
  for (const type of types) {
    const usual = defaults[type];
    if (!usual) continue;
    const earlier = before ? { ...usual, ...optionsOf(before, type) } : usual;
    const changed = sent && pick(hash(sent, type) ?? {}, kept[type] ?? []);
    shown[type] = changed ? without({ ...earlier, ...changed, ...prefix(type, reference_prefix) }) : earlier;
  }
  return shown as PaymentIntent["payment_method_options"];
}

/** What is shown of each type when nothing was sent. */
const defaults: Readonly<Record<string, Options>> = {
  bancontact: { preferred_language: "en" },
  card: { installments: null, mandate_options: null, network: null, request_three_d_secure: "automatic" },
  ideal: {},
  sepa_debit: {},
};

/** What is kept of what was sent; the rest changes nothing that the sandbox plays. */
const kept: Readonly<Record<string, readonly string[]>> = {
  bancontact: ["preferred_language", "setup_future_usage"],
  card: ["capture_method", "network", "request_three_d_secure", "require_cvc_recollection", "setup_future_usage"],
  ideal: ["setup_future_usage"],
  sepa_debit: ["setup_future_usage"],
};

function pick(sent: Options, names: readonly string[]): Options {
  return Object.fromEntries(names.filter((name) => sent[name] !== undefined).map((name) => [name, sent[name]]));
}

/** An option that was unset is gone; a field that is always shown stays, empty. */
function without(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => value !== null || alwaysShown.has(name)));
}

const alwaysShown: ReadonlySet<string> = new Set(Object.values(defaults).flatMap(Object.keys));

function prefix(type: string, reference_prefix: string | undefined): Options {
  return type === "sepa_debit" && reference_prefix ? { mandate_options: { reference_prefix } } : {};
}

function optionsOf(intent: PaymentIntent, type: string): Options {
  return ((intent.payment_method_options ?? {}) as Readonly<Record<string, Options>>)[type] ?? {};
}

/** Whether the money is held first, when a method of this type pays. */
export function isHeldFirst(intent: PaymentIntent, type: string): boolean {
  return (text(optionsOf(intent, type), "capture_method") ?? intent.capture_method) === "manual";
}

/** What a method of this type is saved for; null when it is not. */
export function futureUsage(intent: PaymentIntent, type: string): "off_session" | "on_session" | null {
  const usage = text(optionsOf(intent, type), "setup_future_usage") ?? intent.setup_future_usage;
  return usage === "off_session" || usage === "on_session" ? usage : null;
}

/** A card's statement begins with the account's name: the whole descriptor is for other methods. */
export function refuseDescriptor(descriptor: string | null | undefined, types: readonly string[]): void {
  if (descriptor && types.includes("card")) throw refusal(rows.descriptorOfCard);
}
