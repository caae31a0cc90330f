import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { defineMachine, move } from "./machine.ts";
import { buildDoor, doorMachine, doors, openWorld } from "./testing.ts";
import { commit, drop } from "./unit.ts";
import { read } from "./writes.ts";

suite("machine", () => {
  test("move is the only writer of status, and what is wrong does not compile", () => {
    const unit = openWorld().next();
    const door = buildDoor(unit);
    // The compiler is the test: each line below is an error of its own.
    const wrong = () => {
      // @ts-expect-error close does not end in open
      move(unit, doorMachine, door, "close", "open", {});
      // @ts-expect-error there is no action slam
      move(unit, doorMachine, door, "slam", "closed", {});
      // @ts-expect-error a status cannot be smuggled in
      move(unit, doorMachine, door, "close", "closed", { status: "closed" });
      // @ts-expect-error an end outside of the union
      defineMachine(doors, doorMachine.refuse)({ burn: { from: ["open"], to: { ashes: null } } });
      // @ts-expect-error a misspelt event
      defineMachine(doors, doorMachine.refuse)({ close: { from: ["open"], to: { closed: "customer.shut" } } });
    };
    assert.equal(typeof wrong, "function");
    const closed = move(unit, doorMachine, door, "close", "closed", { colour: "blue" });
    assert.deepEqual([closed.status, closed.colour, door.status], ["closed", "blue", "open"]);
    assert.throws(() => move(unit, doorMachine, closed, "close", "closed", {}), /closed refuses close/);
  });

  test("a unit is committed whole or dropped whole, and events keep the object of their moment", () => {
    const { published, next } = openWorld();
    const unit = next();
    const door = buildDoor(unit);
    move(unit, doorMachine, door, "close", "closed", { colour: "blue" });
    assert.deepEqual(unit.events[0]?.capture, { after: door });
    assert.deepEqual(unit.events[1]?.capture.before, door);
    commit(unit);
    assert.deepEqual(published, ["customer.created", "customer.updated"]);
    const second = next();
    const kept = read(second, doors, "door_1");
    buildDoor(second, { id: "door_2" });
    drop(second);
    assert.equal(read(next(), doors, "door_2"), undefined);
    assert.equal(read(next(), doors, "door_1"), kept);
    assert.equal(published.length, 2);
  });
});
