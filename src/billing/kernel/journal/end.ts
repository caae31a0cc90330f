// How a step ends, and how an operation does. Each is one transaction: our rows, the mirror, the facts, the next call
// or the end, and what follows from a cancel that was wished meanwhile.
//
// | end | reservations | earlier steps | a cancel was wished |
// |---|---|---|---|
// | done | used | stay | the opposite is filed |
// | refused, failed, expired, withdrawn | given back | undone, last first | told: nothing stands at Stripe |
// | parked | kept, for a human | undone, last first | the flag says so; it holds when the human has decided |
// | left (a copied database) | given back | are the original's | told |

import assert from "node:assert/strict";
import { type Instant, secondMs } from "#kit/clock.ts";
import { execute } from "#kit/sql/statement.ts";
import { raiseFlags, resolveFlag } from "../changes/flags.ts";
import { bury, goneIn, goneNews, tellGone } from "../changes/gone.ts";
import { fileLooks } from "../changes/looks.ts";
import { type Seen, tellSeen, writeSeen } from "../changes/observe.ts";
import { callOf, insertCall, type Standing } from "../changes/operations.ts";
import { createReacting, spread } from "../changes/react.ts";
import type { Kernel } from "../contract/context.ts";
import type { News, RaisedFlag, Reacting, Remote } from "../contract/reacting.ts";
import {
  type Answers,
  brokenPromiseFlag,
  firstWanted,
  type OperationView,
  type Refusal,
  type Step,
  type Verb,
  wishName,
} from "../contract/verb.ts";
import { canonicalJson } from "../store/canonical_json.ts";
import type { BillingTx, CallRow, OperationRow, OperationState } from "../store/tables.ts";

/** What a parked operation is flagged as. */
export const parkedFlag = "operation_parked";

interface Ending {
  readonly kernel: Kernel;
  readonly tx: BillingTx;
  readonly now: Instant;
  readonly standing: Standing;
}

export type StepAnswer = Ending & {
  readonly remote: Remote;
  readonly status: number;
  /**
   * The answer of an own call is a look begun before the call: the version that was stored then. Null for a replayed
   * answer or a found object, of which only the id is believed.
   */
  readonly look: { readonly version: number; readonly begunAt: Instant } | null;
};

/** An operation that is done, for whoever waits for it: Stripe's answer holds the client secret and is never stored. */
export interface Done {
  readonly operation: string;
  readonly outcome: unknown;
  readonly answer: Remote;
}

/**
 * Stripe has done what the step asked: the next call is written, or the operation is done. Where a cancel was wished
 * meanwhile, the next call is not sent (try.ts), or the opposite is filed. Undefined while steps are left, and where a
 * look is owed before our rows show what was done.
 */
export async function endStep(ending: StepAnswer): Promise<Done | undefined> {
  const { kernel, tx, now, standing, remote } = ending;
  const { operation, verb, step, call } = standing;
  const reacting = createReacting(kernel, tx, now);
  const answer = step.answer.read(remote, `Stripe's answer to ${verb.name} ${step.name}`);
  const answers = { ...standing.answers, [step.name]: answer };
  const next = firstWanted(verb.steps.slice(verb.steps.indexOf(step) + 1), standing.view, answers);
  await updateCall(tx, call, { state: "answered", http: ending.status, stripe_id: remote.id });
  const moved = next ? { step: next.name } : { state: "done" as const, ended_at: now };
  const answered = { answers: canonicalJson(answers), ...moved };
  const { isCancelWished, isPromised } = await updateOperation(tx, operation, answered);
  const view = { ...standing.view, isPromised };
  const seen = (await observe(ending)) ?? (remote.deleted === true ? await seeGone(ending) : undefined);
  const outcome = next ? undefined : verb.outcome.read(await verb.answered(reacting, view, answers), verb.name);
  if (!next) await updateOperation(tx, operation, { outcome: JSON.stringify(outcome) });
  await (seen ? tellSeen(kernel, reacting, seen) : oweLook(ending));
  if (next) {
    await insertCall(tx, operation, callOf({ step: next, view, answers, now }));
    return undefined;
  }
  if (operation.attempt > 1) await resolveFlag(tx, { kind: brokenPromiseFlag, subject: wishName(operation), now });
  const opposite = isCancelWished ? verb.opposite?.(view, answers) : undefined;
  if (opposite) await reacting.fileOperation(opposite);
  return seen && { operation: operation.id, outcome, answer: remote };
}

