import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { suite, test } from "node:test";
import { testPorts } from "#kit/create_ports.ts";
import { createWorld } from "../../create_world.ts";
import { accountOfKey } from "../state/accounts.ts";
import { defineNoun, hidden, type StripeObject } from "../state/noun.ts";
import { defineResource } from "../state/resource.ts";
import { commit, drop, tickUnit, type Unit, type World } from "../state/unit.ts";
import { add, change, read } from "../state/writes.ts";
import { openJournal } from "./journal.ts";
import { applyBatches, parseSnapshot, snapshotLines } from "./snapshot.ts";

/** It counts twice: once for all to see, as `next_invoice_sequence` does, and once for itself. */
interface Book extends StripeObject {
  readonly object: "book";
  readonly next: number;
  readonly [hidden]: { readonly notes: number };
}

const books = defineNoun<Book>({ object: "book", prefixes: ["book"] });
const resources = [defineResource({ noun: books, routes: [] })];
const ports = () => testPorts({ seed: 7 });

function openWorld(): World {
  return createWorld({ ...ports(), resources }, { baseUrl: () => "http://localhost", publish() {} });
}

function openUnit(world: World): Unit {
  return tickUnit(world, accountOfKey(world.accounts, "sk_test_x"));
}

/** What the next number is; it is taken. */
function take(unit: Unit): number {
  const book = read(unit, books, "book_1") ?? open(unit);
  change(unit, books, book, { next: book.next + 1, [hidden]: { notes: book[hidden].notes + 1 } }, null);
  return book.next;
}

function open(unit: Unit): Book {
  return add(unit, books, { id: "book_1", object: "book", next: 1, [hidden]: { notes: 0 } }, null);
}

/** Three numbers in two units; what is dropped takes none. */
function takeThree(world: World): void {
  const first = openUnit(world);
  assert.deepEqual([take(first), take(first)], [1, 2]);
  commit(first);
  const refused = openUnit(world);
  assert.deepEqual([take(refused), take(refused)], [3, 4]);
  drop(refused);
  const second = openUnit(world);
  assert.equal(take(second), 3);
  commit(second);
}

function standsAt(world: World): unknown {
  const book = read(openUnit(world), books, "book_1");
  return [book?.next, book?.[hidden].notes];
}

suite("a counter is a field of an object that is kept", () => {
  test("a snapshot holds it, and counting goes on where it stood", () => {
    const world = openWorld();
    takeThree(world);
    const other = openWorld();
    applyBatches(other, parseSnapshot([...snapshotLines(world)]));
    assert.deepEqual(standsAt(other), [4, 3]);
    assert.equal(take(openUnit(other)), 4);
  });

  test("the journal holds it over a kill", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "bursar-"));
    try {
      const world = openWorld();
      const { journal } = openJournal(world, folder, ports().run);
      world.journal = journal;
      journal.rewrite();
      takeThree(world);
      journal.flush();
      // Not closed: a kill.
      const next = openWorld();
      openJournal(next, folder, ports().run);
      assert.deepEqual(standsAt(next), [4, 3]);
      assert.equal(take(openUnit(next)), 4);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
