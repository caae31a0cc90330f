// How news goes up: a noun reacts to an action of a machine below it, or to a signal of a noun that has no machine. A
// reaction is a value that its action's own types check: a misspelt action and a wrong shape do not compile. Reactions
// are bound to actions, not to event types, because some moves send no event. They run synchronously, inside the unit
// that moved, in the order of the list of resources.
import type { Noun, StripeObject } from "./noun.ts";
import type { Reaction, Reactions, Unit } from "./unit.ts";

type Run<Before, After> = (unit: Unit, before: Before, after: After) => void;

/** An object is not there before an action that begins in "new". */
type Before<O, Action> = Action extends { readonly from: readonly (infer F)[] }
  ? ([F] extends ["new"] ? never : O) | ("new" extends F ? undefined : never)
  : never;

/** `on(chargeMachine, "settle", (unit, before, after) => releaseForCharge(unit, after))`. */
export function on<O extends StripeObject, A, N extends keyof A & string>(
  machine: { readonly noun: Noun<O>; readonly actions: A },
  action: N,
  run: Run<Before<O, A[N]>, O>,
): Reaction {
  return { noun: machine.noun.object, to: action, run: run as Reaction["run"] }; // Only that action's moves reach it.
}

/** `onSignal(paymentMethods, "detach", (unit, before) => …)`. */
export function onSignal<O extends StripeObject, S extends string>(
  noun: Noun<O, S>,
  signal: NoInfer<S>,
  run: Run<O, O>,
): Reaction {
  return { noun: noun.object, to: signal, run: run as Reaction["run"] }; // Only that noun's signals reach it.
}

/** What a machine's move would say by itself: `signal(unit, paymentMethods, "detach", method, detached)`. */
export function signal<O extends StripeObject, S extends string>(
  unit: Unit,
  noun: Noun<O, S>,
  name: NoInfer<S>,
  before: O,
  after: O,
): void {
  react(unit, noun, name, before, after);
}

/** Runs what is bound to an action or to a signal. */
export function react(
  unit: Unit,
  noun: Noun,
  name: string,
  before: StripeObject | undefined,
  after: StripeObject,
): void {
  const reactions = unit.world.reactions.get(noun.object)?.get(name);
  if (reactions) for (const { run } of reactions) run(unit, before, after);
}

export function reactionsByAction(reactions: Iterable<Reaction>): Reactions {
  const byNoun = Map.groupBy(reactions, ({ noun }) => noun);
  return new Map([...byNoun].map(([noun, ofNoun]) => [noun, Map.groupBy(ofNoun, ({ to }) => to)] as const));
}
