// Tax ids of customers: checked, given once, verified later, and kept through whatever becomes of a Customer.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { AddTaxId } from "../../../api/index.ts";
import type { BillingSql, BillingTables } from "../../../kernel/store/tables.ts";
import { startWorld, type World } from "../../../testing/index.ts";

const on = onEachDatabase<BillingTables>;
const vat: AddTaxId = { id: "vat", type: "eu_vat", value: "de 136.695.976" };
const uid: AddTaxId = { id: "uid", type: "ch_vat", value: "CHE-100.155.212 MWST" };

async function start(url: string) {
  const world = await startWorld({ url });
  const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id: "user_1" }));
  return { world, customers: world.billing.customers, stripeCustomer: stripeCustomerId as string };
}

async function shown(world: World, id = "user_1") {
  const { taxIds } = await world.run(world.billing.customers.get(id));
  return taxIds.map(({ id, value, verification }) => `${id} ${value} ${verification.status}`);
}

async function atStripe(world: World, customer: string) {
  const { data } = await world.run(world.stripe.customers.listTaxIds(customer, { limit: 100 }));
  return data.map(({ type, value }) => `${type} ${value}`).sort();
}

const told = (world: World) =>
  world.facts
    .filter(({ type }) => type.startsWith("customer."))
    .map(({ type, data }) => [type.replace("customer.tax_id_", ""), data]);

async function openFlags(world: World) {
  const { data } = await world.run(world.billing.flags.list({ state: "open" }));
  return data.map(({ kind, subject }) => `${kind} ${subject}`);
}

async function tombstones(sql: BillingSql) {
  const rows = await sql.read("mirror", (reader) =>
    reader.selectFrom("mirror").select("tombstone").where("kind", "=", "tax_id").orderBy("id").execute(),
  );
  return rows.map(({ tombstone }) => tombstone);
}

on("a tax id stands at Stripe and is shown, and what the office says of it is told once", async ({ url }) => {
  const { world, customers, stripeCustomer } = await start(url);
  const given = await world.run(customers.addTaxId("user_1", vat));
  assert.equal(given.outcome, "done");
  const { id, customerId, type, value, country, verification, removedAt, stripe } = given.value;
  assert.deepEqual([id, customerId, type, value, country], ["vat", "user_1", "eu_vat", "DE136695976", "DE"]);
  assert.deepEqual([verification, removedAt], [{ status: "pending", name: null, address: null }, null]);
  assert.ok(stripe.taxIdId?.startsWith("txi_"));
  const fail = { id: "fail", type: "eu_vat", value: "DE111111111" } as const;
  const never = { id: "never", type: "eu_vat", value: "222222222" } as const;
  for (const one of [fail, never, uid]) await world.run(customers.addTaxId("user_1", one));
  await world.advance(minuteMs);
  assert.deepEqual(await shown(world), [
    "fail DE111111111 unverified",
    "never 222222222 pending",
    "uid CHE-100.155.212 MWST unavailable",
    "vat DE136695976 verified",
  ]);
  assert.deepEqual(told(world).sort(), [
    ["unverified", { customerId: "user_1", taxIdId: "fail", type: "eu_vat" }],
    ["verified", { customerId: "user_1", taxIdId: "vat", type: "eu_vat" }],
  ]);
  const [listed] = (await world.run(customers.list({ limit: 1 }))).data;
  assert.equal(listed?.taxIds.length, 4);
  assert.equal((await atStripe(world, stripeCustomer)).length, 4);
  await world.close();
});

