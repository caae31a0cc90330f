// What becomes of receipts when it was decided about their objects, and of the objects.
import assert from "node:assert/strict";
import { testPorts } from "#kit/create_ports.ts";
import { migrate } from "#kit/sql/migrate.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { migrations } from "../../rooms.ts";
import { createRegistry, type Kernel } from "../contract/context.ts";
import { type Manifest, type MirrorKind, on as onNews } from "../contract/manifest.ts";
import type { Remote } from "../contract/reacting.ts";
import { claimLane, type Lease } from "../store/lanes.ts";
import type { BillingTables, MirrorRow, ReceiptRow } from "../store/tables.ts";
import { carryOut, LaneLost, type Planned } from "./carry_out.ts";
import type { Plan } from "./decide.ts";

const kind = { kind: "toy", facts: () => [] } as Pick<MirrorKind, "kind" | "facts"> as MirrorKind;

interface Desk {
  readonly now: number;
  /** Receipts and objects that are there. */
  put(receipts: readonly ReceiptRow[], mirrors?: readonly MirrorRow[]): Promise<void>;
  /** Answers the objects that had moved. */
  carryOut(...planned: readonly Planned[]): Promise<readonly string[]>;
  receipt(id: string): Promise<readonly unknown[]>;
  object(id: string): Promise<readonly number[] | undefined>;
  loseLane(): void;
  readonly told: readonly string[];
}

function on(name: string, work: (desk: Desk) => Promise<void>): void {
  onEachDatabase<BillingTables>(name, async ({ sql }) => {
    await migrate(sql, migrations);
    const told: string[] = [];
    const hear = onNews("object.gone", async (_reacting, news) => {
      told.push(...news.map(({ data }) => data.id));
      return [];
    });
    const nothing = { name: "toys", tables: { migrations: [], columns: {} }, facts: {}, verbs: [], timers: [] };
    const manifest: Manifest = { ...nothing, kinds: [kind], events: [], reactions: [hear] };
    const ports = testPorts({ seed: 1 });
    const registry = createRegistry([manifest]);
    const kernel = { sql, ports, registry, mode: "test", instance: "ins_1" } as unknown as Kernel;
    const now = ports.clock.now();
    let lease = (await sql.write("lane", (tx) => claimLane(tx, { key: "inbox:toys", owner: "me", now }))) as Lease;
    await work({
      now,
      put: (receipts, mirrors = []) =>
        sql.write("put", async (tx) => {
          for (const row of receipts) await tx.insertInto("receipts").values(row).execute();
          for (const row of mirrors) await tx.insertInto("mirror").values(row).execute();
        }),
      carryOut: async (...planned) => (await carryOut(kernel, lease, planned)).map(({ id }) => id),
      receipt: async (id) => {
        const row = await sql.read("receipt", (reader) =>
          reader.selectFrom("receipts").selectAll().where("id", "=", id).executeTakeFirstOrThrow(),
        );
        return [row.state, row.attempts, row.repeats, row.error, row.next_at - now, row.ended_at];
      },
      object: async (id) => {
        const row = await sql.read("object", (reader) =>
          reader.selectFrom("mirror").selectAll().where("id", "=", id).executeTakeFirst(),
        );
        return row && [row.version, row.tombstone];
      },
      loseLane() {
        lease = { ...lease, token: lease.token - 1 };
      },
      told,
    });
  });
}

function receipt(id: string, more: Partial<ReceiptRow> = {}): ReceiptRow {
  const about = { kind: "event", type: "toy.updated", lane: "toys", object_kind: "toy", object_id: "toy_1" } as const;
  const nobodys = { customer: null, parent: null, api_version: null, account: null, sha256: "", body: null };
  const tried = { attempts: 1, repeats: 2, renewed: 0, next_at: 1, error: "It failed", ended_at: null };
  return { id, ...about, ...nobodys, ...tried, created: 1, livemode: 0, state: "open", received_at: 1, ...more };
}

function mirror(id: string, more: Partial<MirrorRow> = {}): MirrorRow {
  const whose = { customer: null, parent: null };
  const row = JSON.stringify({ id, ...whose, instance: null, operation: null, isFinal: false });
  const seen = { version: 3, seen_created: 0, look_begun: 0, tombstone: 0, updated_at: 0 };
  return { id, kind: "toy", ...seen, ...whose, row, raw: Buffer.from("{}"), ...more };
}

/** `attempts` as they are when the work ends. */
function planned(plan: Plan, receipts: readonly ReceiptRow[], known?: MirrorRow): Planned {
  const id = known?.id ?? receipts[0]?.object_id ?? "";
  const begun = receipts.map((one) => ({ ...one, attempts: one.attempts + 1 }));
  const rest = { payload: null, isOurs: true, isInFlight: false, openCreated: [] };
  return { plan, situation: { receipts: begun, kind, id, mirror: known, ...rest } };
}

