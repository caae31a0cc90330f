// Pages of our own lists: newest first, by the instant and the id of the last one seen.
import { type SelectQueryBuilder, type SqlBool, sql } from "kysely";
import { problem } from "#kit/problems.ts";
import { type Page, type PageOptions, pageLimitDefault, pageLimitMax } from "../api/index.ts";
import type { BillingReader, BillingSql, BillingTables } from "../kernel/store/tables.ts";
import { checkInstant, isPlainText } from "./input.ts";

/** Where a row stands: its instant, then what orders rows of one instant. */
export type PlaceInList<Ids extends readonly string[] = [id: string]> = readonly [at: number, ...ids: Ids];

export function pageLimit(limit: number | undefined): number {
  if (limit === undefined) return pageLimitDefault;
  if (Number.isInteger(limit) && limit >= 1 && limit <= pageLimitMax) return limit;
  throw problem("invalid_params", `A page has 1 to ${pageLimitMax} entries`, { details: { field: "limit" } });
}

export function parseCursor(cursor: string | undefined): PlaceInList | undefined;
/** For lists whose rows of one instant are ordered by two names. */
export function parseCursor(cursor: string | undefined, ids: 2): PlaceInList<[string, string]> | undefined;
export function parseCursor(cursor: string | undefined, ids = 1): readonly [number, ...string[]] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const place = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as unknown[];
    const [at, ...names] = place;
    const isPlace = Number.isSafeInteger(at) && names.length === ids && names.every(isPlainText);
    if (isPlace) return [at as number, ...names];
  } catch {
    // Falls through: a cursor that is not JSON is as wrong as any other text.
  }
  throw problem("invalid_params", "This cursor is none of ours", {
    hint: "Pass on nextCursor of the page before, as it came.",
    details: { field: "cursor" },
  });
}

type Query<Table extends keyof BillingTables, Row> = SelectQueryBuilder<BillingTables, Table, Row>;

interface Listing<Table extends keyof BillingTables, Row, At, T> {
  /** Names the unit in logs: `orders.list`. */
  readonly label: string;
  /** The column with a row's instant. */
  readonly at: At;
  /** The table with its filters. */
  readonly from: (reader: BillingReader) => Query<Table, Row>;
  readonly view: (row: Row) => T;
}

/** The columns of a place. */
interface PlaceColumns {
  readonly at: string;
  readonly id: string;
}

/** One page: `readPage(core, options, { label: "flags.list", at: "created_at", from, view })`. */
export async function readPage<
  Table extends keyof BillingTables,
  At extends string,
  Row extends { readonly id: string } & { readonly [column in At]: number },
  T,
>(
  core: { readonly sql: BillingSql },
  options: PageOptions,
  { label, at, from, view }: Listing<Table, Row, At, T>,
): Promise<Page<T>> {
  const page = newestFirst<At>(options, at);
  const rows = await core.sql.read(label, (reader) => page.rowsOf(from(reader)));
  return page.pageOf(rows, view);
}

/** Rows that have these values; what is undefined does not matter. */
export function having<Table extends keyof BillingTables, Row>(
  query: Query<Table, Row>,
  values: Readonly<Record<string, string | number | undefined>>,
): Query<Table, Row> {
  let narrowed = query;
  for (const [column, value] of Object.entries(values)) {
    if (value !== undefined) narrowed = narrowed.where(sql<SqlBool>`${sql.ref(column)} = ${value}`);
  }
  return narrowed;
}

/** A text in any case, as both databases do it: of A to Z, and no other letters. */
export function isText(column: string, text: string) {
  const lower = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return sql<SqlBool>`lower(${sql.ref(column)}) = ${lower}`;
}

/** Rows of a span of time. */
function between<Table extends keyof BillingTables, Row>(
  query: Query<Table, Row>,
  at: string,
  options: PageOptions,
): Query<Table, Row> {
  const [from, to] = [checkInstant("from", options.from), checkInstant("to", options.to)];
  const instant = sql.ref<number>(at);
  const begun = from === undefined ? query : query.where(sql<SqlBool>`${instant} >= ${from}`);
  return to === undefined ? begun : begun.where(sql<SqlBool>`${instant} < ${to}`);
}

/**
 * The same in two halves, for rows that are read together with others.
 * @param by where another table has a row's instant and id too, its columns: those of the index that is read in order.
 */
export function newestFirst<At extends string>(options: PageOptions, at: At, by: PlaceColumns = { at, id: "id" }) {
  const limit = pageLimit(options.limit);
  const after = parseCursor(options.cursor);
  const [instant, id] = [sql.ref<number>(by.at), sql.ref<string>(by.id)];
  return {
    /** One more than the page shows. */
    rowsOf<Table extends keyof BillingTables, Row>(query: Query<Table, Row>) {
      const beyond = after && sql<SqlBool>`(${instant}, ${id}) < (${after[0]}, ${after[1]})`;
      const within = between(query, by.at, options);
      const rest = beyond ? within.where(beyond) : within;
      return rest
        .orderBy(instant, "desc")
        .orderBy(id, "desc")
        .limit(limit + 1)
        .execute();
    },
    pageOf: <Row extends { readonly id: string } & { readonly [column in At]: number }, T>(
      rows: readonly Row[],
      view: (row: Row) => T,
    ): Page<T> => pageOf(rows, { limit, view, place: (row) => [row[at], row.id] }),
  };
}

/** Cuts the one row that was read beyond the page. */
export function pageOf<Row, T>(
  rows: readonly Row[],
  page: { limit: number; place(row: Row): PlaceInList<string[]>; view(row: Row): T },
): { data: T[]; nextCursor: string | null } {
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const hasMore = rows.length > page.limit && last !== undefined;
  return { data: shown.map(page.view), nextCursor: hasMore ? cursorOf(page.place(last)) : null };
}

function cursorOf(place: PlaceInList<string[]>): string {
  return Buffer.from(JSON.stringify(place), "utf8").toString("base64url");
}
