// What a stored text of ours must look like to be believed. A row may be from yesterday's program, and an answer from a
// version of Stripe's API that this one does not know: both are read through a shape, once, at the border, and what is
// inside is typed by it. One value is both the check and the type, so that neither can be changed without the other.
// Fields that no shape names are left out, which is also how little of Stripe's answer is kept.

export interface Shape<T> {
  /** The value, checked and cut; throws ShapeError naming the place that does not fit. */
  read(value: unknown, place: string): T;
}

export type Shaped<S> = S extends Shape<infer T> ? T : never;

export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

function shape<T>(what: string, isIt: (value: unknown) => value is T): Shape<T> {
  return {
    read(value, place) {
      if (isIt(value)) return value;
      throw new ShapeError(`${place} is not ${what}`);
    },
  };
}

export const text = shape("a text", (value) => typeof value === "string");

export const integer = shape("an integer", (value): value is number => Number.isSafeInteger(value));

export const flag = shape("true or false", (value) => typeof value === "boolean");

export function oneOf<const T extends string>(names: readonly T[]): Shape<T> {
  return shape(`one of ${names.join(", ")}`, (value): value is T => names.some((name) => name === value));
}

/** Null also for what is missing: a field that came later may be added to rows that have no such field. */
export function orNull<T>(inner: Shape<T>): Shape<T | null> {
  return { read: (value, place) => (value === undefined || value === null ? null : inner.read(value, place)) };
}

/**
 * Undefined for what is missing, which no hash counts: a parameter that is added later leaves the wishes of before as
 * they were, so that they are repeated and not a conflict.
 */
export function orAbsent<T>(inner: Shape<T>): Shape<T | undefined> {
  return { read: (value, place) => (value === undefined || value === null ? undefined : inner.read(value, place)) };
}

/** Texts by name, as metadata is. */
export const texts: Shape<Readonly<Record<string, string>>> = {
  read: (value, place) =>
    Object.fromEntries(
      Object.entries(fields(value, place)).map(([name, one]) => [name, text.read(one, `${place}.${name}`)]),
    ),
};

export function listOf<T>(inner: Shape<T>): Shape<readonly T[]> {
  return {
    read(value, place) {
      if (Array.isArray(value)) return value.map((one: unknown, index) => inner.read(one, `${place}[${index}]`));
      throw new ShapeError(`${place} is not a list`);
    },
  };
}

type Shapes = Readonly<Record<string, Shape<unknown>>>;

/** What may be absent may be left out. */
type Recorded<Fields extends Shapes> = {
  readonly [Name in keyof Fields as undefined extends Shaped<Fields[Name]> ? never : Name]: Shaped<Fields[Name]>;
} & {
  readonly [Name in keyof Fields as undefined extends Shaped<Fields[Name]> ? Name : never]?: Shaped<Fields[Name]>;
};

export function record<Fields extends Shapes>(shapes: Fields): Shape<Recorded<Fields>> {
  type Read = Recorded<Fields>;
  return {
    read(value, place) {
      const given = fields(value, place);
      const read = Object.entries(shapes).map(([name, inner]) => [name, inner.read(given[name], `${place}.${name}`)]);
      return Object.fromEntries(read) as Read;
    },
  };
}

function fields(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return { ...value };
  throw new ShapeError(`${place} is not an object`);
}
