// What a database must bring so that units.ts can keep the promises of port.ts over it.
import type { CompiledQuery, DialectAdapter, QueryCompiler, QueryExecutorProvider, QueryResult } from "kysely";
import type { Wake } from "./port.ts";

/** One connection, taken for one unit and given back at its end. */
export interface Connection {
  begin(): Promise<void>;
  execute<R>(query: CompiledQuery): Promise<QueryResult<R>>;
  /** One text for many values, where that costs no turn of the network for each; answers how many rows each changed. */
  executeEach?(query: CompiledQuery, all: readonly (readonly unknown[])[]): Promise<readonly number[]>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** A broken connection is not used again. */
  release(isBroken: boolean): void;
}

/** What to do about an error of the database. */
export type Verdict = "repeat" | "connection_lost" | "fail";

export interface Engine {
  readonly name: "sqlite" | "postgres";
  /** As in port.ts. */
  readonly schema: string | null;
  place(unit: QueryExecutorProvider): Promise<string | null>;
  readonly compiler: QueryCompiler;
  readonly adapter: DialectAdapter;
  /** How many read() may run at once; further ones wait in the order they came. */
  readonly readersMax: number;
  /** True when reads share the writer's connection and therefore its queue. */
  readonly hasOneConnection: boolean;
  readonly wake: Wake;
  connect(kind: "read" | "write"): Promise<Connection>;
  judge(error: unknown): Verdict;
  close(): Promise<void>;
  /** Cuts every connection where it stands, as the end of the process does. The database rolls back what was open. */
  abandon(): void;
}

/** Where a test or the simulator may break a unit. A throw at "commit" or "committed" is a lost answer. */
export type FaultPoint = "begin" | "statement" | "commit" | "committed";
export type Faults = (at: { readonly point: FaultPoint; readonly label: string; readonly sql?: string }) => unknown;

/** How a test kills a process inside its own: it may hold a statement for ever, and cuts what the process held. */
export interface Mortality {
  readonly faults: Faults;
  /** Registers what the operating system would do at the end of the process. */
  atDeath(cut: () => void): void;
}
