// What a caller wishes of a subscription, checked once and written in one way: so that the same wish is known again.
import { problem } from "#kit/problems.ts";
import { type ChangeTime, changeTimes, quantityMax, type SubscriptionChange } from "../../../../api/index.ts";
import {
  flag,
  integer,
  oneOf,
  orAbsent,
  record,
  type Shape,
  type Shaped,
  text,
} from "../../../../kernel/contract/shape.ts";
import { canonicalJson } from "../../../../kernel/store/canonical_json.ts";
import { checkFields, checkFlag, checkKey, checkOneOf, type Fields } from "../../../input.ts";

export const changeFields: Fields<SubscriptionChange> = {
  plan: true,
  every: true,
  quantity: true,
  addOns: true,
  coupon: true,
  promotionCode: true,
  when: true,
  prorate: true,
};

const amounts: Shape<Readonly<Record<string, number>>> = {
  read: (value, place) =>
    Object.fromEntries(
      Object.entries(record({}).read(value, place) && (value as object)).map(([name, one]) => [
        name,
        integer.read(one, `${place}.${name}`),
      ]),
    ),
};

const wishShape = record({
  plan: orAbsent(text),
  every: orAbsent(text),
  quantity: orAbsent(integer),
  addOns: amounts,
  coupon: orAbsent(text),
  promotionCode: orAbsent(text),
  when: oneOf(changeTimes),
  prorate: flag,
});
export type ChangeWish = Shaped<typeof wishShape>;

export function readWish(stored: string): ChangeWish {
  return wishShape.read(JSON.parse(stored), "wish");
}

export function wishText(wish: ChangeWish): string {
  return canonicalJson(wish);
}

/** As many as a subscription may have items. https://docs.stripe.com/billing/subscriptions/multiple-products */
const addOnsMax = 20;

export function checkChange(given: SubscriptionChange): ChangeWish {
  const change = checkFields("options", given, changeFields);
  const { plan, every, quantity, coupon, promotionCode } = change;
  for (const [field, value] of Object.entries({ plan, every, coupon, promotionCode })) {
    if (value !== undefined) checkKey(field, value);
  }
  checkQuantity("quantity", quantity, 1);
  const addOns = checkAddOns(change.addOns);
  const when = checkOneOf("when", change.when, changeTimes) ?? "now";
  const prorate = checkProrate(when, checkFlag("prorate", change.prorate));
  if (coupon !== undefined && promotionCode !== undefined) {
    throw invalid("promotionCode", "is given beside a coupon: it stands for one");
  }
  const isEmpty = [plan, every, quantity, coupon, promotionCode].every((one) => one === undefined);
  if (isEmpty && Object.keys(addOns).length === 0) {
    throw invalid("plan", "is missing, and so is all else that could change", "Name a plan, a quantity or an add-on.");
  }
  return wishShape.read({ ...change, addOns, when, prorate }, "options");
}

function checkProrate(when: ChangeTime, prorate: boolean | undefined): boolean {
  if (when === "now") return prorate ?? true;
  if (prorate === true) throw invalid("prorate", "is said of a change now: nothing is left at the end of a period");
  return false;
}

function checkAddOns(addOns: SubscriptionChange["addOns"] = {}): ChangeWish["addOns"] {
  if (typeof addOns !== "object" || addOns === null || Array.isArray(addOns)) {
    throw invalid("addOns", "says how many by name", "Write { storage: 2 }; 0 takes it off.");
  }
  const named = Object.entries(addOns);
  if (named.length > addOnsMax) throw invalid("addOns", `names more than ${addOnsMax}`);
  for (const [name, quantity] of named) checkQuantity(`addOns.${name}`, quantity, 0);
  return Object.fromEntries(named.flatMap(([name, quantity]) => (quantity === undefined ? [] : [[name, quantity]])));
}

function checkQuantity(field: string, quantity: number | undefined, min: number): void {
  if (quantity === undefined) return;
  if (Number.isSafeInteger(quantity) && quantity >= min && quantity <= quantityMax) return;
  throw invalid(field, `is an integer from ${min} to ${quantityMax}`);
}

export function invalid(field: string, says: string, hint?: string) {
  return problem("invalid_params", `${field} ${says}`, { hint, details: { field } });
}
