// Rows are read and written as arrays: one text for many.
import {
  type Compilable,
  type Insertable,
  type InsertQueryBuilder,
  type InsertResult,
  type RawBuilder,
  sql,
} from "kysely";
import { type Columns, isPostgres, type Packed, packRows, rowsPacked } from "#kit/sql/many.ts";
import { execute, executeEach } from "#kit/sql/statement.ts";
import type { BillingTables, BillingTx } from "./tables.ts";

type Inserting<Table extends keyof BillingTables> = InsertQueryBuilder<BillingTables, Table, InsertResult>;
type Fields = Readonly<Record<string, unknown>>;

/** How rows of a table are inserted, however many: PostgreSQL takes all at once, SQLite one after the other. */
export interface Insertion<Table extends keyof BillingTables & string> {
  readonly columns: Columns<BillingTables[Table]>;
  readonly key: string;
  readonly statement: (tx: BillingTx, given: Packed | BillingTables[Table]) => Compilable;
}

/** @param input `resolved` adds what a conflict leads to. */
export function insertion<Table extends keyof BillingTables & string>(
  table: Table,
  input: {
    readonly columns: Columns<BillingTables[Table]>;
    readonly key: keyof BillingTables[Table] & string;
    readonly resolved?: (inserting: Inserting<Table>) => Inserting<Table>;
  },
): Insertion<Table> {
  const { columns, key, resolved = (inserting) => inserting } = input;
  const names = Object.keys(columns) as (keyof BillingTables[Table] & string)[];
  const statement = (tx: BillingTx, given: Packed | BillingTables[Table]) => {
    const inserting = tx.insertInto(table).columns(names);
    if (!isPostgres(tx)) {
      const row = Object.fromEntries(names.map((name) => [name, (given as Fields)[name]]));
      return resolved(inserting.values(row as Insertable<BillingTables[Table]>));
    }
    const rows = sql<BillingTables[Table]>`select ${sql.join(names.map((name) => sql.id(name)))}
      from ${rowsPacked(tx, columns, given as Packed)}`;
    return resolved(inserting.expression(rows)).returning(sql.ref(key).as(key));
  };
  return { columns, key, statement };
}

/** For a conflict: every column but its key is from now on as it was to be inserted. */
export function asInserted<Row extends object>(
  columns: Columns<Row>,
  key: keyof Row & string,
): { readonly [Name in keyof Row]?: RawBuilder<Row[Name]> } {
  const others = Object.keys(columns).filter((name) => name !== key);
  const replaced = others.map((name) => [name, sql.ref(`excluded.${name}`)]);
  return Object.fromEntries(replaced) as { readonly [Name in keyof Row]?: RawBuilder<Row[Name]> };
}

/** Answers the keys of those that were written: a conflict may leave out others. */
export async function insertRows<Table extends keyof BillingTables & string>(
  tx: BillingTx,
  { columns, key, statement }: Insertion<Table>,
  rows: readonly BillingTables[Table][],
): Promise<ReadonlySet<string>> {
  const keysOf = (some: readonly object[]) =>
    new Set(some.map((row) => (row as Readonly<Record<string, string>>)[key]));
  if (isPostgres(tx)) {
    const { rows: written } = await execute(tx, statement, packRows(tx, { columns, rows }));
    return keysOf(written as object[]) as ReadonlySet<string>;
  }
  const changed = await executeEach(tx, statement, rows);
  return keysOf(rows.filter((_, nth) => changed[nth] !== 0)) as ReadonlySet<string>;
}

/** SQLite takes 32,766 parameters in one statement, PostgreSQL 65,535. */
const parametersMax = 30_000;

/** The rows, in slices that fit into one statement each. */
export function slicesOf<Row extends object>(rows: readonly Row[]): Row[][] {
  const size = Math.floor(parametersMax / Object.keys(rows[0] ?? {}).length);
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, n) => rows.slice(n * size, (n + 1) * size));
}

export interface Failed<Item> {
  readonly items: readonly Item[];
  readonly error: unknown;
}

/**
 * Works all at once. When that fails for the data of one, the rest must not suffer for it: what failed is halved until
 * the bad one stands alone. Answers what failed for good.
 */
export async function halving<Item>(
  items: readonly Item[],
  work: (items: readonly Item[]) => Promise<void>,
  isOfTheData: (error: unknown) => boolean,
): Promise<readonly Failed<Item>[]> {
  if (items.length === 0) return [];
  try {
    await work(items);
    return [];
  } catch (error) {
    if (items.length === 1 || !isOfTheData(error)) return [{ items, error }];
    const middle = Math.ceil(items.length / 2);
    const first = await halving(items.slice(0, middle), work, isOfTheData);
    return [...first, ...(await halving(items.slice(middle), work, isOfTheData))];
  }
}
