// `previous_attributes`: what was there before, as far as it differs.

/** The old values of what differs: nested hashes hold only the changed keys, arrays are whole, absent is null. */
export function previousAttributes(before: object, after: object): Record<string, unknown> {
  const was = before as Record<string, unknown>;
  const is = after as Record<string, unknown>;
  const previous: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    if (was[key] === is[key]) continue;
    if (isHash(was[key]) && isHash(is[key])) {
      const inner = previousAttributes(was[key], is[key]);
      if (Object.keys(inner).length > 0) previous[key] = inner;
    } else if (JSON.stringify(was[key]) !== JSON.stringify(is[key])) {
      previous[key] = was[key] ?? null;
    }
  }
  return previous;
}

export function isHash(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
