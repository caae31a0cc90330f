// A value that Stripe goes by where nobody says otherwise: a limit, a span of time, a price. Each noun's stand in a
// `defaults.table.ts` of its folder, those of every call in the one beside this file.
import type { Evidence, Sure } from "./evidence.ts";

export interface Default<T = unknown> extends Sure<T> {
  /** What the value is of, and its unit. */
  readonly what: string;
}

export type Defaults = Readonly<Record<string, Default>>;

/** `usual("days until a charge that nobody captured expires", 7, "documented")` */
export function usual<T>(what: string, value: T, evidence: Evidence): Default<T> {
  return { what, value, evidence };
}
