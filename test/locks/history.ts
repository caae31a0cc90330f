// What units did, one after the other, and which of their reads another unit could have made untrue before they wrote.
//
// A unit that writes relies on what it has read. That is safe when it held a lock that whoever changes it takes as well
// (the row itself, or another one), or when its own write of the row asks for what it has read (a version, a state).
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type Heard, statementsChannel } from "#kit/sql/units.ts";
import { type Keys, type Possible, possibleOf, type Read, type Row, touchedBy, type Write } from "./statement.ts";

interface Step {
  readonly unit: Past;
  readonly at: number;
}

export interface Past {
  readonly label: string;
  readonly reads: (Step & Read)[];
  readonly writes: (Step & Write)[];
  /** Since which step it has held which row. */
  readonly locks: Map<Row, number>;
}

/** `operation.begin reads operations.turn, which operation.sent changes`. */
export interface Finding {
  readonly reader: string;
  readonly table: string;
  readonly columns: string;
  readonly writer: string;
}

export interface Listening {
  readonly units: readonly Past[];
  stop(): void;
}

/** Hears the writing units of this process until it is stopped. */
export function listen(keys: Keys): Listening {
  const units = new Map<object, Past>();
  const hear = (message: unknown) => {
    const heard = message as Heard;
    if (heard.unit.kind !== "write") return;
    const unit: Past = units.get(heard.unit) ?? { label: heard.unit.label, reads: [], writes: [], locks: new Map() };
    units.set(heard.unit, unit);
    const at = unit.reads.length + unit.writes.length;
    const { reads, writes } = touchedBy(heard, keys);
    for (const read of reads) unit.reads.push({ unit, at, ...read });
    for (const write of writes) {
      unit.writes.push({ unit, at, ...write });
      for (const row of write.rows) if (!unit.locks.has(row)) unit.locks.set(row, at);
    }
  };
  subscribe(statementsChannel, hear);
  return {
    get units() {
      return [...units.values()];
    },
    stop: () => void unsubscribe(statementsChannel, hear),
  };
}

/** What was read and could have become untrue, each once. */
export function untrueReads(units: readonly Past[]): readonly Finding[] {
  const written = writtenBy(units);
  const found = new Map<string, Finding>();
  for (const reader of units) {
    for (const read of reader.reads) {
      if (!reader.writes.some(({ at }) => at > read.at)) continue;
      const held = heldAt(read);
      for (const write of candidates(read, written)) {
        if (write.unit === reader || haveCommonLock(held, write) || !couldChange(write, read, written)) continue;
        const columns = changedColumns(write, read).join(" ");
        const finding = { reader: reader.label, table: read.table, columns, writer: write.unit.label };
        if (columns !== "") found.set(JSON.stringify(finding), finding);
      }
    }
  }
  return [...found.values()];
}

type Done = Step & Write;

interface Written {
  /** By table. */
  readonly inserts: ReadonlyMap<string, readonly Done[]>;
  readonly changes: ReadonlyMap<string, readonly Done[]>;
  /** Those of `changes`, by row; under `orders ?` those of which it cannot be told. */
  readonly changesOf: ReadonlyMap<Row, ReadonlySet<Done>>;
  readonly given: ReadonlyMap<Row, Possible>;
  readonly inserted: ReadonlyMap<Done, readonly Possible[]>;
}

function writtenBy(units: readonly Past[]): Written {
  const all = units.flatMap(({ writes }) => writes);
  const { insert: inserts = [], change: changes = [] } = Object.groupBy(all, ({ kind }) =>
    kind === "insert" ? kind : "change",
  );
  const changesOf = new Map<Row, Set<Done>>();
  for (const write of changes) {
    for (const row of write.rows) changesOf.set(row, (changesOf.get(row) ?? new Set()).add(write));
  }
  return {
    inserts: Map.groupBy(inserts, ({ table }) => table),
    changes: Map.groupBy(changes, ({ table }) => table),
    changesOf,
    given: givenValues(all),
    inserted: new Map(inserts.map((write) => [write, write.values.map(possibleOf)])),
  };
}

/** All writes that may be of a row that was read. */
function candidates({ table, rows }: Read, { inserts, changes, changesOf }: Written): Iterable<Done> {
  const changed = rows.some(isUnknown)
    ? (changes.get(table) ?? [])
    : new Set([...rows, `${table} ?`].flatMap((row) => [...(changesOf.get(row) ?? [])]));
  return [...changed, ...(inserts.get(table) ?? [])];
}

function couldChange(write: Done, read: Step & Read, { given, inserted }: Written): boolean {
  if (write.kind === "insert") {
    const isNew = !write.rows.some((row) => read.rows.includes(row));
    return isNew && (inserted.get(write) ?? []).some((value) => read.mayBe(value));
  }
  const isRead = (row: Row) =>
    read.rows.includes(row) || (read.rows.some(isUnknown) && read.mayBe(given.get(row) ?? new Map()));
  return write.rows.some((row) => (isUnknown(row) || isRead(row)) && !isFenced(read, write, row));
}

/** Of each row, by column, all that was ever written there; a column that was once computed is left out. */
function givenValues(writes: readonly Write[]): ReadonlyMap<Row, Possible> {
  const given = new Map<Row, Map<string, Set<unknown>>>();
  const computed = new Set<string>();
  for (const { rows, columns, values } of writes) {
    for (const [index, row] of rows.entries()) {
      const known = given.get(row) ?? new Map<string, Set<unknown>>();
      given.set(row, known);
      const value = values[index] ?? {};
      for (const column of columns) if (!(column in value)) computed.add(`${row} ${column}`);
      for (const [column, one] of Object.entries(value)) known.set(column, (known.get(column) ?? new Set()).add(one));
    }
  }
  for (const [row, known] of given)
    for (const column of known.keys()) if (computed.has(`${row} ${column}`)) known.delete(column);
  return given;
}

function changedColumns({ kind, columns }: Write, read: Read): string[] {
  if (kind === "insert") return ["(new rows)"];
  if (kind === "delete") return ["(rows that go)"];
  return [...columns].filter((column) => !read.columns || read.columns.has(column)).sort();
}

function heldAt(read: Step): readonly Row[] {
  const held = [...read.unit.locks].filter(([row, since]) => since < read.at && !isUnknown(row));
  return held.map(([row]) => row);
}

function haveCommonLock(held: readonly Row[], write: Step): boolean {
  return held.some((row) => (write.unit.locks.get(row) ?? Number.POSITIVE_INFINITY) <= write.at);
}

/** It later writes the row only if what the other one changes is as it was. */
function isFenced(read: Step & Read, write: Write, row: Row): boolean {
  const later = read.unit.writes.filter(
    ({ kind, at, rows }) => kind !== "insert" && at > read.at && rows.includes(row),
  );
  return later.length > 0 && later.every(({ fence }) => [...write.columns].some((column) => fence.has(column)));
}

function isUnknown(row: Row): boolean {
  return row.endsWith(" ?");
}
