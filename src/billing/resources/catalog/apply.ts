// Makes Stripe be as the catalog says. A run that was begun is ended before Stripe is read and planned anew, whoever
// began it; so a second deploy waits for the first, and finds what is left.
import { problem } from "#kit/problems.ts";
import type { ApplyOptions, Catalog, CatalogPlan, Outcome } from "../../api/index.ts";
import { createReacting, wakeWorkers } from "../../kernel/changes/react.ts";
import type { Verb } from "../../kernel/contract/verb.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { Ended } from "../../kernel/journal/operations.ts";
import { canonicalJson } from "../../kernel/store/canonical_json.ts";
import { checkFields } from "../input.ts";
import { failureOf } from "../outcomes.ts";
import { raiseVersion } from "./applied.ts";
import { checkCatalog, type Wanted, wantedOf } from "./definition/index.ts";
import { type Applied, appliedOf, planOf } from "./plan.ts";
import { readAtStripe } from "./read.ts";
import { stepAt } from "./run.ts";
import { type StepVerb, stepsOf } from "./steps.ts";
import type { CatalogRunRow } from "./tables.ts";
import {
  createCoupon,
  createPrice,
  createProduct,
  deleteCoupon,
  updateCoupon,
  updatePrice,
  updateProduct,
} from "./verbs.ts";

const verbs: Readonly<Record<StepVerb, Verb>> = {
  "catalog.createProduct": createProduct as Verb,
  "catalog.updateProduct": updateProduct as Verb,
  "catalog.createPrice": createPrice as Verb,
  "catalog.updatePrice": updatePrice as Verb,
  "catalog.createCoupon": createCoupon as Verb,
  "catalog.updateCoupon": updateCoupon as Verb,
  "catalog.deleteCoupon": deleteCoupon as Verb,
};

/** Deploys that begin at one moment plan one after the other; more than this are a loop. */
const triesMax = 5;

export async function applyCatalog(
  core: BillingCore,
  catalog: Catalog,
  options: ApplyOptions,
): Promise<Outcome<CatalogPlan>> {
  checkCatalog(catalog);
  const { ifPlan, onChange } = checkFields("options", options, { ifPlan: true, onChange: true });
  const wanted = wantedOf(catalog);
  const { namespace } = wanted;
  await core.ready();
  for (let tries = 1; tries <= triesMax; tries++) {
    const last = await lastRun(core, namespace);
    // What became of it is its own caller's to know; only what waits, or needs a human, keeps this one from beginning.
    const before = last?.state === "open" ? await carryRun(core, last, onChange) : undefined;
    if (last && before?.state === "open") return processing(before.operationId, planOfRun(last));
    if (before?.state === "parked") throw failureOf(before, `A run of catalog ${namespace}`);
    const plan = await planAnew(core, catalog);
    refuseOther(plan, ifPlan);
    const run = await beginRun(core, { n: (last?.n ?? 0) + 1, plan, catalog, wanted });
    if (!run) continue;
    const ended = await carryRun(core, run, onChange);
    if (ended.state === "done") return { outcome: "done", value: plan };
    if (ended.state === "open") return processing(ended.operationId, plan);
    throw failureOf(ended, `Catalog ${namespace}`);
  }
  throw problem("conflict", `Catalog ${namespace} is being applied by others`, { hint: "Apply it again." });
}

/** What is there already needs nobody's consent. */
function refuseOther({ namespace, changes, digest }: CatalogPlan, ifPlan: string | undefined): void {
  if (ifPlan === undefined || ifPlan === digest || changes.length === 0) return;
  throw problem("conflict", `Catalog ${namespace} would change other things than the plan that was agreed on`, {
    hint: "Stripe or the catalog was changed meanwhile. Look at `catalog.plan()` again.",
    details: { namespace, field: "ifPlan" },
  });
}

function processing(operationId: string, value: CatalogPlan): Outcome<CatalogPlan> {
  return { outcome: "processing", operationId, value };
}