/** Every end but `done`. */
const ends = {
  refused: { state: "refused", call: "answered", undoes: true },
  failed: { state: "failed", call: "answered", undoes: true },
  parked: { state: "parked", call: "answered", undoes: true },
  expired: { state: "expired", call: "canceled", undoes: true },
  withdrawn: { state: "canceled", call: "canceled", undoes: true },
  /** The original of a copied database carries it on. */
  left: { state: "canceled", call: "canceled", undoes: false },
} as const satisfies Record<string, { state: OperationState; call: CallRow["state"]; undoes: boolean }>;

export type End = keyof typeof ends;

export const withdrawn = ours("withdrawn", "It was canceled before it was sent.");

export function ours(type: string, message: string): Refusal {
  return { http: 0, type, code: null, declineCode: null, message };
}

/** Nothing more is sent: reservations go back, earlier steps are undone, and a wished cancel is told. */
export async function endWithout(ending: Ending & { readonly end: End; readonly refusal: Refusal }): Promise<void> {
  const { kernel, tx, now, standing, end, refusal } = ending;
  const { operation, verb, call } = standing;
  const { state, call: callState, undoes } = ends[end];
  const reacting = createReacting(kernel, tx, now);
  await updateCall(tx, call, { state: callState, ...(refusal.http > 0 && { http: refusal.http }) });
  const { isCancelWished, isPromised } = await updateOperation(tx, operation, {
    state,
    outcome: JSON.stringify(refusal),
    ended_at: now,
    ...(end === "withdrawn" && { cancel_requested: 1 }),
  });
  const view = { ...standing.view, isPromised };
  if (undoes) await undoSteps(reacting, standing);
  if (end === "parked") await park(ending, isCancelWished);
  else await giveBack({ kernel, reacting, verb, view, end, refusal, isCancelWished });
  await tellGone(kernel, reacting, goneIn(refusal, standing.step.embeds?.(view, standing.answers) ?? []));
  if (call.touches === null || refusal.http === 0) return;
  // Why it was refused is Stripe's object to tell.
  const known = await tx
    .selectFrom("mirror")
    .select(["id", "kind", "customer", "parent"])
    .where("id", "=", call.touches)
    .executeTakeFirst();
  if (known) await fileLooks(kernel, tx, { objects: [known], now });
}

/** Files the undoing of each step that was answered, the last one first. Filed again, they are the same operations. */
async function undoSteps(
  reacting: Reacting,
  { verb, view, answers }: { verb: Verb; view: OperationView; answers: Answers },
): Promise<void> {
  for (const step of verb.steps.toReversed()) {
    if (isUndone(step, answers)) await reacting.fileOperation(step.undo(view, answers));
  }
}

export function isUndone(step: Step, answers: Answers): step is Step & Required<Pick<Step, "undo">> {
  return step.undo !== undefined && step.name in answers;
}

/** Never in a correct run: the same key left with other bytes. A human must see it before anything moves on. */
async function park({ kernel, tx, now, standing, refusal }: Ending & { refusal: Refusal }, isCancelWished: boolean) {
  const { id, verb } = standing.operation;
  await raiseFlags(tx, [parkedFlagOf(id, { refusal, isCancelWished })], now);
  kernel.ports.log.error("operation.parked", { operation: id, verb });
}

