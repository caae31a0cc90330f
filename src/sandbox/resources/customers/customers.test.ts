import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../sandbox_world.test.ts";

suite("customers", () => {
  test("fields are set, kept and unset as at Stripe, and the event says what changed", async () => {
    const world = startWorld();
    const created = await world.stripe.customers.create({
      name: "A & B",
      email: "a@shop.test",
      metadata: { a: "1", b: "2" },
      address: { line1: "Road 1", city: "Bonn" },
    });
    const updated = await world.stripe.customers.update(created.id, {
      address: "",
      name: "B",
      metadata: { a: "", c: "3" },
    });
    assert.equal(updated.address, null);
    assert.equal(updated.email, "a@shop.test");
    assert.deepEqual(updated.metadata, { b: "2", c: "3" });
    const [event] = (await world.stripe.events.list({ type: "customer.updated" })).data;
    assert.deepEqual(event?.data.previous_attributes, {
      address: created.address,
      metadata: { a: "1", c: null },
      name: "A & B",
    });
    await world.stripe.customers.update(created.id, { email: "a@shop.test" });
    assert.equal((await world.stripe.events.list({ type: "customer.updated" })).data.length, 1, "no change, no event");
  });

  test("a deleted customer answers in the short form and is in no list", async () => {
    const world = startWorld();
    const { id } = await world.stripe.customers.create({});
    await world.stripe.customers.del(id);
    assert.deepEqual(
      { ...(await world.call("GET", `/v1/customers/${id}`)).json },
      { id, object: "customer", deleted: true },
    );
    assert.deepEqual((await world.stripe.customers.list()).data, []);
    assert.equal((await world.call("POST", `/v1/customers/${id}`, "name=x")).status, 404);
    assert.deepEqual(await world.eventTypes(), ["customer.created", "customer.deleted"]);
  });

  test("metadata keeps Stripe's limits", async () => {
    const world = startWorld();
    const refused = [
      `metadata[${"k".repeat(41)}]=1`,
      `metadata[k]=${"v".repeat(501)}`,
      Array.from({ length: 51 }, (_, n) => `metadata[k${n}]=1`).join("&"),
    ];
    for (const form of refused)
      assert.equal((await world.call("POST", "/v1/customers", form)).status, 400, form.slice(0, 30));
    const { json } = await world.call("POST", "/v1/customers", "metadata[a]=1");
    assert.deepEqual((await world.call("POST", `/v1/customers/${json.id}`, "metadata=")).json.metadata, {});
  });

  test("one account does not see another's customers", async () => {
    const world = startWorld();
    const { json } = await world.call("POST", "/v1/customers");
    const other = await world.call("GET", `/v1/customers/${json.id}`, "", { authorization: "Bearer sk_test_other" });
    assert.deepEqual([other.status, other.error.message], [404, `No such customer: '${json.id}'`]);
  });
});
