// What is known of an object when it is decided about: whose it is, what is open of it, what is in the air.
import assert from "node:assert/strict";
import { migrate } from "#kit/sql/migrate.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { manifests } from "../../resources/index.ts";
import { migrations } from "../../rooms.ts";
import { createRegistry, type Kernel } from "../contract/context.ts";
import type { BillingSql, BillingTables, CallRow, MirrorRow, OperationRow, ReceiptRow } from "../store/tables.ts";
import { withOwner } from "./sets.ts";
import { readSituations, type Situation } from "./situation.ts";

const registry = createRegistry(manifests);

function on(name: string, work: (sql: BillingSql, kernel: Kernel) => Promise<void>): void {
  onEachDatabase<BillingTables>(name, async ({ sql }) => {
    await migrate(sql, migrations);
    await work(sql, { sql, registry, instance: "ins_1" } as unknown as Kernel);
  });
}

/** An event about a payment that nothing is known of. */
function receipt(id: string, more: Partial<ReceiptRow> = {}, object: object = {}): ReceiptRow {
  const of = more.object_id ?? "pi_1";
  const about = { kind: "event", type: "payment_intent.created", lane: of, object_kind: "payment_intent" } as const;
  const nobodys = { customer: null, parent: null, api_version: null, account: null, sha256: "", livemode: 0 };
  const fresh = {
    attempts: 0,
    repeats: 0,
    renewed: 0,
    next_at: 1,
    error: null,
    ended_at: null,
    state: "open",
  } as const;
  const body = Buffer.from(JSON.stringify({ data: { object: { id: of, object: "payment_intent", ...object } } }));
  return { id, ...about, ...nobodys, ...fresh, object_id: of, created: 1, received_at: 1, body, ...more };
}

function mirror(id: string): MirrorRow {
  const whose = { customer: null, parent: null, kind: "payment_intent", row: "{}", raw: Buffer.from("{}") };
  return { id, ...whose, version: 3, seen_created: 0, look_begun: 0, tombstone: 0, updated_at: 0 };
}

function call(key: string, more: Partial<CallRow>): CallRow {
  const sent = {
    step: "toy",
    n: 1,
    method: "POST",
    path: "/v1/toys",
    body: Buffer.from(""),
    next_at: 1,
    tries: 1,
  } as const;
  const rest = {
    touches: null,
    first_sent_at: 1,
    http: null,
    stripe_id: null,
    api_version: "",
    state: "sent",
  } as const;
  return { operation: `op_${key}`, key, ...sent, ...rest, ...more };
}

function operation(id: string): OperationRow {
  const wish = {
    instance: "ins_1",
    mode: "test",
    verb: "toys",
    subject: id,
    attempt: 1,
    params_hash: "",
    params: "{}",
  } as const;
  const stands = { lane: id, turn: 1, step: "toy", answers: "{}", actor: null, state: "open", outcome: null } as const;
  return { id, ...wish, ...stands, cancel_requested: 0, promised: 0, created_at: 1, ended_at: null };
}

async function put(sql: BillingSql, rows: { receipts?: ReceiptRow[]; mirrors?: MirrorRow[]; calls?: CallRow[] }) {
  await sql.write("put", async (tx) => {
    for (const row of rows.receipts ?? []) await tx.insertInto("receipts").values(row).execute();
    for (const row of rows.mirrors ?? []) await tx.insertInto("mirror").values(row).execute();
    for (const row of rows.calls ?? []) {
      await tx.insertInto("operations").values(operation(row.operation)).execute();
      await tx.insertInto("calls").values(row).execute();
    }
  });
}

async function known(kernel: Kernel, ...receipts: readonly ReceiptRow[]) {
  const situations = await readSituations(
    kernel,
    receipts.map((row) => [row]),
  );
  return situations.map(({ id, mirror: stored, isOurs, isInFlight, openCreated }) => {
    return { id, version: stored?.version ?? 0, isOurs, isInFlight, openCreated: openCreated.toSorted() };
  });
}

on("of each object its own row is known, and when its open receipts happened", async (sql, kernel) => {
  const open = receipt("evt_1", { created: 5 });
  const other = receipt("evt_other", { object_id: "pi_2", created: 9 });
  const done = receipt("evt_done", { created: 7, state: "done" });
  await put(sql, { receipts: [open, receipt("evt_2", { created: 6 }), done, other], mirrors: [mirror("pi_1")] });
  assert.deepEqual(await known(kernel, open, other), [
    { id: "pi_1", version: 3, isOurs: true, isInFlight: false, openCreated: [5, 6] },
    { id: "pi_2", version: 0, isOurs: false, isInFlight: false, openCreated: [9] },
  ]);
});

on(
  "ours is what is marked, known, of what is known, or owed a look; without its body nobody knows",
  async (sql, kernel) => {
    const metadata = (bursar_instance: string) => ({ metadata: { bursar_instance } });
    const rows = [
      receipt("evt_marked", { object_id: "pi_1" }, metadata("ins_1")),
      receipt("evt_of_another", { object_id: "pi_2" }, metadata("ins_2")),
      receipt("evt_known", { object_id: "pi_3" }),
      receipt(
        "evt_of_known",
        { object_id: "ch_1", object_kind: "charge" },
        { object: "charge", payment_intent: "pi_3" },
      ),
      receipt(
        "evt_of_unknown",
        { object_id: "ch_2", object_kind: "charge" },
        { object: "charge", payment_intent: "pi_2" },
      ),
      receipt("look_owed", { object_id: "pi_4", kind: "look", body: null }),
      receipt("evt_forgotten", { object_id: "pi_5", body: null }),
    ];
    await put(sql, { receipts: rows, mirrors: [mirror("pi_3")] });
    const ours = (await known(kernel, ...rows)).map(({ isOurs }) => isOurs);
    assert.deepEqual(ours, [true, false, true, true, false, true, undefined]);
    const unseen = { isOurs: undefined } as Situation;
    assert.equal(await withOwner(kernel, unseen, null), unseen, "who is not shown cannot tell");
  },
);

on("in the air is what a call has left for, that touches the object or has made it", async (sql, kernel) => {
  const made = (bursar_op: unknown) => ({ metadata: { bursar_op } });
  const rows = [
    receipt("evt_touched", { object_id: "pi_touched" }),
    receipt("evt_parent", { object_id: "pi_child", parent: "pi_touched" }),
    receipt("evt_made", { object_id: "pi_made" }, made("op_sent")),
    receipt("evt_ready", { object_id: "pi_ready" }, made("op_ready")),
    receipt("evt_answered", { object_id: "pi_answered" }),
    receipt("evt_odd", { object_id: "pi_odd" }, made(7)),
    receipt("evt_other", { object_id: "pi_other" }),
  ];
  await put(sql, {
    receipts: rows,
    calls: [
      call("sent", { touches: "pi_touched" }),
      call("ready", { touches: "pi_ready", state: "ready", first_sent_at: null, tries: 0 }),
      call("answered", { touches: "pi_answered", state: "answered" }),
    ],
  });
  const flying = (await known(kernel, ...rows)).filter(({ isInFlight }) => isInFlight).map(({ id }) => id);
  assert.deepEqual(flying, ["pi_touched", "pi_child", "pi_made"]);
});