on("one number is given once, however it is written and whoever has given it", async ({ url }) => {
  const { world, customers, stripeCustomer } = await start(url);
  const twin = await world.twin();
  const both = [customers.addTaxId("user_1", vat), twin.customers.addTaxId("user_1", { ...vat, value: "DE136695976" })];
  const answers = await world.run(Promise.all(both));
  assert.deepEqual(new Set(answers.map(({ value }) => value.stripe.taxIdId)).size, 1);
  assert.equal((await world.run(customers.addTaxId("user_1", vat))).outcome, "done");
  await assert.rejects(world.run(customers.addTaxId("user_1", { ...vat, id: "again" })), {
    code: "wrong_state",
    message: "Customer user_1 has this eu_vat already, as vat",
  });
  await assert.rejects(world.run(customers.addTaxId("user_1", { ...vat, value: "DE129273398" })), { code: "conflict" });
  await world.run(world.stripe.customers.createTaxId(stripeCustomer, { type: "ch_vat", value: "CHE100155212MWST" }));
  await world.advance(30 * secondMs);
  await assert.rejects(world.run(customers.addTaxId("user_1", uid)), { message: /has this ch_vat already, as txi_/ });
  assert.deepEqual(await atStripe(world, stripeCustomer), ["ch_vat CHE100155212MWST", "eu_vat DE136695976"]);
  assert.deepEqual(await openFlags(world), []);
  await world.close();
});

on("what cannot be right never leaves, and what Stripe does not take is said in the same words", async ({ url }) => {
  const { world, customers } = await start(url);
  const sent = world.requests.length;
  const wrong = { id: "gb", type: "gb_vat", value: "GB980780685" } as const;
  await assert.rejects(world.run(customers.addTaxId("user_1", wrong)), { code: "invalid_params" });
  assert.equal(world.requests.length, sent);
  const department = { id: "gb", type: "gb_vat", value: "GBGD001" } as const; // The sandbox knows no departments.
  const refused = {
    code: "invalid_params",
    message: "Tax id gb of customer user_1: Stripe does not take it for a gb_vat",
  };
  await assert.rejects(world.run(customers.addTaxId("user_1", department)), refused);
  await assert.rejects(world.run(customers.addTaxId("user_1", department)), refused, "the same again");
  assert.deepEqual(await shown(world), []);
  const right = { id: "gb", type: "gb_vat", value: "GB980780684", attempt: 2 } as const;
  assert.equal((await world.run(customers.addTaxId("user_1", right))).outcome, "done");
  await assert.rejects(world.run(customers.addTaxId("user_9", vat)), { code: "not_found" });
  await assert.rejects(world.run(customers.removeTaxId("user_1", "none")), { code: "not_found" });
  await world.close();
});

on(
  "one that was taken away is shown no more, and its number may be given anew under another id",
  async ({ url, sql }) => {
    const { world, customers, stripeCustomer } = await start(url);
    await world.run(customers.addTaxId("user_1", vat));
    const taken = await world.run(customers.removeTaxId("user_1", "vat"));
    assert.deepEqual([taken.outcome, taken.value.removedAt instanceof Date], ["done", true]);
    assert.equal((await world.run(customers.removeTaxId("user_1", "vat"))).outcome, "done");
    assert.deepEqual([await shown(world), await atStripe(world, stripeCustomer)], [[], []]);
    const late = await world.run(customers.addTaxId("user_1", vat));
    assert.ok(late.value.removedAt, "a wish that comes twice is not another one");
    await world.run(customers.addTaxId("user_1", { ...vat, id: "anew" }));
    await world.advance(minuteMs);
    assert.deepEqual(await shown(world), ["anew DE136695976 verified"]);
    assert.deepEqual((await tombstones(sql)).sort(), [0, 1]);
    assert.deepEqual(await openFlags(world), []);
    await world.close();
  },
);

for (const isHeard of [true, false]) {
  on(
    `what is given and taken away in the Dashboard is followed, ${isHeard ? "" : "not "}heard`,
    async ({ url, sql }) => {
      const { world, customers, stripeCustomer } = await start(url);
      await world.run(customers.addTaxId("user_1", vat));
      world.setWebhooks(isHeard);
      const theirs = world.stripe.customers.createTaxId(stripeCustomer, { type: "eu_vat", value: "DE111111111" });
      const { id } = await world.run(theirs.then((made) => made));
      await world.advance(6 * minuteMs);
      assert.deepEqual(
        (await shown(world)).sort(),
        [`${id} DE111111111 unverified`, "vat DE136695976 verified"].sort(),
      );
      const [ours] = (await world.run(customers.get("user_1"))).taxIds.filter((one) => one.id === "vat");
      await world.run(world.stripe.customers.deleteTaxId(stripeCustomer, ours?.stripe.taxIdId as string));
      await world.advance(6 * minuteMs);
      assert.deepEqual(await shown(world), [`${id} DE111111111 unverified`]);
      assert.equal((await world.run(customers.removeTaxId("user_1", id))).outcome, "done");
      await world.advance(6 * minuteMs);
      assert.deepEqual([await shown(world), await tombstones(sql)], [[], [1, 1]]);
      assert.deepEqual((await world.run(world.billing.inbox.list({ state: "open" }))).data, []);
      assert.deepEqual(await openFlags(world), []);
      await world.close();
    },
  );
}

