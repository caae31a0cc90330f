// The discount of a customer: under versions before basil a call redeems a coupon or a code for it.
// https://docs.stripe.com/billing/subscriptions/coupons
import { hidden } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { answered } from "../../kernel/state/tried.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { change, mustRead, read } from "../../kernel/state/writes.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { text } from "../../kernel/words/params.ts";
import { type Discount, deletedDiscount, discounts, endDiscount, redeem } from "../discounts/index.ts";
import type { Buyer } from "../promotion_codes/index.ts";
import { type Customer, customers } from "./customer.ts";
import { rows } from "./refusals.table.ts";

/** Undefined: no coupon and no code was sent. */
export function redeemed(unit: Unit, params: Params, customer: Customer): string | undefined {
  const [coupon, promotionCode] = [text(params, "coupon"), text(params, "promotion_code")];
  if (coupon !== undefined && promotionCode !== undefined) throw refusal(rows.couponAndCode);
  if (coupon === undefined && promotionCode === undefined) return undefined;
  return answered(
    redeem(unit, { buyer: buyerOf(customer), coupon, promotionCode, instead: discountOf(unit, customer) }),
  ).discount.id;
}

/** What codes ask of them. */
export function buyerOf({ id, [hidden]: kept }: Customer): Buyer {
  return { customer: id, isNew: kept?.hasTransacted !== true };
}

/** The same of one that may have a discount; an empty text takes it away. */
export function changedDiscount(unit: Unit, params: Params, before: Customer): string | null | undefined {
  if (params.coupon !== null && params.promotion_code !== null) return redeemed(unit, params, before);
  const discount = discountOf(unit, before);
  if (discount) endDiscount(unit, discount);
  return null;
}

export function retrieveDiscount(unit: Unit, _params: Params, id: string): Discount {
  const discount = discountOf(unit, mustRead(unit, customers, id, "customer"));
  if (!discount) throw refusal(rows.discountMissing, { customer: id });
  return discount;
}

/** As the version of the caller has it, and that it is deleted. */
export function deleteDiscount(unit: Unit, params: Params, id: string): object {
  const discount = retrieveDiscount(unit, params, id);
  letGo(unit, mustRead(unit, customers, id), discount);
  return deletedDiscount(unit, discount);
}

/** Its months are over. */
export function letGoOf(unit: Unit, discount: Discount): void {
  const customer = discount.customer === null ? undefined : read(unit, customers, discount.customer);
  if (customer?.discount === discount.id) letGo(unit, customer, discount);
}

function letGo(unit: Unit, customer: Customer, discount: Discount): void {
  change(unit, customers, customer, { discount: null }, null);
  endDiscount(unit, discount);
}

function discountOf(unit: Unit, { discount }: Customer): Discount | undefined {
  return discount === null ? undefined : read(unit, discounts, discount);
}

/** A payment was begun for it: codes for a first time are for it no more. */
export function rememberTransaction(unit: Unit, id: string): void {
  const customer = read(unit, customers, id);
  if (!customer || customer[hidden]?.hasTransacted === true) return;
  change(unit, customers, customer, { [hidden]: { ...customer[hidden], hasTransacted: true } }, null);
}
