// Rows are read and written as arrays: one statement for many, as long as its parameters fit.
import { sql } from "kysely";
import { type Columns, type Packed, packRows, rowsPacked } from "#kit/sql/many.ts";
import type { BillingTables, BillingTx } from "./tables.ts";

/** An insert of rows in one statement of one text, however many they are. What a conflict leads to is added to it. */
export function insertRows<Table extends keyof BillingTables & string>(
  tx: BillingTx,
  table: Table,
  given: { readonly columns: Columns<BillingTables[Table]>; readonly rows: readonly BillingTables[Table][] },
) {
  return insertPacked(tx, table, { columns: given.columns, packed: packRows(tx, given) });
}

/** The same, of a statement whose text is kept. */
export function insertPacked<Table extends keyof BillingTables & string>(
  tx: BillingTx,
  table: Table,
  { columns, packed }: { readonly columns: Columns<BillingTables[Table]>; readonly packed: Packed },
) {
  const names = Object.keys(columns) as (keyof BillingTables[Table] & string)[];
  // Without a WHERE SQLite takes the ON of the conflict for one of a join.
  const rows = sql<BillingTables[Table]>`select ${sql.join(names.map((name) => sql.id(name)))}
    from ${rowsPacked(tx, columns, packed)} where true`;
  return tx.insertInto(table).columns(names).expression(rows);
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
