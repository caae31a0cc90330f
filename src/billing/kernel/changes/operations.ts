// Writing an operation down: the operation and its first call, in the transaction of whatever it reserves.
import type { Instant } from "#kit/clock.ts";
import type { Kernel } from "../contract/context.ts";
import { canonicalJson, derivedId, idempotencyKey, paramsHash } from "../contract/identity.ts";
import type { FiledOperation, OperationView } from "../contract/manifest.ts";
import type { BillingTx, CallRow, OperationRow } from "../store/tables.ts";
import { encodeForm } from "../stripe/form.ts";
import { apiVersion } from "../stripe/gateway.ts";

/** The id of the operation when it is new; undefined when one of this verb, subject and attempt was there before. */
export async function fileOperation(
  kernel: Kernel,
  tx: BillingTx,
  filed: FiledOperation & { now: Instant; actor?: string | undefined },
): Promise<string | undefined> {
  const verb = kernel.registry.verb(filed.verb);
  const id = derivedId("op", [kernel.instance, kernel.mode, filed.verb, filed.subject, filed.attempt].join("|"));
  const view: OperationView = { ...filed, id, instance: kernel.instance, createdAt: filed.now };
  const row: OperationRow = {
    id,
    instance: kernel.instance,
    mode: kernel.mode,
    verb: filed.verb,
    subject: filed.subject,
    attempt: filed.attempt,
    lane: verb.lane(view),
    params_hash: paramsHash(filed.params),
    params: canonicalJson(filed.params),
    actor: filed.actor ?? null,
    state: "open",
    outcome: null,
    cancel_requested: 0,
    created_at: filed.now,
    ended_at: null,
  };
  const inserted = await tx
    .insertInto("operations")
    .values(row)
    .onConflict((conflict) => conflict.doNothing()) // The id follows from the unique columns.
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows !== 1n) return undefined;
  const request = verb.request(view);
  await insertCall(tx, row, {
    step: verb.step,
    n: 1,
    method: request.method,
    path: request.path,
    body: new Uint8Array(Buffer.from(encodeForm(request.params), "utf8")),
    touches: verb.touches(view),
    next_at: filed.now,
  });
  return id;
}

export async function insertCall(
  tx: BillingTx,
  operation: OperationRow,
  call: Pick<CallRow, "step" | "n" | "method" | "path" | "body" | "touches" | "next_at">,
): Promise<void> {
  await tx
    .insertInto("calls")
    .values({
      ...call,
      operation: operation.id,
      key: idempotencyKey({ ...operation, step: call.step, n: call.n }),
      api_version: apiVersion,
      state: "ready",
      first_sent_at: null,
      tries: 0,
      http: null,
      stripe_id: null,
    })
    .execute();
}

export function viewOf(row: OperationRow): OperationView {
  return {
    id: row.id,
    instance: row.instance,
    subject: row.subject,
    attempt: row.attempt,
    params: JSON.parse(row.params) as Record<string, unknown>,
    createdAt: row.created_at,
  };
}
