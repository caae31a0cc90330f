import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { invalidRequest } from "../words/errors.ts";
import { accountOfKey, createAccounts } from "./accounts.ts";
import { begin, defineMachine, move } from "./machine.ts";
import { defineNoun } from "./noun.ts";
import { commit, drop, tickUnit, type Unit } from "./unit.ts";
import type { World } from "./world.ts";
import { read } from "./writes.ts";

interface Door {
  readonly id: string;
  readonly object: "door";
  readonly status: "open" | "closed";
  readonly colour: string;
}

const doors = defineNoun<Door>({ object: "door", prefixes: ["door"], indices: ["colour"] });
const machine = defineMachine(doors, (door, action) => invalidRequest({ message: `${door.status} refuses ${action}` }))(
  {
    create: { from: ["new"], to: { open: "customer.created" } },
    close: { from: ["open"], to: { closed: "customer.updated" } },
  },
);

function openUnit(): { unit: Unit; published: string[]; next: () => Unit } {
  const published: string[] = [];
  const accounts = createAccounts({});
  const world = {
    accounts,
    reactions: new Map(),
    embeds: new Map(),
    clock: { now: () => 1_000_000 },
    publish: (unit: Unit) => published.push(...unit.events.map((event) => event.type)),
  } as unknown as World; // Only what a unit touches.
  const account = accountOfKey(accounts, "sk_test_x");
  return { unit: tickUnit(world, account), published, next: () => tickUnit(world, account) };
}

const build = (unit: Unit): Door =>
  begin(unit, machine, "create", "open", (status) => ({ id: "door_1", object: "door", status, colour: "red" }));

suite("machine", () => {
  test("move is the only writer of status, and what is wrong does not compile", () => {
    const { unit } = openUnit();
    const door = build(unit);
    // The compiler is the test: each line below is an error of its own.
    const wrong = () => {
      // @ts-expect-error close does not end in open
      move(unit, machine, door, "close", "open", {});
      // @ts-expect-error there is no action slam
      move(unit, machine, door, "slam", "closed", {});
      // @ts-expect-error a status cannot be smuggled in
      move(unit, machine, door, "close", "closed", { status: "closed" });
      // @ts-expect-error an end outside of the union
      defineMachine(doors, machine.refuse)({ burn: { from: ["open"], to: { ashes: null } } });
      // @ts-expect-error a misspelt event
      defineMachine(doors, machine.refuse)({ close: { from: ["open"], to: { closed: "customer.shut" } } });
    };
    assert.equal(typeof wrong, "function");
    const closed = move(unit, machine, door, "close", "closed", { colour: "blue" });
    assert.deepEqual([closed.status, closed.colour, door.status], ["closed", "blue", "open"]);
    assert.throws(() => move(unit, machine, closed, "close", "closed", {}), /closed refuses close/);
  });

  test("a unit is committed whole or dropped whole, and events keep the object of their moment", () => {
    const { unit, published, next } = openUnit();
    const door = build(unit);
    move(unit, machine, door, "close", "closed", { colour: "blue" });
    assert.deepEqual(unit.events[0]?.capture, { after: { object: door } });
    assert.deepEqual(unit.events[1]?.capture.before, { object: door });
    commit(unit);
    assert.deepEqual(published, ["customer.created", "customer.updated"]);
    const second = next();
    const kept = read(second, doors, "door_1");
    begin(
      second,
      machine,
      "create",
      "open",
      (status): Door => ({ id: "door_2", object: "door", status, colour: "red" }),
    );
    drop(second);
    assert.equal(read(next(), doors, "door_2"), undefined);
    assert.equal(read(next(), doors, "door_1"), kept);
    assert.equal(published.length, 2);
  });
});
