// Typed reading of checked parameters. The schema has refused what is wrong; here a value has the type it should have.
/** Checked parameters: booleans and integers are what they say, an empty text that unsets is null. */
export type Params = Readonly<Record<string, unknown>>;

export function text(params: Params, name: string): string | undefined {
  const value = params[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function integer(params: Params, name: string): number | undefined {
  const value = params[name];
  return typeof value === "number" ? value : undefined;
}

export function boolean(params: Params, name: string): boolean | undefined {
  const value = params[name];
  return typeof value === "boolean" ? value : undefined;
}

export function hash(params: Params, name: string): Params | undefined {
  const value = params[name];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Params) : undefined;
}

export function texts(params: Params, name: string): readonly string[] | undefined {
  const value = params[name];
  return Array.isArray(value) ? value.map(String) : undefined;
}

/** Only what was sent: the fields that are not undefined. */
export function given<F extends object>(fields: F): { readonly [K in keyof F]?: Exclude<F[K], undefined> } {
  const sent: Partial<F> = {};
  for (const name of Object.keys(fields) as (keyof F)[]) if (fields[name] !== undefined) sent[name] = fields[name];
  return sent as { readonly [K in keyof F]?: Exclude<F[K], undefined> }; // What is undefined was left out.
}

/** A text that may be unset: undefined leaves the field, null empties it. */
export function textOrNull(params: Params, name: string): string | null | undefined {
  const value = params[name];
  if (value === undefined) return undefined;
  return typeof value === "string" && value !== "" ? value : null;
}