on("what was taken away in the Dashboard a moment ago is taken away", async ({ url }) => {
  const { world, customers, stripeCustomer } = await start(url);
  const { value } = await world.run(customers.addTaxId("user_1", vat));
  world.setWebhooks(false);
  await world.run(world.stripe.customers.deleteTaxId(stripeCustomer, value.stripe.taxIdId as string));
  assert.equal((await world.run(customers.removeTaxId("user_1", "vat"))).outcome, "done");
  assert.deepEqual(await shown(world), []);
  await world.close();
});

for (const fault of ["none", "unheard"] as const) {
  on(`a Customer that is linked brings its tax ids (${fault})`, async ({ url }) => {
    const world = await startWorld({ url });
    const { customers } = world.billing;
    const tax_id_data = [
      { type: "eu_vat" as const, value: "DE136695976" },
      { type: "us_ein" as const, value: "12-3456789" },
    ];
    const made = await world.run(world.stripe.customers.create({ tax_id_data }).then((one) => one));
    await world.advance(minuteMs); // The office has answered before anybody here knows of it.
    if (fault === "unheard") world.fail("POST /v1/customers/", fault);
    const linked = await world.run(customers.link({ id: "user_1", stripeCustomerId: made.id }));
    const said = linked.taxIds.map(({ value, verification }) => `${value} ${verification.status}`).sort();
    assert.deepEqual(said, ["12-3456789 unavailable", "DE136695976 verified"]);
    await assert.rejects(world.run(customers.addTaxId("user_1", vat)), { code: "wrong_state" });
    await world.advance(minuteMs);
    assert.deepEqual(told(world), [], "nobody has seen it happen");
    assert.equal((await shown(world)).length, 2);
    await world.close();
  });
}

for (const isHeard of [true, false]) {
  on(
    `a Customer that was deleted leaves its tax ids to the next one, ${isHeard ? "" : "not "}heard`,
    async ({ url, sql }) => {
      const { world, customers, stripeCustomer } = await start(url);
      for (const one of [vat, uid]) await world.run(customers.addTaxId("user_1", one));
      await world.run(world.stripe.customers.createTaxId(stripeCustomer, { type: "us_ein", value: "12-3456789" }));
      await world.advance(minuteMs);
      world.setWebhooks(isHeard);
      await world.run(world.stripe.customers.del(stripeCustomer));
      if (isHeard) {
        await world.advance(30 * secondMs);
        assert.equal(
          (await world.run(customers.removeTaxId("user_1", "uid"))).outcome,
          "done",
          "it stands nowhere else",
        );
      }
      const other = { id: "pl", type: "pl_nip", value: "8567346215" } as const;
      assert.equal((await world.run(customers.addTaxId("user_1", other))).outcome, "done");
      world.setWebhooks(true);
      await world.advance(5 * minuteMs);
      const { stripeCustomerId, taxIds } = await world.run(customers.get("user_1"));
      assert.notEqual(stripeCustomerId, stripeCustomer);
      const kept = ["eu_vat DE136695976", "pl_nip 8567346215", "us_ein 12-3456789"];
      const all = isHeard ? kept : ["ch_vat CHE-100.155.212 MWST", ...kept];
      assert.deepEqual(await atStripe(world, stripeCustomerId as string), all);
      assert.deepEqual(taxIds.map(({ type, value }) => `${type} ${value}`).sort(), all);
      assert.ok(taxIds.every(({ stripe }) => stripe.taxIdId !== null));
      assert.equal((await tombstones(sql)).filter((one) => one === 1).length, 3);
      assert.deepEqual(await openFlags(world), ["customer_gone user_1"]);
      await world.close();
    },
  );
}
