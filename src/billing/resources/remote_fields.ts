// Fields of Stripe's objects, read without trust: what is not there is null or empty.
import { idOf } from "../kernel/contract/context.ts";
import type { Fields } from "../kernel/contract/reacting.ts";

/** What stands in it; nothing where it is not an object. */
export function fieldsOf(value: unknown): Fields {
  return value !== null && typeof value === "object" ? (value as Fields) : {};
}

export function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

export function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

export function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** Of objects that are named or shown. */
export function idsOf(values: unknown): readonly string[] {
  return Array.isArray(values) ? values.flatMap((value) => idOf(value) ?? []) : [];
}

/** Of a Customer, a subscription, an invoice: each names its clock. */
export function hangsOnClock(remote: Fields): boolean {
  return idOf(remote.test_clock) !== null;
}

/** The items of a list inside an object; undefined where it is not shown whole. */
export function itemsOf(list: unknown): readonly Fields[] | undefined {
  const { data, has_more } = fieldsOf(list);
  return Array.isArray(data) && has_more === false ? (data as Fields[]) : undefined;
}
