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

type ColumnType = "text" | "integer" | "bytes";
/** Those of a row; `{ id: "text", body: "bytes" } as const satisfies Columns<Row>`. */
export type Columns<Row> = Readonly<Record<keyof Row & string, ColumnType>>;

/** `where(isAmong(tx, "receipts.id", ids))` */
export function isAmong(unit: QueryExecutorProvider, column: string, texts: readonly string[]): Expression<boolean> {
  const ref = sql.ref(column);
  if (isPostgres(unit)) return sql<boolean>`${ref} = any(${texts}::text[])`;
  return sql<boolean>`${ref} in (select value from json_each(${JSON.stringify(texts)}))`;
}

/** Texts as a table, for a FROM: of which PostgreSQL knows how many they are. */
export function textsGiven(
  unit: QueryExecutorProvider,
  texts: readonly string[],
): AliasedExpression<{ text: string }, "given"> {
  const set = isPostgres(unit)
    ? sql<{ text: string }>`(select text from unnest(${texts}::text[]) as texts (text))`
    : sql<{ text: string }>`(select value as text from json_each(${JSON.stringify(texts)}))`;
  return set.as("given");
}

/**
 * Rows as a table, for a FROM: `tx.selectFrom(rowsGiven(tx, { columns, rows }))`. They are one parameter, JSON, which
 * has no bytes: those of a column are another parameter, which is cut apart there.
 */
export function rowsGiven<Row extends object>(
  unit: QueryExecutorProvider,
  { columns, rows }: { columns: Columns<Row>; rows: readonly Row[] },
): AliasedExpression<Row, "given"> {
  const fields = Object.entries<ColumnType>(columns).flatMap(([name, type]) => fieldsOf(rows, { name, type }));
  const isOfPostgres = isPostgres(unit);
  const picked = Object.entries<ColumnType>(columns).map(([name, type]) => {
    if (type !== "bytes") return isOfPostgres ? sql.id(name) : sql`${at(fields, name)} as ${sql.id(name)}`;
    const bytes = bytesOf(rows, name);
    const whole = isOfPostgres ? sql`${bytes}::bytea` : sql`${bytes}`;
    const [from, length] = [`${name}_from`, `${name}_length`].map((field) =>
      isOfPostgres ? sql.id(field) : at(fields, field),
    );
    return sql`substr(${whole}, ${from}, ${length}) as ${sql.id(name)}`;
  });
  if (isOfPostgres) {
    const named = rows.map((_, nth) => Object.fromEntries(fields.map(({ name, values }) => [name, values[nth]])));
    const declared = fields.map(({ name, type }) => sql`${sql.id(name)} ${type}`);
    const set = sql`json_to_recordset(${wellFormed(named)}::json) as given (${sql.join(declared)})`;
    return sql<Row>`(select ${sql.join(picked)} from ${set})`.as("given");
  }
  const placed = rows.map((_, nth) => fields.map(({ values }) => values[nth]));
  return sql<Row>`(select ${sql.join(picked)} from json_each(${wellFormed(placed)}))`.as("given");
}

/** What stands in the JSON. */
interface Field {
  readonly name: string;
  readonly type: RawBuilder<unknown>;
  readonly values: readonly unknown[];
}

function fieldsOf<Row extends object>(
  rows: readonly Row[],
  { name, type }: { name: string; type: ColumnType },
): readonly Field[] {
  const values = rows.map((row) => (row as Record<string, unknown>)[name]);
  if (type !== "bytes") return [{ name, type: type === "text" ? sql`text` : sql`bigint`, values }];
  const lengths = (values as (Uint8Array | null)[]).map((bytes) => bytes?.length ?? null);
  let end = 1;
  const begins = lengths.map((length) => {
    end += length ?? 0;
    return end - (length ?? 0);
  });
  return [
    { name: `${name}_from`, type: sql`integer`, values: begins },
    { name: `${name}_length`, type: sql`integer`, values: lengths },
  ];
}

function bytesOf<Row extends object>(rows: readonly Row[], name: string): Uint8Array {
  return Buffer.concat(rows.flatMap((row) => (row as Record<string, Uint8Array | null>)[name] ?? []));
}

/** SQLite: by its place, because a name is searched for in each row. */
function at(fields: readonly Field[], name: string): RawBuilder<unknown> {
  return sql`value ->> ${sql.lit(fields.findIndex((field) => field.name === name))}`;
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
