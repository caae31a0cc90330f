// The whole sandbox as text, and back. A line is a batch of entries that belong together, with a checksum before it: a
// line that was cut off by a kill is not read, so nobody ever sees half a unit. Snapshots and journals are such lines.
import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import type { Instant } from "#kit/clock.ts";
import { type Account, reopenAccount } from "./accounts.ts";
import type { KeptAnswer } from "./idempotency.ts";
import { hidden, type StripeObject } from "./noun.ts";
import type { PendingEntry } from "./pending.ts";
import { insert, newCollection, remove, replace } from "./store.ts";
import type { World } from "./world.ts";

export type Entry =
  | readonly ["account", { readonly id: string; readonly key: string; readonly defaultVersion: string }]
  /** An object as it is now, or a hole where one was; then what is hidden of it, and what its kind is listed by. */
  | readonly ["object", string, string, string, number, StripeObject | null, object | null, readonly string[]]
  | readonly ["answer", string, string, KeptAnswer]
  | readonly ["pending", number, PendingEntry]
  | readonly ["done", number];

/** Lines of a snapshot stay short enough to be parsed one by one. */
const entriesPerLine = 200;

export function writeLine(at: Instant, entries: readonly Entry[]): string {
  const json = JSON.stringify({ at, entries });
  return `${crc32(json).toString(16)} ${json}\n`;
}

export function writeSnapshot(world: World): string {
  return [...snapshotLines(world)].join("");
}

export function* snapshotLines(world: World): Generator<string> {
  let batch: Entry[] = [];
  for (const entry of entriesOf(world)) {
    if (batch.push(entry) < entriesPerLine) continue;
    yield writeLine(world.clock.now(), batch);
    batch = [];
  }
  if (batch.length > 0) yield writeLine(world.clock.now(), batch);
}

/** Reads up to the first line that is not whole. Answers what is still to be done, and the last instant. */
export function readSnapshot(world: World, text: string): { pending: PendingEntry[]; lastAt: Instant } {
  const pending = new Map<number, PendingEntry>();
  let lastAt: Instant = 0;
  for (const line of text.split("\n")) {
    const read = readLine(line);
    if (!read) break;
    lastAt = Math.max(lastAt, read.at);
    for (const entry of read.entries) {
      if (entry[0] === "pending") pending.set(entry[1], entry[2]);
      else if (entry[0] === "done") pending.delete(entry[1]);
      else apply(world, entry);
    }
  }
  return { pending: [...pending.values()], lastAt };
}

/** Undefined for what is no whole line. */
function readLine(line: string): { at: Instant; entries: Entry[] } | undefined {
  const space = line.indexOf(" ");
  if (space < 0) return undefined;
  const json = line.slice(space + 1);
  if (crc32(json).toString(16) !== line.slice(0, space)) return undefined;
  return JSON.parse(json) as { at: Instant; entries: Entry[] }; // The checksum says that writeLine wrote it.
}

function* entriesOf(world: World): Generator<Entry> {
  for (const account of world.accounts.byId.values()) {
    yield accountEntry(account);
    for (const [noun, collection] of account.collections) {
      for (const [id] of collection.position) yield objectEntry(account, noun, id);
    }
    for (const [key, kept] of account.idempotency) yield ["answer", account.id, key, kept];
  }
  for (const [ticket, entry] of world.pending.all()) yield ["pending", ticket, entry];
}

export function accountEntry({ id, key, defaultVersion }: Account): Entry {
  return ["account", { id, key, defaultVersion }];
}

export function objectEntry(account: Account, noun: string, id: string): Entry {
  const collection = account.collections.get(noun);
  const position = collection?.position.get(id);
  assert(collection && position !== undefined, `${id} has a place, even when it is deleted`);
  const object = collection.items[position] ?? null;
  const secret = object && ((object as { [hidden]?: object })[hidden] ?? null);
  const created = collection.createdAt[position] ?? 0;
  return ["object", account.id, noun, id, created, object, secret, [...collection.indices.keys()]];
}

function apply(world: World, entry: Exclude<Entry, readonly ["pending" | "done", ...unknown[]]>): void {
  const { accounts } = world;
  if (entry[0] === "account") {
    reopenAccount(accounts, entry[1]);
    return;
  }
  const account = accounts.byId.get(entry[1]);
  assert(account, "an account's line stands before its objects");
  if (entry[0] === "answer") {
    account.idempotency.set(entry[2], entry[3]);
    return;
  }
  const [, , noun, id, created, shown, secret, indices] = entry;
  const object = shown && secret ? { ...shown, [hidden]: secret } : shown;
  let collection = account.collections.get(noun);
  if (!collection) {
    collection = newCollection(indices);
    account.collections.set(noun, collection);
  }
  // A hole keeps its place, so it is made before it is emptied.
  if (!collection.position.has(id)) insert(collection, object ?? { id, object: noun }, created);
  else if (object) replace(collection, object);
  if (!object) remove(collection, id);
  if (object && "client_secret" in object && object.client_secret) accounts.byClientSecret.set(id, account);
}
