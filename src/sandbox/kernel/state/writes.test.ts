import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { defineNoun } from "./noun.ts";
import { buildDoor, type Door, doors, openWorld } from "./testing.ts";
import { commit, drop } from "./unit.ts";
import { all, among, bornAt, change, erase, newestAmong, read, wasErased } from "./writes.ts";

function threeDoors() {
  const world = openWorld();
  const unit = world.next();
  for (const [id, colour] of Object.entries({ door_1: "red", door_2: "blue", door_3: "red" })) {
    buildDoor(unit, { id, colour });
  }
  commit(unit);
  return { ...world, unit: world.next() };
}

suite("reading", () => {
  test("among finds what carries the value now, oldest first, also inside the unit that changed it", () => {
    const { unit } = threeDoors();
    const ids = (colour: string) => among(unit, doors, "colour", colour).map(({ id }) => id);
    assert.deepEqual(ids("red"), ["door_1", "door_3"]);
    assert.equal(newestAmong(unit, doors, "colour", "red")?.id, "door_3");
    const [first, second, third] = all(unit, doors);
    assert.ok(first && second && third);
    change(unit, doors, first, { colour: "blue" }, null);
    erase(unit, doors, third, null);
    assert.deepEqual([ids("red"), ids("blue"), ids("green")], [[], ["door_1", "door_2"], []]);
    assert.equal(newestAmong(unit, doors, "colour", "red"), undefined);
    assert.deepEqual([all(unit, doors).length, wasErased(unit, doors, "door_3")], [2, true]);
    assert.deepEqual([wasErased(unit, doors, "door_1"), wasErased(unit, doors, "door_9")], [false, false]);
    assert.equal(bornAt(unit, doors, "door_2"), 1_000);
  });

  test("what no index knows is not among", () => {
    const { unit } = threeDoors();
    assert.throws(() => among(unit, doors, "object", "door"), /object is not indexed/);
    // @ts-expect-error a misspelt field
    assert.throws(() => among(unit, doors, "color", "red"), /color is not indexed/);
    // @ts-expect-error a status is told by a move, not looked for
    defineNoun<Door>({ object: "door", prefixes: [], indices: ["status"] });
  });
});

test("a counter is a field: it counts on inside a unit, and what is dropped has not been counted", () => {
  const { unit, next } = threeDoors();
  const count = (within: typeof unit) => {
    const door = read(within, doors, "door_1");
    assert.ok(door);
    return change(within, doors, door, { knocks: (door.knocks ?? 0) + 1 }, null).knocks;
  };
  assert.deepEqual([count(unit), count(unit), count(unit)], [1, 2, 3]);
  drop(unit);
  const later = next();
  assert.equal(count(later), 1);
  assert.deepEqual(
    later.writes.map(({ id }) => id),
    ["door_1"],
    "the journal is told",
  );
  commit(later);
  assert.equal(read(next(), doors, "door_1")?.knocks, 1);
});

test("what was changed since it was read is not written over", () => {
  const { unit } = threeDoors();
  const door = read(unit, doors, "door_1");
  assert.ok(door);
  change(unit, doors, door, { colour: "green" }, null);
  assert.throws(() => change(unit, doors, door, { knocks: 1 }, null), /door_1 was changed since it was read/);
});
