// An import goes stage by stage, and each of them page by page: what a page writes and that it was gone through are one
// transaction, so that whoever is killed goes on where it stopped.
import { type Instant, secondMs } from "#kit/clock.ts";
import { isProblem, problem } from "#kit/problems.ts";
import { backoffMs } from "#kit/waiting/retry.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { holdLane, type Lease } from "../../kernel/store/lanes.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import type { Ids } from "./ids.ts";
import type { ImportStageRow } from "./tables.ts";

/** What all stages know of the import. */
export interface Importing {
  readonly core: BillingCore;
  readonly ids: Ids;
  readonly isDryRun: boolean;
  /** By Stripe's time: what is older is in its lists. */
  readonly begunAt: Instant;
}

export interface Stage {
  readonly name: string;
  /** Of Stripe's objects, which one the report counts it as. */
  readonly kind?: string;
  /** Reads what comes after the cursor; null for the beginning. */
  next(importing: Importing, cursor: string | null): Promise<Gathered>;
  /** How much there is of it, where somebody knows. */
  total?(importing: Importing): Promise<number>;
}

/** What was read, to be written down. It may be asked to write several times, of which one counts. */
export type Gathered = (tx: BillingTx) => Promise<Advance>;

export interface Advance {
  /** Null when nothing comes after it. */
  readonly cursor: string | null;
  /** How many were gone through. */
  readonly done: number;
  readonly ours?: number;
  readonly others?: number;
  readonly added?: number;
}

/** Thrown where somebody else was faster: the page is read again. */
export class Overtaken extends Error {}

/** More pages of one import than this are never overtaken one after the other. */
const overtakenMax = 5;
/** Stripe is asked so often for one page. The waits come to some minutes. */
const triesMax = 12;
const waitBaseMs = secondMs;
const waitMaxMs = 60 * secondMs;

/** Goes on until it is done. `hear` is told of each page. */
export async function runStage(
  importing: Importing,
  stage: Stage,
  of: { readonly lease: Lease; readonly signal: AbortSignal | undefined; readonly hear: (step: Advance) => void },
): Promise<void> {
  const { core } = importing;
  let overtaken = 0;
  for (;;) {
    of.signal?.throwIfAborted();
    const row = await readStage(core, stage.name);
    if (row.is_done === 1) return;
    const gathered = await patiently(core, () => stage.next(importing, row.cursor));
    try {
      const step = await core.sql.write("import.page", async (tx) => {
        await stillOurs(core, tx, of.lease);
        const step = await gathered(tx);
        await writeStage(tx, row, step);
        return step;
      });
      overtaken = 0;
      of.hear(step);
    } catch (error) {
      overtaken++;
      if (!(error instanceof Overtaken) || overtaken > overtakenMax) throw error;
    }
  }
}

async function readStage({ sql }: BillingCore, name: string): Promise<ImportStageRow> {
  return sql.read("import.stage", (reader) =>
    reader.selectFrom("import_stages").selectAll().where("name", "=", name).executeTakeFirstOrThrow(),
  );
}

export async function stillOurs({ ports }: BillingCore, tx: BillingTx, lease: Lease): Promise<void> {
  if (await holdLane(tx, lease, ports.clock.now())) return;
  throw problem("wrong_state", "Another process has gone on with this import", {
    hint: "Nothing is lost. Let it end, and give the import again to have its report.",
  });
}

async function writeStage(tx: BillingTx, row: ImportStageRow, step: Advance): Promise<void> {
  await tx
    .updateTable("import_stages")
    .set({
      cursor: step.cursor ?? row.cursor,
      is_done: step.cursor === null ? 1 : 0,
      ours: row.ours + (step.ours ?? 0),
      others: row.others + (step.others ?? 0),
      added: row.added + (step.added ?? 0),
    })
    .where("name", "=", row.name)
    .execute();
}

/** Stripe may be away for a moment, or have enough of us. What it refuses stays refused. */
async function patiently<T>({ ports }: BillingCore, ask: () => Promise<T>): Promise<T> {
  const random = ports.random("import");
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const isPassing = isProblem(error, "stripe_unreachable") || isProblem(error, "unavailable");
      if (!isPassing || attempt === triesMax) throw error;
      ports.log.warn("import.waits", { attempt, error: error.message });
      await ports.clock.sleep(backoffMs({ attempt, baseMs: waitBaseMs, capMs: waitMaxMs, random }));
    }
  }
}
