// What the kernel knows about a resource: its name, how its ids begin, what its lists filter by, and its shape (as a
// phantom type). Everything else about a resource stays in its folder.

import type { Hidden, StripeObject } from "../store/object.ts";
import type { Refusal } from "../words/refusals.ts";
import type { EventType } from "./event_types.ts";

export { type Hidden, hidden, meaning, meantBy, type Shape, type StripeObject } from "../store/object.ts";

/**
 * By field or path (`promotion.coupon`): the `object` whose id it holds, or null where the id tells: several kinds may
 * stand, or none here yet.
 */
export type Expandable = { readonly [field in string]?: string | null | undefined };

/**
 * What an index may be of: a field, a path of which each end counts (`items.data.id`), or what is hidden
 * (`hidden.invoice`). Never a status: whoever waits for one is told by a move.
 */
export type IndexOf<O> = (keyof O & string) | `${keyof O & string}.${string}` | `hidden.${string}`;

declare const shape: unique symbol;

export interface Noun<O extends StripeObject = StripeObject, Signal extends string = string> {
  /** Stripe's spelling: "payment_intent". */
  readonly object: O["object"];
  /** What stands before the underscore of its ids; the first is used for new ones. */
  readonly prefixes: readonly string[];
  /** Fields that lists filter by, kept as indices so that a list stays flat. */
  readonly indices: readonly string[];
  /** Fields that `expand` turns into the object whose id they hold. */
  readonly expandable: Expandable;
  /** How Stripe calls it in "No such …". */
  readonly label: string;
  /** Where Stripe has other words for one that is missing. */
  readonly missing?: Refusal;
  /** Its objects have a client secret, which leads a publishable key to their account. */
  readonly hasSecret: boolean;
  /** What it tells those above it, where no machine's move does: "detach". */
  readonly signals: readonly Signal[];
  /** The field by which its objects hang on a test clock: an id of what hangs on one, or of the clock itself. */
  readonly clock?: string;
  /** What its objects do by themselves is due in the world's time, whatever they hang on. */
  readonly keepsWorldTime?: boolean;
  /** Where its objects stand when another noun's own them: `{ object: "subscription", field: "items.id" }`. */
  readonly owner?: { readonly object: string; readonly field: string };
  /** Its objects are those of another noun, as they are called there: a plan is a price. */
  readonly madeOf?: MadeOf;
  /** Its ids may be of the caller's choice, whatever they begin with. */
  readonly takesIds: boolean;
  /** It is stored for those that refer to it, and there for nobody else any more. */
  readonly isGone?: (object: never) => boolean;
  /** Fields of which no event says that they have changed. */
  readonly untold: readonly string[];
  /** Whether an event of its changes carries `previous_attributes`; by default `*.updated` does. */
  readonly saysWhatChanged: (event: EventType) => boolean;
  readonly [shape]?: O;
}

export function isUpdate(event: EventType): boolean {
  return event.endsWith(".updated");
}

interface MadeOf {
  readonly object: string;
  readonly make: (stored: never) => StripeObject | undefined;
}

/** `defineNoun<Customer>({ object: "customer", prefixes: ["cus"] })`. */
export function defineNoun<O extends StripeObject, Signal extends string = never>(noun: {
  readonly object: O["object"];
  readonly prefixes: readonly string[];
  readonly indices?: readonly Exclude<IndexOf<O>, "status">[];
  readonly expandable?: { readonly [field in keyof O & string]?: string | null } & {
    readonly [path in `${keyof O & string}.${string}`]?: string;
  };
  readonly label?: string;
  readonly missing?: Refusal;
  readonly hasSecret?: boolean;
  readonly signals?: readonly Signal[];
  readonly clock?: keyof O & string;
  readonly keepsWorldTime?: boolean;
  readonly owner?: Noun["owner"];
  readonly madeOf?: MadeOf;
  readonly takesIds?: boolean;
  readonly isGone?: (object: O) => boolean;
  readonly untold?: readonly (keyof O & string)[];
  readonly saysWhatChanged?: (event: EventType) => boolean;
}): Noun<O, Signal> {
  const { object: label } = noun;
  const none = { indices: [], expandable: {}, hasSecret: false, signals: [], takesIds: false, untold: [] };
  return { ...none, label, saysWhatChanged: isUpdate, ...noun };
}

/**
 * A type of the `stripe` package as it is stored: expandable fields hold ids, and `status` is our closed union.
 * `Stored<Stripe.Refund, "pending" | "succeeded">`.
 */
export type Stored<T, Status extends string = never> = {
  readonly [K in keyof T]: K extends "status" ? ([Status] extends [never] ? T[K] : Status) : Unexpanded<T[K]>;
} & Hidden;

/** An empty interface takes any string too, but holds no id. */
type Unexpanded<F> = [Extract<F, string>] extends [never]
  ? F
  : string extends F
    ? Extract<F, string | null | undefined>
    : F;

/** Whether anybody who names an object, lists or looks for it, finds it. */
export function isThere<O extends StripeObject>({ isGone }: Pick<Noun, "isGone">, object: O): boolean {
  return !isGone?.(object as never); // Of that noun.
}

/** What stands before the first underscore of an id: `prefixOf("cus_x")` is "cus". */
export function prefixOf(id: string): string {
  const end = id.indexOf("_");
  return end < 0 ? "" : id.slice(0, end);
}

/** Whose ids begin like this one. Of two the longer beginning counts: `sub_sched_x` begins with `sub_` too. */
export function nounOfId(byPrefix: ReadonlyMap<string, Noun>, id: string): Noun | undefined {
  const prefix = prefixOf(id);
  return byPrefix.get(`${prefix}_${prefixOf(id.slice(prefix.length + 1))}`) ?? byPrefix.get(prefix);
}
