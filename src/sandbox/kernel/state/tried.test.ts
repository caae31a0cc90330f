import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { invalidRequest } from "../words/errors.ts";
import { move } from "./machine.ts";
import { buildDoor, doorMachine, doors, openWorld } from "./testing.ts";
import { tried } from "./tried.ts";
import { afterwards, commit, drop, type Unit } from "./unit.ts";
import { all, among, change, read } from "./writes.ts";

/** Everything that a unit can leave behind. */
function workOf(unit: Unit, keep: boolean): never {
  const door = read(unit, doors, "door_1");
  assert.ok(door);
  const blue = change(unit, doors, door, { colour: "blue" }, "customer.updated");
  move(unit, doorMachine, blue, "close", "closed", {});
  buildDoor(unit, { id: "door_2" });
  afterwards(unit, () => assert.ok(keep, "what was undone asks for nothing later"));
  throw invalidRequest({ message: "no" }, { keep });
}

function began() {
  const world = openWorld();
  const unit = world.next();
  buildDoor(unit);
  return { ...world, unit };
}

suite("tried", () => {
  test("a refusal is a value, and nothing of the work is left: not in the store, not among what is told", () => {
    const { unit, next, published, told } = began();
    const refused = tried(unit, () => workOf(unit, false));
    assert.ok(refused instanceof Error && refused.message === "no");
    assert.deepEqual(
      all(unit, doors).map(({ id, colour, status }) => [id, colour, status]),
      [["door_1", "red", "open"]],
    );
    assert.deepEqual([among(unit, doors, "colour", "blue"), unit.writes.length], [[], 1]);
    const door = read(unit, doors, "door_1");
    assert.ok(door);
    change(unit, doors, door, { colour: "green" }, null);
    commit(unit);
    assert.deepEqual(published, ["customer.created"], "what came before the try, and after it, stays");
    assert.ok(!told.some((line) => /door_2|closed/.test(line)), told.join());
    assert.equal(read(next(), doors, "door_1")?.colour, "green");
  });

  test("a refusal that says keep keeps its work", () => {
    const { unit, next, published } = began();
    assert.ok(tried(unit, () => workOf(unit, true)) instanceof Error);
    commit(unit);
    assert.equal(read(next(), doors, "door_1")?.status, "closed");
    assert.deepEqual(published, ["customer.created", "customer.updated", "customer.updated", "customer.created"]);
  });

  test("a try inside a try, and a unit that is dropped in the end", () => {
    const { unit, next } = began();
    tried(unit, () => {
      tried(unit, () => workOf(unit, false));
      buildDoor(unit, { id: "door_3" });
      throw invalidRequest({ message: "the outer one too" });
    });
    assert.deepEqual([all(unit, doors).length, unit.events.length, unit.writes.length], [1, 1, 1]);
    drop(unit);
    assert.equal(all(next(), doors).length, 0);
  });

  test("what works is answered, and a bug is a bug", () => {
    const { unit } = began();
    assert.equal(
      tried(unit, () => 5),
      5,
    );
    assert.throws(() => tried(unit, () => assert.fail("a bug")), /a bug/);
  });
});
