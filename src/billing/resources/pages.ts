// Pages of our own lists: newest first, by the instant and the id of the last one seen.
import { problem } from "#kit/problems.ts";

export const pageLimitDefault = 20;
export const pageLimitMax = 100;

export interface PlaceInList {
  readonly createdAt: number;
  readonly id: string;
}

export function pageLimit(limit: number | undefined): number {
  if (limit === undefined) return pageLimitDefault;
  if (Number.isInteger(limit) && limit >= 1 && limit <= pageLimitMax) return limit;
  throw problem("invalid_params", `A page has 1 to ${pageLimitMax} entries`, { details: { field: "limit" } });
}

export function cursorOf(place: PlaceInList): string {
  return Buffer.from(JSON.stringify([place.createdAt, place.id]), "utf8").toString("base64url");
}

export function parseCursor(cursor: string | undefined): PlaceInList | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [createdAt, id] = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as unknown[];
    if (typeof createdAt === "number" && typeof id === "string") return { createdAt, id };
  } catch {
    // Falls through: a cursor that is no JSON is as wrong as any other text.
  }
  throw problem("invalid_params", "This cursor is none of ours", {
    hint: "Pass on nextCursor of the page before, as it came.",
    details: { field: "cursor" },
  });
}

/** Cuts the one row that was read beyond the page. */
export function pageOf<Row, T>(
  rows: readonly Row[],
  page: { limit: number; place(row: Row): PlaceInList; view(row: Row): T },
): { data: T[]; nextCursor: string | null } {
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const hasMore = rows.length > page.limit && last !== undefined;
  return { data: shown.map(page.view), nextCursor: hasMore ? cursorOf(page.place(last)) : null };
}
