// Options that a program hands over, checked before anything is opened: each that is missing, unknown or of the wrong
// kind is a Problem that names it, says what was given and what to give. Values are told by their kind alone: a key in
// the wrong place must not stand in a message.
import { type Problem, problem } from "../problems.ts";
import { namesHint } from "./names.ts";

export interface Option {
  readonly isRequired?: boolean;
  /** As a sentence ends: "text", "a list of texts". */
  readonly says: string;
  readonly isGood: (value: unknown) => boolean;
}

/** Every option there is, by its name. */
export type OptionTable<T> = { readonly [Name in keyof Required<T>]: Option };

const textMax = 100_000; // characters: longer than any option of ours can mean

const isText = (value: unknown): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= textMax && !value.includes("\0");
const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const text: Option = { says: "text", isGood: isText };
export const texts: Option = {
  says: "a list of texts",
  isGood: (value) => Array.isArray(value) && value.every(isText),
};
export const flag: Option = { says: "true or false", isGood: (value) => typeof value === "boolean" };
export const callable: Option = { says: "a function", isGood: (value) => typeof value === "function" };
export const object: Option = { says: "an object", isGood: isObject };
export const list: Option = {
  says: "a list of objects",
  isGood: (value) => Array.isArray(value) && value.every(isObject),
};
/** Of a text each: `{ a: "b" }`. */
export const textsByName: Option = {
  says: "an object of texts",
  isGood: (value) => isObject(value) && Object.values(value).every(isText),
};
export const address: Option = {
  says: "an address that begins with http:// or https://",
  isGood: (value) => isText(value) && /^https?:$/.test(URL.parse(value)?.protocol ?? ""),
};

export function number(min: number, max: number): Option {
  const isGood = (value: unknown) => typeof value === "number" && value >= min && value <= max;
  return { says: `a number from ${min} to ${max}`, isGood };
}

export function integer(min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): Option {
  const isGood = (value: unknown) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
  const isBounded = min !== Number.MIN_SAFE_INTEGER || max !== Number.MAX_SAFE_INTEGER;
  return { says: isBounded ? `an integer from ${min} to ${max}` : "an integer", isGood };
}

export function oneOf(...values: readonly string[]): Option {
  return { says: `one of ${values.join(", ")}`, isGood: (value) => values.includes(value as string) };
}

export function either(a: Option, b: Option): Option {
  return { says: `${a.says} or ${b.says}`, isGood: (value) => a.isGood(value) || b.isGood(value) };
}

export function required(option: Option): Option {
  return { ...option, isRequired: true };
}

/** What a function was given as its options: an object with these, and with no others. */
export function checkOptions<T>(of: string, given: unknown, table: OptionTable<T>): void {
  if (!isObject(given))
    throw refusal(of, `${of} takes an object of options, not ${kindOf(given)}`, namesHint("", Object.keys(table)));
  const known: Readonly<Record<string, Option>> = table;
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue;
    throw refusal(shown(name), `${of} has no option ${shown(name)}`, namesHint(name, Object.keys(table)));
  }
  for (const [name, option] of Object.entries(known)) checkOption(name, (given as Bag)[name], option);
}

/** What was given of them: naming one as undefined is not naming it. */
export function givenOptions<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** One of them, or an argument. */
export function checkOption(name: string, value: unknown, option: Option): void {
  if (value === undefined && option.isRequired !== true) return;
  if (option.isGood(value)) return;
  const says = value === undefined ? `\`${name}\` is missing` : `\`${name}\` is ${kindOf(value)}`;
  throw refusal(name, says, `Give ${option.says}.`);
}

type Bag = Readonly<Record<string, unknown>>;

function refusal(option: string, message: string, hint: string): Problem {
  return problem("invalid_config", message, { hint, details: { option } });
}

/** A name can be as long as its writer likes. */
export function shown(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}

function withMethods(...names: readonly string[]): Option {
  const isGood = (value: unknown) =>
    isObject(value) && names.every((name) => typeof (value as Bag)[name] === "function");
  return { says: `an object with ${names.join(", ")}`, isGood };
}

/** What a run takes from outside. */
export const portOptions = {
  clock: withMethods("now", "monotonicMs", "sleep", "turn"),
  random: callable,
  ids: withMethods("next", "text"),
  fetch: callable,
  log: withMethods("info", "warn", "error", "child"),
  run: callable,
} as const satisfies Readonly<Record<string, Option>>;

/** Ports, as an argument of their own. */
export function checkPorts(of: string, ports: unknown): void {
  if (!isObject(ports)) throw refusal("ports", `${of} takes ports, not ${kindOf(ports)}`, portsHint);
  for (const [name, option] of Object.entries({ ...portOptions, maybe: callable })) {
    checkOption(`ports.${name}`, (ports as Bag)[name], required(option));
  }
}

const portsHint = "Leave them out for the machine's own, or make them with systemPorts().";

/** The kind of a value, in words, without the value: it may be a secret in the wrong place. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value === "") return "an empty text";
  if (typeof value === "string") return value.length > textMax ? "a text far too long" : "another text";
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "boolean") return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
