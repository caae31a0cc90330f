// A file or a schema that holds something of another program is refused by name, before anything in it is changed: an
// installation has a place of its own. That is looked at again for what a newer version brings, because a host may have
// made a table since, and a version of before stopped half way where it met one.
import { problem } from "../problems.ts";

/** A migration, with what it does. */
export interface Known {
  readonly name: string;
  readonly hash: string;
  readonly statements: readonly string[];
}

/** Our record of migrations: where it is, the place is ours. */
export const recordName = "bursar_migrations";
/** Its columns, in the order of the alphabet. */
const recordColumns = "hash name";

/** What stands in a file or a schema. */
export interface Standing {
  /** "The file /var/shop.db". */
  readonly place: string;
  /** What would help, as a sentence. */
  readonly wayOut: string;
  /** Of all that has a name there: tables, views, indices, types. */
  readonly names: readonly string[];
  /** The columns of what is called as our record is; none without it. */
  readonly columns: readonly string[];
  /** The migrations that stand in the record. Asked only where it is one. */
  readonly applied: () => Promise<readonly string[]> | readonly string[];
}

/** Throws Problem "invalid_config" for what another program holds where `known` are to be applied. */
export async function refuseForeign(standing: Standing, known: readonly Known[]): Promise<void> {
  const { place, wayOut } = standing;
  const name = await foreignName(standing, known);
  if (name === undefined) return;
  throw problem("invalid_config", `${place} holds "${name}" of another program`, {
    hint: `${wayOut} Nothing was changed.`,
    details: { name },
  });
}

async function foreignName({ names, columns, applied }: Standing, known: readonly Known[]) {
  const isOurs = isRecord(columns);
  if (columns.length > 0 && !isOurs) return recordName;
  const done = new Set(isOurs ? await applied() : []);
  const made = namesMade(known.filter(({ name }) => done.has(name)));
  const wanted = namesMade(known.filter(({ name }) => !done.has(name)));
  const inTheWay = names.find((name) => wanted.has(name) && !made.has(name));
  return inTheWay ?? (isOurs ? undefined : names[0]);
}

/** Whether a table with these columns is a record of ours. */
export function isRecord(columns: readonly string[]): boolean {
  return [...columns].sort().join(" ") === recordColumns;
}

function namesMade(known: readonly Known[]): ReadonlySet<string> {
  const made = /^\s*create (?:unique )?(?:table|index|view|trigger) (\w+)/;
  const names = known.flatMap(({ statements }) => statements.map((text) => made.exec(text)?.[1]));
  return new Set(names.filter((name) => name !== undefined));
}
