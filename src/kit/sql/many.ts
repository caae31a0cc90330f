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
  return isAmongPacked(unit, column, packTexts(unit, texts));
}

export function isAmongPacked(unit: QueryExecutorProvider, column: string, packed: unknown): Expression<boolean> {
  const ref = sql.ref(column);
  if (isPostgres(unit)) return sql<boolean>`${ref} = any(${packed}::text[])`;
  return sql<boolean>`${ref} in (select value from json_each(${packed}))`;
}

/** What a kept statement takes for `texts`: isAmongPacked() and textsPacked() read it. */
export function packTexts(unit: QueryExecutorProvider, texts: readonly string[]): unknown {
  return isPostgres(unit) ? texts : JSON.stringify(texts);
}

/** Texts as a table, for a FROM: of which PostgreSQL knows how many they are. */
export function textsPacked(
  unit: QueryExecutorProvider,
  packed: unknown,
): AliasedExpression<{ text: string }, "given"> {
  const set = isPostgres(unit)
    ? sql<{ text: string }>`(select text from unnest(${packed}::text[]) as texts (text))`
    : sql<{ text: string }>`(select value as text from json_each(${packed}))`;
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
  return rowsPacked(unit, columns, packRows(unit, { columns, rows }));
}

/** Rows as values of a statement: those of columns of bytes by the column's name, all others as `rows`. */
export interface Packed {
  readonly rows: string;
  readonly [bytes: string]: unknown;
}

/** As rowsGiven(), of a statement whose text is kept: of the rows it knows the columns alone. */
export function rowsPacked<Row extends object>(
  unit: QueryExecutorProvider,
  columns: Columns<Row>,
  packed: Packed,
): AliasedExpression<Row, "given"> {
  const fields = fieldsOf(columns);
  const isOfPostgres = isPostgres(unit);
  const picked = Object.entries<ColumnType>(columns).map(([name, type]) => {
    if (type !== "bytes") return isOfPostgres ? sql.id(name) : sql`${at(fields, name)} as ${sql.id(name)}`;
    const whole = isOfPostgres ? sql`${packed[name]}::bytea` : sql`${packed[name]}`;
    const [from, length] = [`${name}_from`, `${name}_length`].map((field) =>
      isOfPostgres ? sql.id(field) : at(fields, field),
    );
    return sql`substr(${whole}, ${from}, ${length}) as ${sql.id(name)}`;
  });
  if (isOfPostgres) {
    const declared = fields.map(({ name, type }) => sql`${sql.id(name)} ${type}`);
    const set = sql`json_to_recordset(${packed.rows}::json) as given (${sql.join(declared)})`;
    return sql<Row>`(select ${sql.join(picked)} from ${set})`.as("given");
  }
  return sql<Row>`(select ${sql.join(picked)} from json_each(${packed.rows}))`.as("given");
}

/** What rowsPacked() takes. */
export function packRows<Row extends object>(
  unit: QueryExecutorProvider,
  { columns, rows }: { columns: Columns<Row>; rows: readonly Row[] },
): Packed {
  const fields = fieldsOf(columns).map(({ name, valuesOf }) => ({ name, values: valuesOf(rows) }));
  const bytes = Object.entries<ColumnType>(columns).flatMap(([name, type]) =>
    type === "bytes" ? [[name, bytesOf(rows, name)] as const] : [],
  );
  const packed = isPostgres(unit)
    ? rows.map((_, nth) => Object.fromEntries(fields.map(({ name, values }) => [name, values[nth]])))
    : rows.map((_, nth) => fields.map(({ values }) => values[nth]));
  return { ...Object.fromEntries(bytes), rows: wellFormed(packed) };
}

/** What stands in the JSON. */
interface Field {
  readonly name: string;
  readonly type: RawBuilder<unknown>;
  valuesOf(rows: readonly object[]): readonly unknown[];
}

function fieldsOf<Row>(columns: Columns<Row>): readonly Field[] {
  return Object.entries<ColumnType>(columns).flatMap(([name, type]): readonly Field[] => {
    const valuesOf = (rows: readonly object[]) => rows.map((row) => (row as Record<string, unknown>)[name]);
    if (type !== "bytes") return [{ name, type: type === "text" ? sql`text` : sql`bigint`, valuesOf }];
    const lengthsOf = (rows: readonly object[]) =>
      (valuesOf(rows) as (Uint8Array | null)[]).map((bytes) => bytes?.length ?? null);
    return [
      { name: `${name}_from`, type: sql`integer`, valuesOf: (rows) => beginningsOf(lengthsOf(rows)) },
      { name: `${name}_length`, type: sql`integer`, valuesOf: lengthsOf },
    ];
  });
}

function beginningsOf(lengths: readonly (number | null)[]): readonly number[] {
  let end = 1;
  return lengths.map((length) => {
    end += length ?? 0;
    return end - (length ?? 0);
  });
}

function bytesOf<Row extends object>(rows: readonly Row[], name: string): Uint8Array {
  return Buffer.concat(rows.flatMap((row) => (row as Record<string, Uint8Array | null>)[name] ?? []));
}

/** SQLite: by its place, because a name is searched for in each row. */
function at(fields: readonly Field[], name: string): RawBuilder<unknown> {
  return sql`value ->> ${sql.lit(fields.findIndex((field) => field.name === name))}`;
}

/** Whether the unit is one of PostgreSQL: otherwise of SQLite. */
export function isPostgres(unit: QueryExecutorProvider): boolean {
  return unit.getExecutor().adapter instanceof PostgresAdapter;
}

/** No database takes half a pair of surrogates as text: the sign for what cannot be read takes its place. */
function wellFormed(rows: readonly object[]): string {
  const json = JSON.stringify(rows);
  if (!json.includes("\\ud")) return json;
  return JSON.stringify(rows, (_name, value) => (typeof value === "string" ? value.toWellFormed() : value));
}