on("what is closed says how and when, and its object stays as it was", async (desk) => {
  const [one, two] = [receipt("evt_1"), receipt("evt_2", { object_id: "toy_2" })];
  await desk.put([one, two, receipt("evt_3")], [mirror("toy_1")]);
  const moved = await desk.carryOut(
    planned({ by: "seen", receipts: { state: "seen" } }, [one], mirror("toy_1")),
    planned({ by: "foreign", receipts: { state: "foreign" } }, [two]),
  );
  assert.deepEqual(moved, []);
  assert.deepEqual(await desk.receipt("evt_1"), ["seen", 2, 2, null, 1 - desk.now, desk.now]);
  assert.deepEqual(await desk.receipt("evt_2"), ["foreign", 2, 2, null, 1 - desk.now, desk.now]);
  assert.deepEqual(await desk.receipt("evt_3"), ["open", 1, 2, "It failed", 1 - desk.now, null]);
  assert.deepEqual([await desk.object("toy_1"), desk.told], [[3, 0], []]);
});

on("what is put off says until when, why, and how often, and nothing of it is gone", async (desk) => {
  const [one, two] = [receipt("evt_1"), receipt("evt_2", { object_id: "toy_2" })];
  await desk.put([one, two], [mirror("toy_1"), mirror("toy_2")]);
  await desk.carryOut(
    planned({ by: "missing", receipts: { afterMs: 5, repeats: 3, error: "Not there" } }, [one], mirror("toy_1")),
    planned({ by: "wait", receipts: { afterMs: 7 } }, [two], mirror("toy_2")),
  );
  assert.deepEqual(await desk.receipt("evt_1"), ["open", 2, 3, "Not there", 5, null]);
  assert.deepEqual(await desk.receipt("evt_2"), ["open", 2, 2, null, 7, null]);
  assert.deepEqual([await desk.object("toy_1"), await desk.object("toy_2"), desk.told], [[3, 0], [3, 0], []]);
});

on("what is missing for good is gone when it was known, and told once", async (desk) => {
  const rows = ["toy_1", "toy_2", "toy_3"].map((id, n) => receipt(`evt_${n + 1}`, { object_id: id }));
  const mirrors = [mirror("toy_1"), mirror("toy_2", { tombstone: 1 })];
  await desk.put(rows, mirrors);
  const missing: Plan = { by: "missing", receipts: { state: "dead", error: "Not there" } };
  await desk.carryOut(...rows.map((row, n) => planned(missing, [row], mirrors[n])));
  for (const { id } of rows) assert.deepEqual((await desk.receipt(id)).slice(0, 4), ["dead", 2, 2, "Not there"]);
  assert.deepEqual(desk.told, ["toy_1"]);
  assert.deepEqual(
    [await desk.object("toy_1"), await desk.object("toy_2")],
    [
      [4, 1],
      [3, 1],
    ],
  );
});

on("what was put to work anew, or has ended, is not closed by who saw what was before", async (desk) => {
  const [anew, ended] = [receipt("evt_1"), receipt("evt_2")];
  await desk.put(
    [
      { ...anew, renewed: 1 },
      { ...ended, state: "dead", ended_at: 4 },
    ],
    [mirror("toy_1")],
  );
  await desk.carryOut(planned({ by: "seen", receipts: { state: "seen" } }, [anew, ended], mirror("toy_1")));
  assert.deepEqual(await desk.receipt("evt_1"), ["open", 1, 2, "It failed", 1 - desk.now, null]);
  assert.deepEqual(await desk.receipt("evt_2"), ["dead", 1, 2, "It failed", 1 - desk.now, 4]);
});

on("of an object that has moved nothing is written, and its receipts stay open", async (desk) => {
  const [one, two] = [receipt("evt_1"), receipt("evt_2", { object_id: "toy_2" })];
  await desk.put([one, two], [mirror("toy_1", { version: 4 }), mirror("toy_2")]);
  const seen = (known: MirrorRow): Plan => {
    const remote = { id: known.id, object: "toy" } as Remote;
    const observation = { kind, remote, row: JSON.parse(known.row), version: 3 };
    return { by: "look", observation, receipts: { state: "done" } };
  };
  const plans = [mirror("toy_1"), mirror("toy_2")].map((known, n) =>
    planned(seen(known), [n === 0 ? one : two], known),
  );
  assert.deepEqual(await desk.carryOut(...plans), ["toy_1"]);
  assert.deepEqual(
    [await desk.object("toy_1"), await desk.object("toy_2")],
    [
      [4, 0],
      [4, 0],
    ],
  );
  assert.deepEqual((await desk.receipt("evt_1"))[0], "open");
  assert.deepEqual((await desk.receipt("evt_2"))[0], "done");
});

on("who has lost the lane writes nothing", async (desk) => {
  const one = receipt("evt_1");
  await desk.put([one], [mirror("toy_1")]);
  desk.loseLane();
  const seen = planned({ by: "seen", receipts: { state: "seen" } }, [one], mirror("toy_1"));
  await assert.rejects(desk.carryOut(seen), LaneLost);
  assert.deepEqual((await desk.receipt("evt_1"))[0], "open");
});