/** Who is to decide it is told why it waits, and what was wished before or since. */
export function parkedFlagOf(id: string, why: { refusal: Refusal; isCancelWished: boolean }): RaisedFlag {
  const wish = why.isCancelWished ? " A cancel was wished meanwhile; it holds when this is decided." : "";
  return { kind: parkedFlag, subject: id, detail: `${why.refusal.message}${wish}` };
}

async function giveBack(given: {
  kernel: Kernel;
  reacting: Reacting;
  verb: Verb;
  view: OperationView;
  end: End;
  refusal: Refusal;
  isCancelWished: boolean;
}): Promise<void> {
  const { kernel, reacting, verb, view, end, refusal, isCancelWished } = given;
  const news: News[] = [...(await verb.refused(reacting, view, refusal))];
  if (isCancelWished) news.push(...((await verb.canceled?.(reacting, view)) ?? []));
  if (end === "expired") {
    const data = { verb: verb.name, subject: view.subject, attempt: view.attempt };
    news.push({ type: "operation.expired", subject: view.id, transition: view.id, data });
  }
  await spread(kernel, reacting, news);
}

/**
 * What others have asked of it while its call was in the air. Its row is locked from here on: what they asked before is
 * seen, whoever asks later sees what we leave.
 */
export async function updateOperation(
  tx: BillingTx,
  { id }: Pick<OperationRow, "id">,
  changes: Partial<OperationRow>,
): Promise<{ readonly isCancelWished: boolean; readonly isPromised: boolean }> {
  const { rows } = await execute(tx, updatingOperation, { ...changes, id });
  const [row] = rows;
  assert.ok(row, `operation ${id} is there`);
  return { isCancelWished: row.cancel_requested === 1, isPromised: row.promised === 1 };
}

function updatingOperation(tx: BillingTx, { id, ...changes }: Partial<OperationRow> & { id: string }) {
  return tx.updateTable("operations").set(changes).where("id", "=", id).returning(["cancel_requested", "promised"]);
}

export async function updateCall(tx: BillingTx, call: CallPlace, changes: Partial<CallRow>): Promise<void> {
  const { operation, step, n } = call;
  await execute(tx, updatingCall, { ...changes, operation, step, n });
}

type CallPlace = Pick<CallRow, "operation" | "step" | "n">;

function updatingCall(tx: BillingTx, { operation, step, n, ...changes }: Partial<CallRow> & CallPlace) {
  return tx
    .updateTable("calls")
    .set(changes)
    .where("operation", "=", operation)
    .where("step", "=", step)
    .where("n", "=", n);
}

/** Undefined where only the id is believed, or somebody else was faster: then a look is owed. */
async function observe({ kernel, tx, standing, remote, look }: StepAnswer): Promise<Seen | undefined> {
  const { call } = standing;
  const kind = kernel.registry.kind(remote.object);
  if (!kind || !look) return undefined;
  const row = kind.row(remote);
  if (!row) return undefined;
  const lookBegun = look.begunAt - secondMs;
  // The version is that of the object the call changes; what it made did not exist before.
  const version = remote.id === call.touches ? look.version : 0;
  const isDeleted = remote.deleted === true;
  const seen = await writeSeen(kernel, tx, [{ kind, remote, row, version, lookBegun, isDeleted }]);
  return seen.written.has(remote.id) ? seen : undefined;
}

/** Taken away, by this call or before it, which leaves nothing that a row could be made of. */
async function seeGone({ tx, now, remote }: StepAnswer): Promise<Seen> {
  await bury({ tx, now }, [remote.id]);
  const news = [goneNews({ kind: remote.object, id: remote.id })];
  return { written: new Set([remote.id]), news, unknown: [] };
}

async function oweLook({ kernel, tx, now, remote }: StepAnswer): Promise<void> {
  const kind = kernel.registry.kind(remote.object);
  if (!kind) return;
  await fileLooks(kernel, tx, { objects: [{ kind: kind.kind, id: remote.id, ...kind.belongsTo(remote) }], now });
}
