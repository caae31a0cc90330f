// Parameters as Stripe's form encoding, spelt as its Node SDK spells it: `a[b]`, `a[0]`, brackets bare, space as %20.
// The bytes are stored with the call and sent as stored, so an upgrade of the SDK never changes a repeated request.

export type FormValue = string | number | boolean | null | undefined | FormValue[] | { [name: string]: FormValue };

/** `encodeForm({ amount: 5, metadata: { a: "1" } })` is `amount=5&metadata[a]=1`. */
export function encodeForm(params: { [name: string]: FormValue }): string {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(params)) append(pairs, encodeURIComponent(name), value);
  return pairs.join("&");
}

function append(pairs: string[], name: string, value: FormValue): void {
  if (value === undefined) return;
  if (value === null) {
    pairs.push(`${name}=`);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) append(pairs, `${name}[${index}]`, item);
  } else if (typeof value === "object") {
    for (const [key, item] of Object.entries(value)) append(pairs, `${name}[${encodeURIComponent(key)}]`, item);
  } else {
    pairs.push(`${name}=${encodeURIComponent(String(value))}`);
  }
}
