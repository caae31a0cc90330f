import assert from "node:assert/strict";
import { test } from "node:test";
import { defineMachine } from "./machine.ts";
import { defineNoun, type StripeObject } from "./noun.ts";
import { on, onSignal, reactionsByAction, signal } from "./reactions.ts";
import type { Reaction, Unit } from "./unit.ts";

interface Lamp extends StripeObject {
  readonly object: "lamp";
  readonly status: "off" | "on";
}

interface Shade extends StripeObject {
  readonly object: "shade";
  readonly color: string;
}

const lamps = defineNoun<Lamp>({ object: "lamp", prefixes: ["lamp"] });
const shades = defineNoun<Shade, "fade">({ object: "shade", prefixes: ["shade"], signals: ["fade"] });
const lampMachine = defineMachine(lamps, () => assert.fail("nothing is refused here"))({
  create: { from: ["new"], to: { off: null } },
  turn_on: { from: ["off"], to: { on: null } },
  renew: { from: ["new", "on"], to: { on: null } },
});

test("what does not fit the action does not compile", () => {
  on(lampMachine, "turn_on", (_unit, before, after) => [before.status, after.status]);
  on(lampMachine, "create", (_unit, before: undefined) => before);
  // @ts-expect-error a misspelt action
  on(lampMachine, "turn_onn", () => {});
  // @ts-expect-error another noun's shape
  on(lampMachine, "turn_on", (_unit, _before, after: Shade) => after);
  // @ts-expect-error before the first move there is nothing
  on(lampMachine, "create", (_unit, before: Lamp) => before);
  // @ts-expect-error maybe nothing
  on(lampMachine, "renew", (_unit, before) => before.status);
  onSignal(shades, "fade", (_unit, before) => before.color);
  // @ts-expect-error a misspelt signal
  onSignal(shades, "fad", () => {});
  // @ts-expect-error a noun without signals
  onSignal(lamps, "fade", () => {});
});

test("reactions run in the order of the list, those of other actions do not", () => {
  const heard: string[] = [];
  const hear = (name: string) => (_unit: Unit, before: Shade, after: Shade) => {
    heard.push(`${name}: ${before.color} → ${after.color}`);
  };
  const reactions: Reaction[] = [
    onSignal(shades, "fade", hear("first")),
    on(lampMachine, "turn_on", () => assert.fail("nobody turned it on")),
    onSignal(shades, "fade", hear("second")),
  ];
  const unit = { world: { reactions: reactionsByAction(reactions) } } as unknown as Unit; // All that a signal asks for.
  const shade: Shade = { id: "shade_1", object: "shade", color: "red" };
  signal(unit, shades, "fade", shade, { ...shade, color: "pink" });
  // @ts-expect-error a misspelt signal
  signal(unit, shades, "fad", shade, shade);
  assert.deepEqual(heard, ["first: red → pink", "second: red → pink"]);
});