export async function planAnew(core: BillingCore, catalog: Catalog): Promise<CatalogPlan> {
  const wanted = wantedOf(catalog);
  const done = await core.sql.read("catalog.applied", (reader) =>
    reader
      .selectFrom("catalog_runs")
      .select(["applied", "catalog"])
      .where("namespace", "=", wanted.namespace)
      .where("state", "=", "done")
      .orderBy("n", "desc")
      .limit(1)
      .executeTakeFirst(),
  );
  const applied = done ? (JSON.parse(done.applied) as Applied) : null;
  const isApplied = done?.catalog === canonicalJson(catalog);
  const atStripe = await readAtStripe(core, wanted, applied === null);
  return planOf(wanted, atStripe, { applied, isApplied, now: core.ports.clock.now() });
}

async function lastRun(core: BillingCore, namespace: string): Promise<CatalogRunRow | undefined> {
  return core.sql.read("catalog.run", (reader) =>
    reader
      .selectFrom("catalog_runs")
      .selectAll()
      .where("namespace", "=", namespace)
      .orderBy("n", "desc")
      .limit(1)
      .executeTakeFirst(),
  );
}

interface Beginning {
  readonly n: number;
  readonly plan: CatalogPlan;
  readonly catalog: Catalog;
  readonly wanted: Wanted;
}

/** With its first operation. Undefined when another run has begun since Stripe was read. */
async function beginRun(core: BillingCore, beginning: Beginning): Promise<CatalogRunRow | undefined> {
  const { kernel } = core;
  const now = core.ports.clock.now();
  const row = rowOf(beginning, now);
  const isBegun = await core.sql.write("catalog.begin", async (tx) => {
    const inserted = await tx
      .insertInto("catalog_runs")
      .values(row)
      .onConflict((conflict) => conflict.columns(["namespace", "n"]).doNothing())
      .returning("n")
      .execute();
    if (inserted.length === 0) return false;
    const reacting = createReacting(kernel, tx, now);
    const first = stepAt(row);
    if (first) await reacting.fileOperation(first);
    else await raiseVersion(reacting, row.namespace);
    return true;
  });
  if (isBegun) wakeWorkers(core.sql);
  return isBegun ? row : undefined;
}

function rowOf({ n, plan, catalog, wanted }: Beginning, now: number): CatalogRunRow {
  const steps = stepsOf(plan, wanted, n);
  const isDone = steps.length === 0;
  return {
    namespace: wanted.namespace,
    n,
    state: isDone ? "done" : "open",
    catalog: canonicalJson(catalog),
    applied: canonicalJson(appliedOf(wanted)),
    plan: JSON.stringify(plan),
    steps: JSON.stringify(steps),
    position: 0,
    promised: 0,
    created_at: now,
    ended_at: isDone ? now : null,
  };
}

function planOfRun({ plan }: CatalogRunRow): CatalogPlan {
  return JSON.parse(plan) as CatalogPlan;
}

/** Step by step, with whoever else works at it, to its end or for as long as the caller waits. */
async function carryRun(
  core: BillingCore,
  { namespace, n, plan }: CatalogRunRow,
  onChange?: ApplyOptions["onChange"],
): Promise<RunEnd> {
  const { changes } = JSON.parse(plan) as CatalogPlan;
  for (let told: number | undefined; ; ) {
    const run = await core.sql.read("catalog.position", (reader) =>
      reader
        .selectFrom("catalog_runs")
        .select(["state", "steps", "position"])
        .where("namespace", "=", namespace)
        .where("n", "=", n)
        .executeTakeFirstOrThrow(),
    );
    for (told ??= run.position; told < run.position; told++) {
      const change = changes[told];
      if (change) onChange?.({ change, n: told + 1, of: changes.length });
    }
    const step = stepAt(run);
    if (!step) return { state: "done" };
    const verb = verbs[step.verb];
    const { subject, attempt } = step;
    const params = verb.params.read(step.params, `${verb.name} params`);
    const ended = await core.operations.carryOut(verb, { subject, attempt, params });
    if (ended.state !== "done") return ended;
  }
}

type RunEnd = Exclude<Ended<unknown>, { readonly state: "done" }> | { readonly state: "done" };
