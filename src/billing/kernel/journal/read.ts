// From a stored operation to what its verb can do with it. The row may have been written by another program: an older
// one, or a newer one that runs beside this one for a while. What cannot be read is never guessed at.
import { problem } from "#kit/problems.ts";
import { answersOf, type Standing } from "../changes/operations.ts";
import type { Kernel } from "../contract/context.ts";
import { type OperationView, type Refusal, refusalShape, type Verb } from "../contract/verb.ts";
import type { CallRow, OperationRow, Selecting } from "../store/tables.ts";

/** Throws `operation_unreadable` when this program has no such verb, or the verb cannot read the row. */
export async function readStanding(kernel: Kernel, db: Selecting, operation: OperationRow): Promise<Standing> {
  const verb = kernel.registry.verb(operation.verb);
  if (!verb) throw unreadable(operation, `no resource has the verb ${operation.verb}`);
  const step = verb.steps.find(({ name }) => name === operation.step);
  if (!step) throw unreadable(operation, `${operation.verb} has no step "${operation.step}"`);
  const call = await lastCall(db, operation);
  if (!call) throw unreadable(operation, `its step "${operation.step}" has no call`);
  try {
    return { operation, verb, step, call, view: viewOf(verb, operation), answers: answersOf(verb, operation) };
  } catch (error) {
    throw unreadable(operation, String(error));
  }
}

function viewOf(verb: Verb, row: OperationRow): OperationView {
  return {
    id: row.id,
    instance: row.instance,
    subject: row.subject,
    attempt: row.attempt,
    params: verb.params.read(JSON.parse(row.params), `${verb.name} params`),
    createdAt: row.created_at,
    isPromised: row.promised === 1,
  };
}

function unreadable(operation: OperationRow, why: string) {
  return problem("operation_unreadable", `Operation ${operation.id} cannot be carried on: ${why}`, {
    hint: "It was written by another version of Bursar. Run the one that knows it; nothing of it is lost meanwhile.",
    details: { operation: operation.id, verb: operation.verb },
  });
}

async function lastCall(db: Selecting, operation: OperationRow): Promise<CallRow | undefined> {
  return db
    .selectFrom("calls")
    .selectAll()
    .where("operation", "=", operation.id)
    .where("step", "=", operation.step)
    .orderBy("n", "desc")
    .limit(1)
    .executeTakeFirst();
}

/** What an operation's row says of its end; null when it has not ended, or is done. */
export function refusalIn(outcome: string | null): Refusal | null {
  return outcome === null ? null : refusalShape.read(JSON.parse(outcome), "the refusal");
}
