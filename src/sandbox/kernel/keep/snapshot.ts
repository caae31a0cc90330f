// The whole sandbox as lines of text, and back. A line is a batch of entries that belong together, with a checksum
// before it: a line that was cut off by a kill is not read, so nobody ever sees half a unit. Snapshots and journals are
// such lines.
import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import type { Instant } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import type { Attempt } from "../records/attempts.ts";
import type { Fault } from "../records/faults.ts";
import type { SandboxLine } from "../records/history.ts";
import type { KeptAnswer } from "../records/idempotency.ts";
import { type Account, closeAccount, type KeyNews, learnPair, reopenAccount } from "../state/accounts.ts";
import { hidden, type StripeObject } from "../state/noun.ts";
import type { World } from "../state/unit.ts";
import { type Capture, captured } from "../store/shown.ts";
import { forgetOldest, idsOf, insert, newCollection, remove, replace, standingOf } from "../store/store.ts";
import { createDue, isOfTime } from "../timeline/due.ts";
import type { PendingEntry, Stand, TimeNews } from "../timeline/pending.ts";
import {
  captureOf,
  type NumberedCapture,
  numberedCapture,
  readVersion,
  type VersionEntry,
  type Versions,
} from "./captures.ts";
import { createHeld, type Held } from "./held.ts";

export type Entry =
  | readonly ["account", { readonly id: string; readonly key: string; readonly defaultVersion: string }]
  | KeyNews
  | VersionEntry
  | ObjectEntry
  /** They have left the store, oldest first. A file that was written anew meanwhile may not hold the last of them. */
  | readonly ["forgotten", account: string, noun: string, ids: readonly string[]]
  | readonly ["answer", string, string, KeptAnswer]
  /** A rule as it stands, or null when it is gone. */
  | readonly ["fault", string, Fault | null]
  | readonly ["attempt", Attempt]
  | readonly ["line", SandboxLine]
  | TimeNews;

/**
 * An object as it is now, or a hole where one was; then what is hidden of it, what its kind is listed by, and the
 * number of this version, or what an event has captured.
 */
type ObjectEntry = readonly [
  kind: "object",
  account: string,
  noun: string,
  id: string,
  created: number,
  object: StripeObject | null,
  secret: StripeObject[typeof hidden] | null,
  indices: readonly string[],
  tail?: number | NumberedCapture,
];

/** A line: what changed together, and when. */
export interface Batch {
  readonly at: Instant;
  readonly entries: readonly Entry[];
}

/** What is to be taken up again once all lines were read. */
export interface Kept {
  readonly pending: readonly PendingEntry[];
  readonly stands: ReadonlyMap<string | null, Stand>;
  readonly lastAt: Instant;
}

/** Lines of a snapshot stay short enough to be parsed one by one. */
const entriesPerLine = 200;

export function writeLine(batch: Batch): string {
  const json = JSON.stringify(batch);
  return `${crc32(json).toString(16)} ${json}\n`;
}

const entryKinds: Readonly<Record<Entry[0], true>> = {
  account: true,
  closed: true,
  pair: true,
  revoked: true,
  version: true,
  object: true,
  forgotten: true,
  answer: true,
  fault: true,
  attempt: true,
  line: true,
  pending: true,
  done: true,
  timeline: true,
};

/** Undefined for what is not a whole line. Throws a Problem for what only a newer version can have written. */
export function readLine(line: string): Batch | undefined {
  const space = line.indexOf(" ");
  if (space < 0) return undefined;
  const json = line.slice(space + 1);
  if (crc32(json).toString(16) !== line.slice(0, space)) return undefined;
  const batch = JSON.parse(json) as Batch; // The checksum says that writeLine wrote it.
  const foreign = batch.entries.find(([kind]) => !(kind in entryKinds));
  if (!foreign) return batch;
  throw problem("invalid_config", `A newer Bursar wrote this world: it holds a "${foreign[0]}".`, {
    hint: "Use that version of Bursar, or another data folder.",
  });
}

/** @param held knows afterwards what the lines hold. */
export function* snapshotLines(world: World, held = createHeld()): Generator<string> {
  const at = world.timeline.now();
  let entries: Entry[] = [];
  for (const entry of entriesOf(world, held)) {
    if (entries.push(entry) < entriesPerLine) continue;
    yield writeLine({ at, entries });
    entries = [];
  }
  if (entries.length > 0) yield writeLine({ at, entries });
}

/** All of a snapshot, or a Problem before anything was touched. */
export function parseSnapshot(lines: Iterable<string>): Batch[] {
  return Array.from(lines, (line, index) => {
    const batch = line.endsWith("\n") ? readLine(line.slice(0, -1)) : undefined;
    if (!batch) throw problem("invalid_params", `This is not a snapshot of a sandbox: line ${index + 1} is damaged.`);
    return batch;
  });
}

/** Puts everything back into an empty world. */
export function applyBatches(world: World, batches: Iterable<Batch>): Kept {
  const due = createDue();
  const versions: Versions = new Map();
  let lastAt: Instant = 0;
  for (const { at, entries } of batches) {
    lastAt = Math.max(lastAt, at);
    for (const entry of entries) {
      if (isOfTime(entry)) due.take(entry);
      else apply(world, versions, entry);
    }
  }
  return { pending: due.pending(), stands: due.stands, lastAt };
}

