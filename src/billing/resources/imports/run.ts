// READ FIRST. An import walks the account's objects in stages: who is there, who of the host's users that is, and what
// hangs on them. It reads lists, which go backward in time; what happens meanwhile comes by events, which are caught up
// with from its beginning. docs/decisions says why it marks nothing at Stripe.
import { secondMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import type { ImportOptions, ImportReport } from "../../api/index.ts";
import { wakeWorkers } from "../../kernel/changes/react.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { claimLane, type Lease, leaseMs, releaseLane } from "../../kernel/store/lanes.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { checkFields, type Fields } from "../input.ts";
import { catalogStages } from "./catalog.ts";
import { clockCustomersStage, customersStage, lateCustomersStage, namedCustomersStage } from "./customers.ts";
import { idsOf } from "./ids.ts";
import { objectStages } from "./objects.ts";
import { placingStage } from "./place.ts";
import { countAdded, reportOf } from "./report.ts";
import { type Importing, runStage, type Stage, stillOurs } from "./stage.ts";
import type { ImportRow } from "./tables.ts";

const fields: Fields<ImportOptions> = { idFrom: true, dryRun: true, onProgress: true, signal: true };

/** One import at a time, whoever wishes it. */
const lane = "import";

export async function importAccount(core: BillingCore, given: ImportOptions): Promise<ImportReport> {
  const options = checked(given);
  const ids = idsOf(options.idFrom);
  const isDryRun = options.dryRun ?? false;
  await core.ready();
  const lease = await claim(core);
  try {
    const stages = stagesOf(core);
    const wish = `${isDryRun ? "dry run, " : ""}${ids.name}`;
    const row = await begin(core, { wish, stages, lease, isDryRun });
    const importing: Importing = { core, ids, isDryRun, begunAt: row.begun_at };
    await runStages(importing, stages, { lease, options });
    return await end(importing, stages, { lease, n: row.n });
  } finally {
    wakeWorkers(core.sql);
    await giveBack(core, lease);
  }
}

function checked(given: ImportOptions): ImportOptions {
  const options = checkFields("options", given, fields);
  if (options.dryRun !== undefined && typeof options.dryRun !== "boolean") throw invalid("dryRun", "true or false");
  if (options.onProgress !== undefined && typeof options.onProgress !== "function") {
    throw invalid("onProgress", "a function");
  }
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal)) {
    throw invalid("signal", "an AbortSignal");
  }
  return options;
}

function invalid(field: string, what: string) {
  return problem("invalid_params", `${field} is ${what}`, { details: { field } });
}

function stagesOf({ kernel }: BillingCore): readonly Stage[] {
  return [
    customersStage,
    ...(kernel.mode === "test" ? [clockCustomersStage] : []),
    lateCustomersStage,
    namedCustomersStage,
    placingStage,
    ...catalogStages,
    ...objectStages(kernel.registry.manifests),
  ];
}

/** A process that was killed keeps the lane for as long as its lease lasts; one that lives prolongs it. */
async function claim(core: BillingCore): Promise<Lease> {
  const { owner } = core.kernel;
  const { clock } = core.ports;
  const take = () => core.sql.write("import.claim", (tx) => claimLane(tx, { key: lane, owner, now: clock.now() }));
  const first = await take();
  if (first) return first;
  await clock.sleep(leaseMs + secondMs);
  const second = await take();
  if (second) return second;
  throw problem("wrong_state", "Another process is importing into this database", {
    hint: "Let it end. Its report is had by giving the same import again.",
  });
}

async function giveBack({ sql, ports }: BillingCore, lease: Lease): Promise<void> {
  try {
    await sql.write("import.release", (tx) => releaseLane(tx, lease));
  } catch (error) {
    // It ends by itself, in seconds.
    ports.log.warn("import.release_failed", { error: String(error) });
  }
}

/** The import that was begun, or a new one: what of another stands is taken away. */
async function begin(
  core: BillingCore,
  given: { wish: string; stages: readonly Stage[]; lease: Lease; isDryRun: boolean },
): Promise<ImportRow> {
  const { wish, stages, lease, isDryRun } = given;
  return core.sql.write("import.begin", async (tx) => {
    await stillOurs(core, tx, lease);
    const last = await tx.selectFrom("imports").selectAll().orderBy("n", "desc").limit(1).executeTakeFirst();
    const goesOn = last?.state === "open" && last.wish === wish;
    if (!goesOn) await forget(tx);
    const fresh = stages.map(({ name }) => ({ name, cursor: null, is_done: 0, ours: 0, others: 0, added: 0 }));
    // A version that knows more kinds goes on with those too.
    await tx
      .insertInto("import_stages")
      .values(fresh)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    if (goesOn) return last;
    const now = core.ports.clock.now();
    if (!isDryRun) await catchUpFrom(tx, now);
    const n = (last?.n ?? 0) + 1;
    const row: ImportRow = { n, wish, state: "open", report: null, begun_at: now, ended_at: null };
    await tx.insertInto("imports").values(row).execute();
    return row;
  });
}

async function forget(tx: BillingTx): Promise<void> {
  await tx.deleteFrom("imports").where("state", "=", "open").execute();
  for (const table of ["import_customers", "import_findings", "import_stages"] as const) {
    await tx.deleteFrom(table).execute();
  }
}

/** Where nobody has worked yet, what happens from here on is found by whoever works first. */
async function catchUpFrom(tx: BillingTx, now: number): Promise<void> {
  await tx
    .insertInto("settings")
    .values({ key: "catch_up_created", value: String(now) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function runStages(
  importing: Importing,
  stages: readonly Stage[],
  { lease, options }: { lease: Lease; options: ImportOptions },
): Promise<void> {
  const { signal, onProgress } = options;
  for (const [index, stage] of stages.entries()) {
    let done = 0;
    const total = (await stage.total?.(importing)) ?? null;
    const hear = (step: { readonly done: number }) => {
      done += step.done;
      onProgress?.({ stage: stage.name, nth: index + 1, stages: stages.length, done, total });
    };
    await runStage(importing, stage, { lease, signal, hear });
  }
}

async function end(
  { core, isDryRun }: Importing,
  stages: readonly Stage[],
  { lease, n }: { lease: Lease; n: number },
): Promise<ImportReport> {
  const { report, added } = await core.sql.write("import.end", async (tx) => {
    await stillOurs(core, tx, lease);
    const added = await countAdded(tx);
    const report = await reportOf(tx, stages, isDryRun);
    if (!isDryRun) {
      const done = { state: "done", report: JSON.stringify(report), ended_at: core.ports.clock.now() } as const;
      await tx.updateTable("imports").set(done).where("n", "=", n).execute();
    }
    await forget(tx);
    return { report, added };
  });
  core.ports.log.info("import.done", { isDryRun, ...report.customers, added });
  return report;
}
