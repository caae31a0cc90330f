// Many values in one parameter, so that the text of a statement is the same however many there are: it is built,
// prepared and planned for one shape, and no limit of parameters is met.
import {
  type AliasedExpression,
  type Expression,
  PostgresAdapter,
  type QueryExecutorProvider,
  type RawBuilder,
  sql,
} from "kysely";

type ColumnType = "text" | "integer";

const types: Readonly<Record<ColumnType, RawBuilder<unknown>>> = { text: sql`text`, integer: sql`bigint` };

/** `where(isAmong(tx, "receipts.id", ids))` */
export function isAmong(unit: QueryExecutorProvider, column: string, texts: readonly string[]): Expression<boolean> {
  const ref = sql.ref(column);
  if (isPostgres(unit)) return sql<boolean>`${ref} = any(${texts}::text[])`;
  return sql<boolean>`${ref} in (select value from json_each(${JSON.stringify(texts)}))`;
}

/** Rows as a table, for a FROM: `tx.selectFrom(rowsGiven(tx, { columns, rows }))`. No bytes: JSON has none. */
export function rowsGiven<Row extends object>(
  unit: QueryExecutorProvider,
  { columns, rows }: { columns: Readonly<Record<keyof Row & string, ColumnType>>; rows: readonly Row[] },
): AliasedExpression<Row, "given"> {
  const json = wellFormed(rows);
  const names = Object.entries<ColumnType>(columns);
  if (isPostgres(unit)) {
    const declared = names.map(([name, type]) => sql`${sql.id(name)} ${types[type]}`);
    return sql<Row>`json_to_recordset(${json}::json)`.as<"given">(sql`given (${sql.join(declared)})`);
  }
  const picked = names.map(([name]) => sql`value ->> ${sql.lit(name)} as ${sql.id(name)}`);
  return sql<Row>`(select ${sql.join(picked)} from json_each(${json}))`.as("given");
}

/** Bytes whose type nothing around them tells. */
export function bytesGiven(unit: QueryExecutorProvider, bytes: Uint8Array): RawBuilder<Uint8Array> {
  return isPostgres(unit) ? sql`${bytes}::bytea` : sql`${bytes}`;
}

function isPostgres(unit: QueryExecutorProvider): boolean {
  return unit.getExecutor().adapter instanceof PostgresAdapter;
}

/** No database takes half a pair of surrogates as text: the sign for what cannot be read takes its place. */
function wellFormed(rows: readonly object[]): string {
  const json = JSON.stringify(rows);
  if (!json.includes("\\ud")) return json;
  return JSON.stringify(rows, (_name, value) => (typeof value === "string" ? value.toWellFormed() : value));
}
