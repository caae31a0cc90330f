// Fields whose names others choose: `constructor` and `__proto__` are names like any other, and what every object of
// JavaScript inherits is not among them.

export function ownOf<T>(fields: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** Setting `__proto__` would change the object instead of filling it. */
export function setOwn<T>(fields: { [name: string]: T }, name: string, value: T): void {
  if (name !== "__proto__") fields[name] = value;
  else Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
}
