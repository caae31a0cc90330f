// The manifest of a resource: how index.ts hands a folder to the kernel, which knows resources only by this.
import assert from "node:assert/strict";
import type { Extras } from "../schema/extras.ts";
import type { Schema } from "../schema/schema.ts";
import type { Waits } from "../timeline/waits.ts";
import type { Defaults } from "../words/defaults.ts";
import type { Known } from "../words/evidence.ts";
import type { Params } from "../words/params.ts";
import type { Refusals } from "../words/refusals.ts";
import type { Appearance, Told } from "./appearance.ts";
import type { AnyMachine } from "./machine.ts";
import type { Noun, StripeObject } from "./noun.ts";
import type { Embed, Job, Reaction, Unit } from "./unit.ts";

export type { Params } from "../words/params.ts";

/** What an action answers: a stored object, a list, or a deletion. */
export type Answer = object;

export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** `/v1/customers/:id`; the values of the colons reach `run` in their order. */
  readonly path: string;
  /** May be called with a publishable key; `run` sees `unit.isPublishable` and asks for the client secret. */
  readonly publishable?: boolean;
  /** A refusal (400) shows the object of the path too. */
  readonly inlines?: Noun;
  /** Nothing that it did is kept: its unit is dropped once it is answered, and this is what the answer becomes. */
  readonly preview?: (answer: object) => object;
  /** No SDK declares it: why it is here, and all that it takes. Without this a route needs a generated schema. */
  readonly undeclared?: Undeclared;
  readonly run: (unit: Unit, params: Params, id: string, childId: string) => Answer;
}

interface Undeclared extends Known {
  readonly why: string;
  readonly params: Schema;
}

export interface Resource<O extends StripeObject = StripeObject> extends Appearance<O> {
  /** Its states and moves, where it has any. */
  readonly machine?: AnyMachine;
  readonly routes: readonly Route[];
  /** What its operations take although no SDK declares it: `extras.table.ts`. */
  readonly extras?: Extras;
  /** What it refuses, and in which words: `refusals.table.ts`. */
  readonly refusals?: Refusals;
  /** What it goes by where nobody says otherwise: `defaults.table.ts`. */
  readonly defaults?: Defaults;
  /** What means something in test mode only, by what is sent: numbers of cards, tokens. */
  readonly testData?: Readonly<Record<string, Known>>;
  /** What its objects, and those of nouns below, show beside what they store: `listed(charges, "refunds", …)`. */
  readonly embeds?: readonly Embed[];
  /** To actions and signals of nouns below: `on(chargeMachine, "settle", …)`. */
  readonly reactions?: readonly Reaction[];
  /** What this noun does later, by name: `later(unit, afterMs, settleRefund, id)` outlives a restart if it is here. */
  readonly jobs?: Readonly<Record<string, Job>>;
  /** How long the banks take that it waits for: `waits.table.ts`. */
  readonly waits?: Waits;
  /** What a page tells of one of its objects, in a unit that is dropped. */
  readonly tells?: (unit: Unit, object: O) => Told;
}

/** Erases the shape, so that manifests of different nouns stand in one list. */
export function defineResource<O extends StripeObject>(resource: Resource<O>): Resource {
  return resource as unknown as Resource;
}

/** What a field is said to hold stands among the manifests; a misspelt name would be read by the id's beginning. */
export function assertNamesKnown(resources: readonly Resource[]): void {
  const objects = new Set(resources.map(({ noun }) => noun.object));
  for (const { noun } of resources) {
    for (const [field, named] of Object.entries(noun.expandable)) {
      const isKnown = typeof named !== "string" || objects.has(named);
      assert(
        isKnown,
        `${noun.object}.${field} holds a ${named}, of which there is no manifest: mend the name, or null`,
      );
    }
  }
}
