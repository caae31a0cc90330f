// A noun with a machine and a world as small as units can live in, for the tests of this room.
import { silentLog } from "#kit/log.ts";
import { invalidRequest } from "../words/errors.ts";
import { accountOfKey, createAccounts } from "./accounts.ts";
import { begin, defineMachine } from "./machine.ts";
import { defineNoun, type Hidden } from "./noun.ts";
import { reactionsByAction } from "./reactions.ts";
import type { Resource } from "./resource.ts";
import { tickUnit, type Unit, type World } from "./unit.ts";

export interface Door extends Hidden {
  readonly id: string;
  readonly object: "door";
  readonly status: "open" | "closed";
  readonly colour: string;
  readonly knocks?: number;
}

export const doors = defineNoun<Door>({ object: "door", prefixes: ["door"], indices: ["colour"] });

export const doorMachine = defineMachine(doors, (door, action) =>
  invalidRequest({ message: `${door.status} refuses ${action}` }),
)({
  create: { from: ["new"], to: { open: "customer.created" } },
  close: { from: ["open"], to: { closed: "customer.updated" } },
});

export function buildDoor(unit: Unit, more: Partial<Omit<Door, "status" | "object">> = {}): Door {
  return begin(unit, doorMachine, "create", "open", (status) => ({
    id: "door_1",
    object: "door",
    status,
    colour: "red",
    ...more,
  }));
}

/** `published` is what committed units have sent; `told` their lines. */
export function openWorld(resources: readonly Resource[] = []) {
  const published: string[] = [];
  const told: string[] = [];
  const accounts = createAccounts({});
  const world = {
    accounts,
    log: silentLog(),
    reactions: reactionsByAction(resources.flatMap((resource) => resource.reactions ?? [])),
    appearances: new Map(resources.map((resource) => [resource.noun.object, resource])),
    nounByPrefix: new Map(resources.flatMap(({ noun }) => noun.prefixes.map((prefix) => [prefix, noun]))),
    embeds: new Map(),
    made: new WeakMap(),
    timeline: { now: () => 1_000_000 },
    publish: (unit: Unit) => published.push(...unit.events.map((event) => event.type)),
    tell: ({ id, text }: { id: string; text: string }) => told.push(`${id}: ${text}`),
  } as unknown as World; // Only what a unit touches.
  const account = accountOfKey(accounts, "sk_test_x");
  return { world, account, published, told, next: () => tickUnit(world, account) };
}