/** What it does not find as it is later, it takes at once: whoever writes this in slices is told of the rest. */
function* entriesOf(world: World, held: Held): Generator<Entry> {
  const attempts = [...world.attempts.all()];
  const lines = world.history.all();
  for (const account of world.accounts.byId.values()) {
    if (held.isNew(account.id)) yield accountEntry(account);
    for (const [noun, collection] of account.collections) {
      for (const id of idsOf(collection)) yield* objectEntries(held, account, { noun, id });
    }
    for (const [key, kept] of account.idempotency) yield ["answer", account.id, key, kept];
  }
  for (const [publishableKey, secretKey] of world.accounts.learnt) yield ["pair", publishableKey, secretKey];
  for (const key of world.accounts.revoked) yield ["revoked", key];
  for (const attempt of attempts) yield ["attempt", attempt];
  for (const line of lines) yield ["line", line];
  for (const fault of world.faults.kept()) yield ["fault", fault.id, fault];
  for (const [id, stand] of world.timelines.stands()) yield ["timeline", id, stand];
  for (const entry of world.timelines.pending()) yield ["pending", entry];
}

export function accountEntry({ id, key, defaultVersion }: Account): Entry {
  return ["account", { id, key, defaultVersion }];
}

/** The object's line, after the versions that it names. What was forgotten since it was written has none. */
export function objectEntries(held: Held, account: Account, { noun, id }: { noun: string; id: string }): Entry[] {
  const collection = account.collections.get(noun);
  const standing = collection && standingOf(collection, id);
  if (!standing) return [];
  const object: KeptObject | null = standing.object ?? null;
  const { created } = standing;
  const { fields } = collection;
  const entry = ["object", account.id, noun, id, created, object, object?.[hidden] ?? null, fields] as const;
  if (!object) return [entry];
  const capture = object[captured];
  if (!capture) return [[...entry, held.numberOf(object).number]];
  const versions: Entry[] = [];
  const numbered = numberedCapture(capture, (shown) => {
    const { number, isNew } = held.numberOf(shown);
    if (isNew) versions.push(["version", number, shown, shown[hidden] ?? null]);
    return number;
  });
  return [...versions, [...entry, numbered]];
}

/** An object with what JSON leaves out. */
interface KeptObject extends StripeObject {
  readonly [captured]?: Capture;
}

function apply(world: World, versions: Versions, entry: Exclude<Entry, TimeNews>) {
  const { accounts, faults } = world;
  switch (entry[0]) {
    case "account":
      reopenAccount(accounts, entry[1]);
      return;
    case "closed":
      closeAccount(accounts, entry[1]);
      return;
    case "pair":
      learnPair(accounts, entry[1], entry[2]);
      return;
    case "revoked":
      accounts.revoked.add(entry[1]);
      return;
    case "fault":
      if (entry[2]) faults.putBack(entry[2]);
      else faults.remove(entry[1]);
      return;
    case "attempt":
      world.attempts.add(entry[1]);
      return;
    case "line":
      world.history.add(entry[1]);
      return;
    case "answer":
      accountOf(world, entry[1]).idempotency.set(entry[2], entry[3]);
      return;
    case "forgotten":
      applyForgotten(accountOf(world, entry[1]), entry[2], entry[3]);
      return;
    case "version":
      readVersion(versions, entry);
      return;
    case "object":
      applyObject(world, versions, entry);
  }
}

function accountOf(world: World, id: string): Account {
  const account = world.accounts.byId.get(id);
  assert(account, "an account's line stands before its objects");
  return account;
}

function applyForgotten(account: Account, noun: string, ids: readonly string[]): void {
  const collection = account.collections.get(noun);
  const gone = new Set(ids);
  if (collection) forgetOldest(collection, gone.size, ({ id }) => gone.has(id));
}

function applyObject(world: World, versions: Versions, entry: ObjectEntry): void {
  const [, accountId, noun, id, created, shown, secret, indices, tail] = entry;
  const account = accountOf(world, accountId);
  const manifest = world.appearances.get(noun);
  const kept = shown && {
    ...shown,
    ...(secret && { [hidden]: secret }),
    ...(typeof tail === "object" && { [captured]: captureOf(versions, tail) }),
  };
  const object = kept && (manifest?.revived?.(kept) ?? kept);
  if (object && typeof tail === "number") versions.set(tail, object);
  let collection = account.collections.get(noun);
  if (!collection) {
    const asked = manifest?.noun.indices ?? []; // More than then, after an upgrade.
    collection = newCollection([...new Set([...indices, ...asked])]);
    account.collections.set(noun, collection);
  }
  const standing = standingOf(collection, id);
  const isAnew = object && standing && (!standing.object || standing.created !== created);
  if (isAnew) remove(collection, id); // It was erased, and came again.
  // A hole keeps its place, so it is made before it is emptied.
  if (!standing || isAnew) insert(collection, object ?? { id, object: noun }, created);
  else if (object) replace(collection, object);
  if (!object) remove(collection, id);
  if (object && "client_secret" in object && object.client_secret) {
    world.accounts.byClientSecret.set(id, account);
  }
}
