// Writing an operation down: the operation and its first call, in the transaction of whatever it reserves. And the call
// of each further step, in the transaction that ends the step before.
import assert from "node:assert/strict";
import type { Expression } from "kysely";
import type { Instant } from "#kit/clock.ts";
import { execute } from "#kit/sql/statement.ts";
import type { Kernel } from "../contract/context.ts";
import { derivedId, idempotencyKey, paramsHash } from "../contract/identity.ts";
import type { FiledOperation, Reacting } from "../contract/reacting.ts";
import { type Answers, firstWanted, type OperationView, type Step, type Verb } from "../contract/verb.ts";
import { canonicalJson } from "../store/canonical_json.ts";
import { leaseMs } from "../store/lanes.ts";
import { type BillingTx, type CallRow, type OperationRow, openState } from "../store/tables.ts";
import { encodeForm } from "../stripe/form.ts";
import { apiVersion } from "../stripe/gateway.ts";

/** An operation and where it stands. */
export interface Standing {
  readonly operation: OperationRow;
  readonly verb: Verb;
  readonly view: OperationView;
  readonly answers: Answers;
  readonly step: Step;
  /** The last call of that step. */
  readonly call: CallRow;
}

/** `isTaken`: its lane is the caller's, who sends the first call at once unless something else of the lane is open. */
type Filing = FiledOperation & { readonly isPromised: boolean; readonly isTaken?: boolean };

/** The operation when it is new; undefined when one of this verb, subject and attempt was there before. */
export async function fileOperation(kernel: Kernel, reacting: Reacting, filed: Filing): Promise<Standing | undefined> {
  const { tx, now } = reacting;
  const verb = kernel.registry.verb(filed.verb);
  assert.ok(verb, `No manifest has the verb ${filed.verb}`);
  const id = derivedId("op", [kernel.instance, kernel.mode, filed.verb, filed.subject, filed.attempt].join("|"));
  const params = verb.params.read(filed.params, `${filed.verb} params`);
  const view: OperationView = { ...filed, params, id, instance: kernel.instance, createdAt: filed.wishedAt ?? now };
  const answers = await takenOver(kernel, tx, { verb, filed });
  const left = verb.steps.filter(({ name }) => !(name in answers));
  const step = firstWanted(left, view, answers);
  assert.ok(step, `${verb.name} has a step that is left`); // the last one is never kept
  const lane = verb.lane(view);
  const row = {
    id,
    instance: kernel.instance,
    mode: kernel.mode,
    verb: verb.name,
    subject: filed.subject,
    attempt: filed.attempt,
    lane,
    params_hash: paramsHash(params),
    params: canonicalJson(params),
    step: step.name,
    answers: canonicalJson(answers),
    actor: null,
    state: "open",
    outcome: null,
    cancel_requested: 0,
    promised: filed.isPromised ? 1 : 0,
    created_at: view.createdAt,
    ended_at: null,
  } as const satisfies Omit<OperationRow, "turn">;
  const { rows } = await execute(tx, inserting, { ...row, before: filed.isTaken ? -1 : 0 });
  const [inserted] = rows;
  if (!inserted) return undefined;
  const operation = { ...row, ...inserted };
  const sent = { state: "sent", first_sent_at: now, tries: 1, next_at: now + leaseMs } as const;
  const made = callOf({ step, view, answers, now });
  const call = await insertCall(tx, operation, made, inserted.turn === 0 ? sent : unsent);
  await verb.reserve?.(reacting, view);
  return { operation, verb, view, answers, step, call };
}

function inserting(tx: BillingTx, { before, ...row }: Omit<OperationRow, "turn"> & { before: number }) {
  return tx
    .insertInto("operations")
    .values({ ...row, turn: turnBehind(row, tx, { lane: row.lane, before }) })
    .onConflict((conflict) => conflict.doNothing()) // The id follows from the unique columns.
    .returning("turn");
}

/**
 * Asks an open operation of another verb of the same lane not to be sent: what has not left is withdrawn when its turn
 * comes, what has is heard out.
 */
