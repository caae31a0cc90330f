// Pages of our own lists: newest first, by the instant and the id of the last one seen.
import { problem } from "#kit/problems.ts";
import { pageLimitDefault, pageLimitMax } from "../api/index.ts";
import { isPlainText } from "./input.ts";

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
