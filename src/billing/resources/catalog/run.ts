// A run carries a plan out at Stripe: one operation for each change, one after the other, in one lane. The end of an
// operation and the next one are one transaction, so that a run that was stopped goes on by itself; and one that Stripe
// refused something stops there, and has archived nothing yet.
import assert from "node:assert/strict";
import { resolveFlag } from "../../kernel/changes/flags.ts";
import type { News, Reacting } from "../../kernel/contract/reacting.ts";
import { integer, text, texts } from "../../kernel/contract/shape.ts";
import type { OperationView, Refusal } from "../../kernel/contract/verb.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { raiseVersion } from "./applied.ts";
import { madeAs, type PlannedStep } from "./steps.ts";
import type { CatalogRunRow } from "./tables.ts";

/** What every verb of a run is given: its place, and the fields that it sends, as Stripe's forms name them. */
export const ofRun = { namespace: text, run: integer, fields: texts };

interface RunParams {
  readonly namespace: string;
  readonly run: number;
  readonly fields: Readonly<Record<string, string>>;
}

type OfRun = OperationView<RunParams>;

/** Two catalogs do not wait for each other. */
export function runLane({ params }: { readonly params: RunParams }): string {
  return `catalog:${params.namespace}`;
}

export function aboutRun({ params }: { readonly params: RunParams }): Readonly<Record<string, string>> {
  return { catalog: params.namespace };
}

const stoppedFlag = "catalog_stopped";

/** The next step, or the end. `id`: of the price that this one has made, which a later one may name. */
export async function advanceRun(reacting: Reacting, { params }: OfRun, id: string): Promise<object> {
  const { tx, now } = reacting;
  const before = await ofPlace(tx, params)
    .set((eb) => ({ position: eb("position", "+", 1) }))
    .returningAll()
    .executeTakeFirstOrThrow();
  const run = { ...before, steps: withMade(before.steps, params.fields.lookup_key, id) };
  if (run.steps !== before.steps) await ofPlace(tx, params).set({ steps: run.steps }).execute();
  const next = stepAt(run);
  if (next) {
    await reacting.fileOperation(next);
    return {};
  }
  await ofPlace(tx, params).set({ state: "done", ended_at: now }).execute();
  await raiseVersion(reacting, params.namespace);
  await resolveFlag(tx, { kind: stoppedFlag, subject: params.namespace, now });
  return {};
}

/** Whoever was answered `processing` relies on it: a human hears that it stopped. Who ended it by hand knows. */
export async function stopRun(
  reacting: Reacting,
  { params, subject }: OfRun,
  refusal: Refusal,
): Promise<readonly News[]> {
  const { tx, now } = reacting;
  const run = await ofPlace(tx, params)
    .set({ state: "failed", ended_at: now })
    .returningAll()
    .executeTakeFirstOrThrow();
  const isKnown = refusal.type === "ended_by_hand" || refusal.type === "other_instance";
  if (run.promised === 0 || isKnown) return [];
  const detail = `Run ${run.n} stopped at ${subject}: ${refusal.message}`;
  await reacting.flag([{ kind: stoppedFlag, subject: run.namespace, detail }]);
  return [];
}

export async function promiseRun({ tx }: Reacting, { params }: OfRun): Promise<void> {
  await ofPlace(tx, params).set({ promised: 1 }).execute();
}

/** The steps, with the id of the price in place of its lookup key. */
function withMade(steps: string, lookupKey: string | undefined, id: string): string {
  return lookupKey === undefined ? steps : steps.replaceAll(JSON.stringify(madeAs(lookupKey)), JSON.stringify(id));
}

function ofPlace(tx: BillingTx, { namespace, run }: RunParams) {
  return tx.updateTable("catalog_runs").where("namespace", "=", namespace).where("n", "=", run);
}

/** Undefined after the last. */
export function stepAt(run: Pick<CatalogRunRow, "steps" | "position">): PlannedStep | undefined {
  const steps = JSON.parse(run.steps) as readonly PlannedStep[];
  assert.ok(run.position <= steps.length, "a run ends with its last step");
  return steps[run.position];
}