export async function withdraw(tx: BillingTx, { verb, subject }: { verb: string; subject: string }): Promise<void> {
  await tx
    .updateTable("operations")
    .set({ cancel_requested: 1 })
    .where("verb", "=", verb)
    .where("subject", "=", subject)
    .where("state", "=", openState)
    .execute();
}

/** What the attempt before has made and kept, up to the first step that was undone or never answered. */
async function takenOver(
  kernel: Kernel,
  tx: BillingTx,
  { verb, filed }: { verb: Verb; filed: FiledOperation },
): Promise<Answers> {
  if (filed.attempt === 1 || !verb.steps.some(({ kept }) => kept)) return {};
  const before = await tx
    .selectFrom("operations")
    .select("answers")
    .where("instance", "=", kernel.instance)
    .where("mode", "=", kernel.mode)
    .where("verb", "=", verb.name)
    .where("subject", "=", filed.subject)
    .where("attempt", "=", filed.attempt - 1)
    .executeTakeFirst();
  const answers = before ? answersOf(verb, before) : {};
  const end = verb.steps.findIndex(({ name, kept }) => !kept || !(name in answers));
  return Object.fromEntries(verb.steps.slice(0, end).map(({ name }) => [name, answers[name]]));
}

/** The stored answers, read through the shapes of their steps. */
export function answersOf(verb: Verb, row: Pick<OperationRow, "answers">): Answers {
  const stored = JSON.parse(row.answers) as Record<string, unknown>;
  const answered = verb.steps.filter(({ name }) => name in stored);
  return Object.fromEntries(
    answered.map(({ name, answer }) => [name, answer.read(stored[name], `${verb.name} ${name}`)]),
  );
}

/**
 * Behind all that is open in the lane, or the one after `before`: 0 is given only by whoever holds the lane. Two that
 * are filed at once may get the same one; the id decides between them.
 */
export function turnBehind(
  { instance, mode }: Pick<OperationRow, "instance" | "mode">,
  tx: BillingTx,
  { lane, before }: { lane: string; before: number },
): Expression<number> {
  return tx
    .selectFrom("operations")
    .select((eb) => eb(eb.fn.coalesce(eb.fn.max("turn"), eb.val(before)), "+", 1).as("turn"))
    .where("lane", "=", lane)
    .where("state", "=", openState)
    .where("instance", "=", instance)
    .where("mode", "=", mode)
    .$asScalar();
}

type NewCall = Pick<CallRow, "step" | "n" | "method" | "path" | "body" | "touches" | "next_at">;

/** The first call of a step. Its bytes are made here and never again. */
export function callOf(made: { step: Step; view: OperationView; answers: Answers; now: Instant }): NewCall {
  const { step, view, answers, now } = made;
  const { method, path, params: asked } = step.request(view, answers);
  const params = step.expand ? { ...asked, expand: [...step.expand] } : asked;
  const touches = step.touches?.(view, answers) ?? null;
  const body = new Uint8Array(Buffer.from(encodeForm(params), "utf8"));
  return { step: step.name, n: 1, method, path, body, touches, next_at: now };
}

const unsent = { state: "ready", first_sent_at: null, tries: 0 } as const;

export async function insertCall(
  tx: BillingTx,
  operation: OperationRow,
  call: NewCall,
  sending: Pick<CallRow, "state" | "first_sent_at" | "tries"> & { readonly next_at?: Instant } = unsent,
): Promise<CallRow> {
  const { step, n, method, path, body, touches, next_at } = call;
  const row: CallRow = {
    operation: operation.id,
    step,
    n,
    method,
    path,
    body,
    touches,
    next_at,
    key: idempotencyKey({ ...operation, step, n }),
    api_version: apiVersion,
    http: null,
    stripe_id: null,
    ...sending,
  };
  await execute(tx, insertingCall, row);
  return row;
}

function insertingCall(tx: BillingTx, row: CallRow) {
  return tx.insertInto("calls").values(row);
}
