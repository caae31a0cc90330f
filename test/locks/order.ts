// In which order units lock rows that stand there already, and which two of them take those of two tables each in
// another order: then each may wait for what the other holds, until the database ends one of them. What a unit inserts
// is nobody else's before its commit.
import type { Past } from "./history.ts";
import type { Row } from "./statement.ts";

/** A unit that has locked a row of one table, and then one of another; and what led it there. */
interface Turn {
  readonly label: string;
  readonly first: string;
  readonly second: string;
  readonly leads: ReadonlySet<string>;
}

/**
 * Each pair of units that cross, as `orders.cancel locks orders, then operations: operation.promised the other way
 * round`. `leadOf` says of a row what it is the one lock for: two that have both taken such a lock, of one kind, before
 * all else, meet there and cross nowhere.
 */
export function crossings(units: readonly Past[], leadOf: (row: Row) => string | undefined): readonly string[] {
  const turns = new Map<string, Turn>();
  for (const turn of units.flatMap((unit) => turnsOf(unit, leadOf))) {
    turns.set(JSON.stringify([turn.label, turn.first, turn.second, [...turn.leads]]), turn);
  }
  const found = [...turns.values()].flatMap((one) =>
    [...turns.values()]
      .filter((other) => one.first === other.second && one.second === other.first && !meet(one, other))
      .filter((other) => one.label < other.label || (one.label === other.label && one.first < other.first))
      .map((other) => `${other.label} locks ${other.first}, then ${other.second}: ${one.label} the other way round`),
  );
  return [...new Set(found)].sort();
}

function meet(one: Turn, other: Turn): boolean {
  return [...one.leads].some((lead) => other.leads.has(lead));
}

function turnsOf({ label, writes }: Past, leadOf: (row: Row) => string | undefined): Turn[] {
  const had = new Map<Row, number>();
  const locks: { table: string; at: number }[] = [];
  const leads = new Set<string>();
  const turns: Turn[] = [];
  for (const { table, kind, rows, at } of writes) {
    const isNew = rows.some((row) => (had.get(row) ?? at) === at);
    for (const row of rows) if (!had.has(row)) had.set(row, at);
    if (kind === "insert" || !isNew) continue;
    const before = new Set(locks.filter((lock) => lock.at < at && lock.table !== table).map((lock) => lock.table));
    for (const first of before) turns.push({ label, first, second: table, leads });
    if (locks.length === 0) for (const lead of rows.map(leadOf)) if (lead !== undefined) leads.add(lead);
    locks.push({ table, at });
  }
  return turns;
}
