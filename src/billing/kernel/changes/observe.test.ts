// What was seen of an object is written over what was known before, and over nothing else; what it means is told once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { testPorts } from "#kit/create_ports.ts";
import { migrate } from "#kit/sql/migrate.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { migrations } from "../../rooms.ts";
import { createRegistry, type Kernel } from "../contract/context.ts";
import { type Manifest, type MirroredRow, type MirrorKind, on as onNews } from "../contract/manifest.ts";
import type { BillingSql, BillingTables, MirrorRow } from "../store/tables.ts";
import { goneIn, tellGone } from "./gone.ts";
import { type Observation, writeObservations } from "./observe.ts";
import { createReacting } from "./react.ts";

interface Seeing {
  readonly sql: BillingSql;
  readonly kernel: Kernel;
  /** One after the other, each a transaction of its own; answers the ids that were written. */
  see(...observations: readonly Partial<Observed>[]): Promise<readonly string[]>;
  mirrored(): Promise<readonly MirrorRow[]>;
  /** What was said to have happened, as "from → to (version)", and what is gone. */
  readonly told: readonly string[];
}

interface Observed extends Omit<Observation, "kind" | "remote" | "row"> {
  readonly id: string;
  readonly name: string;
  readonly customer: string | null;
  readonly parent: string | null;
}

const nameOf = (row: MirroredRow | null) => (row as { name?: string } | null)?.name ?? "nothing";

function on(name: string, work: (seeing: Seeing) => Promise<void>): void {
  onEachDatabase<BillingTables>(name, async ({ sql }) => {
    await migrate(sql, migrations);
    const told: string[] = [];
    const kind = {
      kind: "toy",
      facts: (before, after, version) => {
        told.push(`${after.id}: ${nameOf(before)} → ${nameOf(after)} (${version})`);
        return [];
      },
    } as Pick<MirrorKind, "kind" | "facts"> as MirrorKind;
    const hear = onNews("object.gone", async (_reacting, news) => {
      told.push(...news.map(({ data }) => `${data.kind} ${data.id} is gone`));
      return [];
    });
    const nothing = { name: "toys", tables: { migrations: [], columns: {} }, facts: {}, verbs: [], timers: [] };
    const manifest: Manifest = { ...nothing, kinds: [kind], events: [], reactions: [hear] };
    const kernel = {
      registry: createRegistry([manifest]),
      mode: "test",
      instance: "ins_1",
      ports: testPorts({ seed: 1 }),
    } as unknown as Kernel;
    const see = async (...observations: readonly Partial<Observed>[]) => {
      const seen = observations.map((one): Observation => {
        const { id = "toy_1", name: given = "a", customer = null, parent = null, version = 0, ...rest } = one;
        const row = { id, customer, parent, instance: null, operation: null, isFinal: false, name: given };
        return { kind, remote: { id, object: "toy" }, row, version, ...rest };
      });
      return [...(await sql.write("see", (tx) => writeObservations(kernel, tx, seen)))];
    };
    const mirrored = () =>
      sql.read("mirror", (reader) => reader.selectFrom("mirror").selectAll().orderBy("id").execute());
    await work({ sql, kernel, see, mirrored, told });
  });
}

on("each is written over the version that was known when it was looked at, and over no other", async (seeing) => {
  assert.deepEqual(await seeing.see({ name: "a" }, { id: "toy_2", name: "b" }), ["toy_1", "toy_2"]);
  assert.deepEqual(await seeing.see({ name: "late" }, { id: "toy_3" }), ["toy_3"]);
  assert.deepEqual(await seeing.see({ name: "c", version: 1 }, { id: "toy_2", name: "late", version: 2 }), ["toy_1"]);
  assert.deepEqual(await seeing.see(), []);
  const rows = (await seeing.mirrored()).map(
    ({ id, kind, version, row }) => `${id} ${kind} ${version} ${nameOf(JSON.parse(row))}`,
  );
  assert.deepEqual(rows, ["toy_1 toy 2 c", "toy_2 toy 1 b", "toy_3 toy 1 a"]);
});

on(
  "what happened is told from what was known before to what is known now, under the version it made",
  async (seeing) => {
    await seeing.see({ name: "a" });
    await seeing.see({ name: "late" });
    await seeing.see({ name: "b", version: 1 }, { id: "toy_2", name: "c" });
    assert.deepEqual(seeing.told, ["toy_1: nothing → a (1)", "toy_1: a → b (2)", "toy_2: nothing → c (1)"]);
  },
);

on("how far it was seen, and whose it is, is not forgotten for what knows less", async ({ see, mirrored }) => {
  await see({ seenCreated: 5, lookBegun: 100, customer: "cus_1", parent: "pi_1" });
  await see({ version: 1, seenCreated: 3, customer: null });
  await see({ version: 2, lookBegun: 50 });
  const [known] = await mirrored();
  assert.deepEqual([known?.seen_created, known?.look_begun], [5, 100]);
  assert.deepEqual([known?.customer, known?.parent], ["cus_1", "pi_1"]);
  await see({ version: 3, seenCreated: 6, lookBegun: 101, customer: "cus_2", parent: "pi_2" });
  const [changed] = await mirrored();
  assert.deepEqual([changed?.seen_created, changed?.look_begun], [6, 101]);
  assert.deepEqual([changed?.customer, changed?.parent], ["cus_2", "pi_2"]);
});

on(
  "an object that is gone has a tombstone and is told as gone once, and again when it had come back",
  async (seeing) => {
    const tombs = async () => (await seeing.mirrored()).map(({ tombstone }) => tombstone);
    await seeing.see({ isDeleted: true });
    await seeing.see({ version: 1, isDeleted: true });
    assert.deepEqual(await tombs(), [1]);
    await seeing.see({ version: 2 });
    assert.deepEqual(await tombs(), [0]);
    await seeing.see({ version: 3, isDeleted: true });
    assert.deepEqual(
      seeing.told.filter((line) => line.endsWith("gone")),
      ["toy toy_1 is gone", "toy toy_1 is gone"],
    );
  },
);

on("what a call found gone has a tombstone under a version of its own, and nothing beside it has", async (seeing) => {
  const { sql, kernel } = seeing;
  await seeing.see({}, { id: "toy_2" });
  await sql.write("gone", async (tx) => {
    const reacting = createReacting(kernel, tx, 7);
    await tellGone(kernel, reacting, [{ kind: "toy", id: "toy_1" }]);
    await tellGone(kernel, reacting, []);
  });
  const rows = (await seeing.mirrored()).map(({ id, version, tombstone }) => `${id} ${version} ${tombstone}`);
  assert.deepEqual(rows, ["toy_1 2 1", "toy_2 1 0"]);
  assert.deepEqual(seeing.told.slice(2), ["toy toy_1 is gone"]);
});

test("gone is what Stripe names as missing, of what the call had named", () => {
  const named = [
    { kind: "customer", id: "cus_1" },
    { kind: "payment_intent", id: "pi_1" },
  ];
  const refusal = { type: "invalid_request_error", http: 404, message: "No such customer: 'cus_1'", declineCode: null };
  assert.deepEqual(goneIn({ ...refusal, code: "resource_missing" }, named), [named[0]]);
  assert.deepEqual(goneIn({ ...refusal, code: "resource_missing", message: "No such toy" }, named), []);
  assert.deepEqual(goneIn({ ...refusal, code: "payment_intent_unexpected_state" }, named), []);
});
