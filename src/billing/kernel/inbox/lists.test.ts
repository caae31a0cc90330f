// Lists that Stripe shows in pages: read whole, between two readings of their object, and kept out of the mirror's raw.
// Of today's kinds none lives by one, so a charge here is what its refunds make of it.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import { type DatabaseWorld, onEachDatabase } from "#kit/sql/testing.ts";
import { manifests } from "../../resources/index.ts";
import { leaveCatchUp, optionsFor, startWorld, type World } from "../../testing/index.ts";
import { fileLooks } from "../changes/looks.ts";
import { type MirroredRow, mirrorKind } from "../contract/manifest.ts";
import type { Fields, Remote } from "../contract/reacting.ts";
import { type BillingCore, createCore } from "../core.ts";
import type { BillingTables } from "../store/tables.ts";

interface RefundedCharge extends MirroredRow {
  readonly refunds: readonly string[];
}

const chargeKind = mirrorKind<RefundedCharge>({
  kind: "charge",
  path: (id) => `/v1/charges/${id}?expand[]=refunds`,
  list: { path: "/v1/charges", byCustomer: true },
  lists: [{ field: "refunds", path: (id) => `/v1/refunds?limit=100&charge=${id}` }],
  belongsTo: () => ({ customer: null, parent: null }),
  row({ id, refunds }: Remote) {
    const list = refunds as { data: readonly Fields[]; has_more: boolean } | undefined;
    if (!list || list.has_more) return undefined;
    const owner = { customer: null, parent: null, instance: null, operation: null };
    return { id, ...owner, isFinal: false, refunds: list.data.map((refund) => String(refund.id)) };
  },
  facts: () => [],
});

interface Stage {
  readonly world: World;
  readonly core: BillingCore;
  readonly requests: string[];
  /** Called after each answer to billing. */
  afterAnswer(request: string): Promise<void>;
}

async function stage({ url, open }: Pick<DatabaseWorld<BillingTables>, "url" | "open">): Promise<Stage> {
  const world = await startWorld({ url, isStarted: false });
  const sql = await open({ clock: world.ports.clock }); // which waits for what the database has under way
  world.setWebhooks(false);
  const requests: string[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    const line = `${request.method} ${new URL(request.url).pathname}`;
    const answer = await world.sandbox.fetch(request);
    requests.push(line);
    await staged.afterAnswer(line);
    return answer;
  };
  const kinds = manifests.map((room) =>
    room.name === "payments" ? { ...room, kinds: room.kinds.map((k) => (k.kind === "charge" ? chargeKind : k)) } : room,
  );
  const options = optionsFor("unused");
  const core = await world.run(createCore({ options, ports: { ...world.ports, fetch }, sql, manifests: kinds }));
  const staged: Stage = { world, core, requests, afterAnswer: async () => {} };
  await leaveCatchUp(sql);
  await world.run(core.ready());
  return staged;
}

async function chargeWithRefunds({ world }: Stage, count: number): Promise<string> {
  const params = { amount: 2500, currency: "eur", confirm: true, return_url: "https://shop.example/back" };
  const made = world.stripe.paymentIntents.create({ ...params, payment_method: "pm_card_visa" });
  const intent = await world.run(made.then((one) => one));
  for (let n = 0; n < count; n++) await refund(world, String(intent.latest_charge));
  return String(intent.latest_charge);
}

async function refund(world: World, charge: string): Promise<void> {
  await world.stripe.refunds.create({ charge, amount: 10 });
}

async function look({ world, core }: Stage, ids: readonly string[]): Promise<void> {
  const objects = ids.map((id) => ({ kind: "charge", id, customer: "cus_1", parent: null }));
  const now = world.ports.clock.now();
  await core.sql.write("owe", (tx) => fileLooks(core.kernel, tx, { objects, now }));
  await world.run(core.work(secondMs));
}

async function mirrored({ core }: Stage): Promise<{ row: RefundedCharge; raw: Fields }[]> {
  const rows = await core.sql.read("mirror", (reader) => reader.selectFrom("mirror").selectAll().execute());
  return rows.map(({ row, raw }) => ({
    row: JSON.parse(row) as RefundedCharge,
    raw: JSON.parse(Buffer.from(raw).toString("utf8")) as Fields,
  }));
}

onEachDatabase<BillingTables>("a list that is cut is read page by page, and raw holds none", async (database) => {
  const staged = await stage(database);
  const charge = await chargeWithRefunds(staged, 12);
  staged.requests.length = 0;
  await look(staged, [charge]);
  const object = `GET /v1/charges/${charge}`;
  assert.deepEqual(staged.requests, [object, "GET /v1/refunds", object]);
  const [stored] = await mirrored(staged);
  assert.equal(stored?.row.refunds.length, 12);
  assert.equal(stored?.raw.id, charge);
  assert.ok(!("refunds" in stored.raw));
  await staged.world.close();
});

onEachDatabase<BillingTables>("pages of an object that changed between them are read again", async (database) => {
  const staged = await stage(database);
  const charge = await chargeWithRefunds(staged, 12);
  staged.requests.length = 0;
  const changes = ["GET /v1/refunds"];
  staged.afterAnswer = async (request) => {
    if (request === changes[0]) await refund(staged.world, charge);
    if (request === changes[0]) changes.shift();
  };
  await look(staged, [charge]);
  assert.equal(staged.requests.length, 6, "both readings, twice");
  assert.equal((await mirrored(staged))[0]?.row.refunds.length, 13);
  await staged.world.close();
});

onEachDatabase<BillingTables>("what a list shows without what its row needs is looked at alone", async (database) => {
  const staged = await stage(database);
  const charges: string[] = [];
  for (let n = 0; n < 21; n++) charges.push(await chargeWithRefunds(staged, 1));
  staged.requests.length = 0;
  await look(staged, charges);
  assert.deepEqual(
    (await mirrored(staged)).map(({ row }) => row.refunds.length),
    charges.map(() => 1),
  );
  assert.deepEqual(
    staged.requests.filter((request) => request !== "GET /v1/charges").sort(),
    charges.map((id) => `GET /v1/charges/${id}`).sort(),
  );
  await staged.world.close();
});
