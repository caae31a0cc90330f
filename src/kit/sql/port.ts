// The SQL port: the same promises on SQLite and PostgreSQL, so that billing is written once.
//
// - No query outside read() or write(), not even one INSERT: on a shared connection an autocommit insert is
//   acknowledged and then rolled back with somebody else's transaction.
// - Inside write() only statements of its own `tx` may be awaited. A network call, a sleep or a nested read()/write()
//   throws at once, because it would hold the one writer while the world is slow.
// - work may run again (40001, 40P01, SQLITE_BUSY, a connection lost before COMMIT), so it changes nothing but rows.
// - A COMMIT whose answer is lost throws Problem "commit_unknown": the caller must be a no-op when run a second time.
//   A write that says so itself (`isRepeatable`) is run again, and so is every read.
import type { Kysely, QueryCreator, QueryExecutorProvider } from "kysely";

/** What may be done inside read(): selects over one consistent snapshot. */
export type Reader<DB> = Pick<Kysely<DB>, "selectFrom" | "with"> & QueryExecutorProvider;

/** What may be done inside write(). Throws after the end of its transaction. */
export type Tx<DB> = QueryCreator<DB> & QueryExecutorProvider;

interface WaitEnd {
  readonly signal?: AbortSignal;
  /** See Clock.sleep. */
  readonly quietMs?: number;
}

export interface Wake {
  /** Tells whoever waits for `topic`, in this process and (on PostgreSQL) in every other. Call it after the commit. */
  notify(topic: string): void;
  /** Resolves at the next notify of `topic`, after `maxMs`, or when aborted. */
  next(topic: string, maxMs: number, until?: WaitEnd): Promise<void>;
}

export interface WriteOptions {
  /** For what goes through whole tables. A statement's own limit on PostgreSQL is the work's to raise. */
  readonly limitMs?: number;
  /** Done a second time it changes nothing: then it is run again when nobody knows whether it was committed. */
  readonly isRepeatable?: boolean;
}

export interface Sql<DB> {
  readonly engine: "sqlite" | "postgres";
  /** Where our tables live on PostgreSQL; null on SQLite. A unit's builders qualify with it, raw SQL does itself. */
  readonly schema: string | null;
  /**
   * Tells this database from a copy of it: a moved file and a restarted server keep it, a copied or restored one has
   * another. Null in memory, where nothing can be copied. What it cannot see: a copy of a whole server's disk.
   * @param unit the transaction in which it is asked.
   */
  place(unit: QueryExecutorProvider): Promise<string | null>;
  /** @param label names the unit in logs and in errors about its limit. */
  read<T>(label: string, work: (reader: Reader<DB>) => Promise<T>): Promise<T>;
  /** First in, first out per process. 5 s is the limit of one unit that names no other. */
  write<T>(label: string, work: (tx: Tx<DB>) => Promise<T>, options?: WriteOptions): Promise<T>;
  readonly wake: Wake;
  close(): Promise<void>;
}
