// `payment_method_options`: what holds for one type of method only. An option of the type goes before the intent's own
// field. https://docs.stripe.com/api/payment_intents/create#create_payment_intent-payment_method_options

import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { boolean, hash, text } from "../../kernel/words/params.ts";
import { refuseLonger } from "../../kernel/words/texts.ts";
import type { Offer } from "../charges/index.ts";
import { checkedReferencePrefix } from "../mandates/index.ts";
import { intentDefaults } from "./defaults.table.ts";
import type { PaymentIntent } from "./payment_intent.ts";
import { rows } from "./refusals.table.ts";

type Options = Readonly<Record<string, unknown>>;

/** What is shown of each type when nothing was sent; a type that is not here shows nothing. */
export type UsualOptions = Readonly<Record<string, Options>>;

/** Those of payments. */
const usualOptions: UsualOptions = {
  acss_debit: { verification_method: "automatic" },
  afterpay_clearpay: { reference: null },
  alipay: {},
  bancontact: { preferred_language: "en" },
  card: { installments: null, mandate_options: null, network: null, request_three_d_secure: "automatic" },
  ideal: {},
  klarna: { preferred_locale: null },
  link: { persistent_token: null },
  sepa_debit: {},
  us_bank_account: { verification_method: "automatic" },
  wechat_pay: { app_id: null, client: null },
};

interface Before {
  readonly payment_method_options: object | null;
  readonly payment_method_types: readonly string[];
}

interface Telling {
  readonly before?: Before;
  readonly usual?: UsualOptions;
}

/** The options of each type that the intent takes, over what they were. Where nothing changes, the same object. */
export function methodOptions(params: Params, types: readonly string[], telling: Telling = {}): object | null {
  const shown = shownOptions(params, types, telling);
  refuseTypedIn(params, shown);
  return shown;
}

/** An account that is to be verified at once is not typed in, but picked at its bank. */
function refuseTypedIn(params: Params, options: object | null): void {
  const { type } = hash(params, "payment_method_data") ?? {};
  const isInstant = ofType(options, "us_bank_account").verification_method === "instant";
  if (type === "us_bank_account" && isInstant) throw refusal(rows.accountTypedIn);
}

function shownOptions(
  params: Params,
  types: readonly string[],
  { before, usual = usualOptions }: Telling,
): object | null {
  const sent = hash(params, "payment_method_options");
  if (!sent && before?.payment_method_types === types) return before.payment_method_options;
  const reference_prefix = sent && checkedReferencePrefix(params);
  const shown: Record<string, Options> = {};
  for (const type of types) {
    const empty = usual[type];
    if (!empty) continue;
    const earlier = before ? { ...empty, ...ofType(before.payment_method_options, type) } : empty;
    const told = sent && shownOf(type, hash(sent, type) ?? {});
    const changed = told && { ...earlier, ...told, ...prefix(type, reference_prefix) };
    shown[type] = changed ? without(changed, Object.keys(empty)) : earlier;
  }
  return shown;
}

/** What only the bank hears of. */
const untold: ReadonlySet<string> = new Set([
  "cvc_token",
  "mit_exemption",
  "moto",
  "network_token",
  "stored_credential_transaction_type",
  "three_d_secure",
]);

const suffixLengths = Object.entries(intentDefaults.suffixLengths.value);

const optionsOf = (type: string) => `payment_method_options[${type}]`;

/** All else is shown as it was sent, with every field of what has several. */
function shownOf(type: string, sent: Options): Options {
  for (const [name, limit] of suffixLengths) refuseLonger(text(sent, name) ?? "", limit, `${optionsOf(type)}[${name}]`);
  const shown = Object.fromEntries(Object.entries(sent).filter(([name]) => !untold.has(name)));
  const mandate = hash(sent, "mandate_options");
  const installments = hash(sent, "installments");
  return {
    ...shown,
    ...(mandate ? { mandate_options: { ...emptyMandates[type], ...mandate } } : {}),
    ...(installments ? { installments: installmentsOf(installments) } : {}),
  };
}

const emptyMandates: Readonly<Record<string, Options>> = {
  acss_debit: { interval_description: null, payment_schedule: null, transaction_type: null },
  card: { description: null, end_date: null, interval_count: null, supported_types: null },
};

function installmentsOf(sent: Params) {
  return { available_plans: [], enabled: boolean(sent, "enabled") ?? true, plan: hash(sent, "plan") ?? null };
}

/** An option that was unset is gone; a field that is always shown stays, empty. */
function without(options: Options, alwaysShown: readonly string[]): Options {
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => value !== null || alwaysShown.includes(name)),
  );
}

function prefix(type: string, reference_prefix: string | undefined): Options {
  return type === "sepa_debit" && reference_prefix ? { mandate_options: { reference_prefix } } : {};
}

function ofType(options: object | null, type: string): Options {
  return ((options ?? {}) as Readonly<Record<string, Options>>)[type] ?? {};
}

/** Whether the money is held first, when a method of this type pays. */
export function isHeldFirst(intent: PaymentIntent, type: string): boolean {
  return (text(ofType(intent.payment_method_options, type), "capture_method") ?? intent.capture_method) === "manual";
}

/** What a card that is held is to offer, if it does. */
export function askedOf(intent: PaymentIntent): Offer[] {
  const options = ofType(intent.payment_method_options, "card");
  const all: readonly Offer[] = ["multicapture", "incremental_authorization"];
  return all.filter((offer) => options[`request_${offer}`] === "if_available");
}

/** What a method of this type is saved for; null when it is not. */
export function futureUsage(intent: PaymentIntent, type: string): "off_session" | "on_session" | null {
  const usage = text(ofType(intent.payment_method_options, type), "setup_future_usage") ?? intent.setup_future_usage;
  return usage === "off_session" || usage === "on_session" ? usage : null;
}

const suffixOnlySince = intentDefaults.suffixOnlySince.value;

/** A card's statement begins with the account's name: the whole descriptor is for other methods. */
export function refuseDescriptor(
  { version }: Unit,
  descriptor: string | null | undefined,
  types: readonly string[],
): void {
  if (descriptor && version >= suffixOnlySince && types.includes("card")) throw refusal(rows.descriptorOfCard);
}
