// What a caller asks of a start, checked and whole: what was left out is said by its default. It is kept word for word,
// so that the same start given again is known as that, whatever the catalog and the customer's default are by then.
import { dayMs, minuteMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import {
  addOnsMax,
  collections,
  daysUntilDueMax,
  methodIdPattern,
  quantityMax,
  type StartAddOn,
  type StartSubscription,
  type StartTaxes,
  type StartTrial,
  taxRatesMax,
  trialDaysMax,
  trialEndings,
  validForMsMax,
  validForMsMin,
} from "../../../api/index.ts";
import {
  flag,
  integer,
  listOf,
  oneOf,
  orNull,
  record,
  type Shaped,
  text,
  texts,
} from "../../../kernel/contract/shape.ts";
import { namespaceDefault } from "../../catalog/index.ts";
import {
  checkAttempt,
  checkFields,
  checkFlag,
  checkId,
  checkKey,
  checkMetadata,
  checkOneOf,
  checkText,
  checkUrl,
  type Fields,
} from "../../input.ts";

/** Who pays now is there to be asked again; who is away has agreed to be charged today, not some day. */
const validForMs = { onSession: 15 * minuteMs, offSession: dayMs } as const;
const taxings = ["stripe", "rates", "none"] as const;

export const wishShape = record({
  customerId: text,
  namespace: text,
  plan: text,
  every: text,
  currency: orNull(text),
  quantity: integer,
  addOns: listOf(record({ name: text, quantity: integer, every: orNull(text) })),
  trial: orNull(record({ days: orNull(integer), withoutMethod: oneOf(trialEndings) })),
  coupon: orNull(text),
  promotionCode: orNull(text),
  method: orNull(text),
  offSession: flag,
  collection: oneOf(collections),
  daysUntilDue: orNull(integer),
  taxes: record({ by: oneOf(taxings), rates: listOf(text) }),
  metadata: texts,
  validForMs: integer,
});
export type StartWish = Shaped<typeof wishShape>;

const fields: Fields<StartSubscription> = {
  id: true,
  customerId: true,
  plan: true,
  every: true,
  currency: true,
  quantity: true,
  addOns: true,
  trial: true,
  coupon: true,
  promotionCode: true,
  method: true,
  offSession: true,
  collection: true,
  daysUntilDue: true,
  taxes: true,
  metadata: true,
  namespace: true,
  validForMs: true,
  returnUrl: true,
  attempt: true,
};

export interface StartAsked {
  readonly id: string;
  readonly attempt: number | undefined;
  readonly wish: StartWish;
  /** Of the page that is handed out with this answer, and not of the start. */
  readonly returnUrl: string | undefined;
}

export function checkStart(given: StartSubscription): StartAsked {
  const input = checkFields("input", given, fields);
  const offSession = checkFlag("offSession", input.offSession) ?? false;
  const wish: StartWish = {
    customerId: checkId("customerId", input.customerId),
    namespace: input.namespace === undefined ? namespaceDefault : checkKey("namespace", input.namespace),
    plan: checkKey("plan", input.plan),
    every: checkKey("every", input.every),
    currency: checkText("currency", input.currency)?.toLowerCase() ?? null,
    quantity: checkCount("quantity", input.quantity, quantityMax) ?? 1,
    addOns: checkAddOns(input.addOns),
    trial: checkTrial(input.trial),
    ...checkDiscount(input),
    method: checkMethod(input.method),
    offSession,
    ...checkCollection(input),
    taxes: checkTaxes(input.taxes),
    metadata: checkMetadata(input.metadata),
    validForMs: checkValidity(input.validForMs) ?? validForMs[offSession ? "offSession" : "onSession"],
  };
  const returnUrl = checkUrl("returnUrl", input.returnUrl);
  return { id: checkId("id", input.id), attempt: checkAttempt(input.attempt), wish, returnUrl };
}

function invalid(field: string, message: string, hint?: string) {
  return problem("invalid_params", message, { hint, details: { field } });
}

function checkCount(field: string, count: number | undefined, max: number): number | null {
  if (count === undefined) return null;
  if (Number.isSafeInteger(count) && count >= 1 && count <= max) return count;
  throw invalid(field, `${field} is an integer from 1 to ${max}`);
}

const addOnFields: Fields<StartAddOn> = { name: true, quantity: true, every: true };

function checkAddOns(given: readonly StartAddOn[] | undefined): StartWish["addOns"] {
  if (given === undefined) return [];
  if (!Array.isArray(given) || given.length === 0 || given.length > addOnsMax) {
    throw invalid("addOns", `addOns is a list of 1 to ${addOnsMax}`, "Without any, leave it out.");
  }
  const names = new Set<string>();
  return given.map((one: StartAddOn, at) => {
    const place = `addOns[${at}]`;
    const { name, quantity, every } = checkFields(place, one, addOnFields);
    if (names.has(name)) throw invalid(`${place}.name`, `${name} is there twice`, "Say how many by its quantity.");
    names.add(checkKey(`${place}.name`, name));
    return {
      name,
      quantity: checkCount(`${place}.quantity`, quantity, quantityMax) ?? 1,
      every: checkText(`${place}.every`, every),
    };
  });
}

const trialFields: Fields<StartTrial> = { days: true, withoutMethod: true };

function checkTrial(given: boolean | StartTrial | undefined): StartWish["trial"] {
  if (given === undefined || given === false) return null;
  const { days, withoutMethod } = given === true ? {} : checkFields<StartTrial>("trial", given, trialFields);
  return {
    days: checkCount("trial.days", days, trialDaysMax),
    withoutMethod: checkOneOf("trial.withoutMethod", withoutMethod, trialEndings) ?? "create_invoice",
  };
}

function checkDiscount({ coupon, promotionCode }: StartSubscription): Pick<StartWish, "coupon" | "promotionCode"> {
  if (coupon !== undefined && promotionCode !== undefined) {
    throw invalid("promotionCode", "A start takes a coupon or a promotion code", "Give the one that is worth more.");
  }
  return { coupon: checkText("coupon", coupon), promotionCode: checkText("promotionCode", promotionCode) };
}

function checkMethod(method: string | undefined): string | null {
  if (method === undefined) return null;
  if (typeof method === "string" && methodIdPattern.test(method)) return method;
  throw invalid(
    "method",
    "method is Stripe's id of a method, such as pm_1TqK2mFzYw8rJd5v",
    "`methods.list()` shows them.",
  );
}

function checkCollection({
  collection: given,
  daysUntilDue: days,
  method,
}: StartSubscription): Pick<StartWish, "collection" | "daysUntilDue"> {
  const collection = checkOneOf("collection", given, collections) ?? "charge_automatically";
  const daysUntilDue = checkCount("daysUntilDue", days, daysUntilDueMax);
  if (collection === "charge_automatically") {
    if (daysUntilDue === null) return { collection, daysUntilDue };
    throw invalid(
      "daysUntilDue",
      "daysUntilDue is of invoices that are sent",
      'Give `collection: "send_invoice"` with it.',
    );
  }
  if (daysUntilDue === null) throw invalid("daysUntilDue", "daysUntilDue is missing: when is a sent invoice due?");
  if (method !== undefined) throw invalid("method", "Who is sent invoices is not charged", "Leave the method out.");
  return { collection, daysUntilDue };
}

function checkTaxes(given: StartTaxes | undefined): StartWish["taxes"] {
  if (typeof given !== "object") return { by: checkOneOf("taxes", given, ["stripe", "none"]) ?? "none", rates: [] };
  const { rates } = checkFields("taxes", given, { rates: true });
  if (!Array.isArray(rates) || rates.length === 0 || rates.length > taxRatesMax) {
    throw invalid("taxes.rates", `taxes.rates is a list of 1 to ${taxRatesMax} ids, such as txr_1TqK2mFz`);
  }
  return { by: "rates", rates: rates.map((rate: string, at) => checkKey(`taxes.rates[${at}]`, rate)) };
}

function checkValidity(given: number | undefined): number | undefined {
  if (given === undefined || (Number.isSafeInteger(given) && given >= validForMsMin && given <= validForMsMax))
    return given;
  throw invalid("validForMs", `validForMs is an integer of milliseconds, ${validForMsMin} to ${validForMsMax}`);
}
