// What the two databases call the same thing.

/** A row with the same unique key exists. Prefer `on conflict do nothing`: a failed statement ends its transaction. */
export function isUniqueViolation(error: unknown): boolean {
  return sqlState(error) === "23505" || [1555, 2067, 2579].includes(sqliteCode(error) ?? 0);
}

/** PostgreSQL's five characters. */
export function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** SQLite's extended result code; its low byte is the primary one. */
export function sqliteCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | undefined)?.errcode;
  return typeof code === "number" ? code : undefined;
}
