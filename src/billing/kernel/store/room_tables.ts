// What a room says of its tables: how they came to be, and what of a person stands in which column. A column says
// nothing by being left out: a new one does not compile until somebody has decided.
import type { Migration } from "#kit/sql/migrate.ts";
import type { BillingTables } from "./tables.ts";

export interface RoomTables {
  /** A migration that has shipped is never edited; a change is a new one. */
  readonly migrations: readonly Migration[];
  readonly columns: { readonly [Table in keyof BillingTables]?: Columns<BillingTables[Table]> };
}

/** "plain": nothing of a person. */
export type Columns<Row> = { readonly [Column in keyof Row]-?: Personal | "plain" };

export interface Personal {
  /** In words for the person who asks what we know. */
  readonly what: string;
  /** Whether that person gets it; what stands elsewhere as well, or is somebody else's too, is not handed out. */
  readonly isExported: boolean;
  /** null: erasing empties it. A text: why it stays. */
  readonly keptBecause: string | null;
}

/** Of the person, handed out when asked for, and emptied when erased. */
export function erasable(what: string): Personal {
  return { what, isExported: true, keptBecause: null };
}

/** Handed out when asked for; erasing leaves it where it is. */
export function kept(what: string, keptBecause: string): Personal {
  return { what, isExported: true, keptBecause };
}

/** A copy for our own working: emptied when erased, not handed out. */
export function workingCopy(what: string): Personal {
  return { what, isExported: false, keptBecause: null };
}

/** Whoever sells keeps account of it, whoever the buyer was. */
export const books = "The books must show what was sold, paid and given back.";
