// `previous_attributes`: what was there before, as far as it differs.

import { ownOf, setOwn } from "../words/form.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The old values of what differs: nested hashes hold only the changed keys, arrays are whole, absent is null. */
export function previousAttributes(before: object, after: object): Record<string, unknown> {
  const was = before as Fields;
  const is = after as Fields;
  const previous: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const [old, now] = [ownOf(was, key), ownOf(is, key)];
    if (differs(old, now))
      setOwn(previous, key, isHash(old) && isHash(now) ? previousAttributes(old, now) : (old ?? null));
  }
  return previous;
}

/** Whether there would be any: most changes are found by their first field. */
export function hasChanged(before: object, after: object): boolean {
  const was = before as Fields;
  const is = after as Fields;
  const isOther = (key: string): boolean => was[key] !== is[key] && differs(ownOf(was, key), ownOf(is, key));
  const isNew = (key: string): boolean => is[key] !== undefined && !Object.hasOwn(was, key);
  return Object.keys(was).some(isOther) || Object.keys(is).some(isNew);
}

function differs(was: unknown, is: unknown): boolean {
  if (was === is) return false;
  if (isHash(was) && isHash(is)) return hasChanged(was, is);
  if (!Array.isArray(was) || !Array.isArray(is)) return true;
  return was.length !== is.length || was.some((one, at) => differs(one, is[at]));
}

export function isHash(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
