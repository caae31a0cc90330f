// A machine is data: which action leads from where to where, and which event that sends. `move` is the only writer of
// `status`. A wrong end, a misspelt action, a status smuggled into the changes: none of them compiles. The refusals,
// the refusal tests and the diagrams all come from the table.
import assert from "node:assert/strict";
import type { StripeError } from "../words/errors.ts";
import { emit } from "./emit.ts";
import type { EventType } from "./event_types.ts";
import type { Noun, StripeObject } from "./noun.ts";
import { react } from "./reactions.ts";
import { note, type Unit } from "./unit.ts";
import { add, put } from "./writes.ts";

/** An object with a status; its union is closed. */
export interface Stateful extends StripeObject {
  readonly status: string;
}

export interface Action<S extends string = string> {
  /** "new" is the state before the object exists. */
  readonly from: readonly (S | "new")[];
  readonly to: { readonly [status in S]?: EventType | null };
}

export interface Machine<O extends Stateful = Stateful, A = Record<string, Action>> {
  readonly noun: Noun<O>;
  readonly actions: A;
  readonly arrows: Arrows;
  readonly refuse: (object: O, action: string, from: readonly string[]) => StripeError;
}

/** A machine without its noun's shape, for lists of many. */
export interface AnyMachine {
  readonly noun: { readonly object: string };
  readonly actions: Readonly<Record<string, Action>>;
}

type Exact<S extends string, A extends Record<string, Action<S>>> = {
  readonly [N in keyof A]: {
    readonly to: { readonly [K in keyof A[N]["to"]]: K extends S ? EventType | null : never };
  };
};

/** `defineMachine(charges, refuse)({ capture: { from: ["succeeded"], to: { succeeded: "charge.captured" } } })`. */
export function defineMachine<O extends Stateful>(
  noun: Noun<O>,
  refuse: (object: O, action: string, from: readonly string[]) => StripeError,
): <const A extends Record<string, Action<O["status"]>>>(actions: A & Exact<O["status"], A>) => Machine<O, A> {
  return (actions) => ({ noun, actions, arrows: arrowsOf(actions), refuse });
}

type Ends<A, N extends keyof A> = A[N] extends { readonly to: infer T } ? keyof T & string : never;

/** What may change beside the status. */
export type Changes<O> = Partial<Omit<O, "status" | "id" | "object">> & { readonly status?: never };

/** Moves an object, or throws the machine's refusal. Answers the object as it is afterwards. */
export function move<O extends Stateful, A, N extends keyof A & string>(
  unit: Unit,
  machine: Machine<O, A>,
  object: O,
  action: N,
  to: Ends<A, N>,
  changes: Changes<O>,
): O {
  const row = actionOf(machine, action);
  assertMay(machine, object, action);
  if (!(to in row.to)) assert.fail(`${machine.noun.object}.${action} does not end in ${to}`);
  const event = row.to[to] ?? null;
  note(unit, "move", object.id, wordsOf(machine, action, object.status, to));
  const after = put(unit, machine.noun, object, { ...object, status: to, ...changes }, event);
  react(unit, machine.noun, action, object, after);
  return after;
}

/** The first move: an object is born in one of the ends of an action whose `from` is "new". */
export function begin<O extends Stateful, A, N extends keyof A & string, T extends Ends<A, N>>(
  unit: Unit,
  machine: Machine<O, A>,
  action: N,
  to: T,
  shape: (status: T) => O,
): O {
  const row = actionOf(machine, action);
  const isBirth = row.from.includes("new") && to in row.to;
  if (!isBirth) assert.fail(`${machine.noun.object}.${action} does not begin in ${to}`);
  const object = shape(to);
  assert(object.status === to, "the shape takes the status it is given");
  add(unit, machine.noun, object, null);
  const event = row.to[to] ?? null;
  note(unit, "move", object.id, wordsOf(machine, action, "new", to));
  if (event) emit(unit, event, object);
  react(unit, machine.noun, action, undefined, object);
  return object;
}

/** Throws the refusal without moving: for actions that check more before they end somewhere. */
export function assertMay<O extends Stateful, A, N extends keyof A & string>(
  machine: Machine<O, A>,
  object: O,
  action: N,
): void {
  const { from } = actionOf(machine, action);
  if (!from.includes(object.status)) throw machine.refuse(object, action, from);
}

/** What a history says of each arrow, put together once, however often it is gone. */
export type Arrows = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, string>>>;

function arrowsOf(actions: Readonly<Record<string, Action>>): Arrows {
  const ends = ({ to }: Action, from: string, action: string) =>
    new Map(Object.keys(to).map((end) => [end, `${from} → ${end} (${action})`] as const));
  return new Map(
    Object.entries(actions).map(
      ([action, row]) => [action, new Map(row.from.map((from) => [from, ends(row, from, action)] as const))] as const,
    ),
  );
}

/** `new → succeeded (create)`. */
function wordsOf({ arrows }: { readonly arrows: Arrows }, action: string, from: string, to: string): string {
  return arrows.get(action)?.get(from)?.get(to) ?? `${from} → ${to}`;
}

function actionOf<O extends Stateful, A>(machine: Machine<O, A>, action: keyof A & string): Action {
  return machine.actions[action] as Action; // defineMachine has checked the table's shape.
}
