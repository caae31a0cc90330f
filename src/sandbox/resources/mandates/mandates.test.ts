import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type SandboxWorld, startWorld } from "../../testing.ts";

const consent = "mandate_data[customer_acceptance][type]=offline";
const base =
  "amount=1000&currency=eur&confirm=true&automatic_payment_methods[enabled]=true&return_url=https://shop.test";

async function setUp(world: SandboxWorld) {
  const { id: customer } = await world.stripe.customers.create({});
  const form = `customer=${customer}&confirm=true&payment_method=pm_sepaDebit_success_fr&${consent}`;
  const { json } = await world.call("POST", "/v1/setup_intents", form);
  return { customer, method: String(json.payment_method), mandate: String(json.mandate) };
}

suite("mandates", () => {
  test("a standing one carries every later debit, also when it is named", async () => {
    const world = startWorld();
    const { customer, method, mandate } = await setUp(world);
    const stored = await world.stripe.mandates.retrieve(mandate, { expand: ["payment_method"] });
    assert.equal(stored.customer_acceptance.type, "offline");
    assert.equal((stored.payment_method as { id: string }).id, method);
    for (const more of ["", `&mandate=${mandate}`]) {
      const form = `${base}&customer=${customer}&payment_method=${method}${more}`;
      const { json } = await world.call("POST", "/v1/payment_intents", form);
      assert.equal(json.status, "processing", JSON.stringify(json));
    }
  });

  test("one that has ended carries nothing, until the payer agrees again", async () => {
    const world = startWorld();
    const { method, mandate } = await setUp(world);
    await world.stripe.paymentMethods.detach(method);
    const { json: ended } = await world.call("GET", `/v1/mandates/${mandate}`);
    assert.equal(ended.status, "inactive");
    const { data } = await world.stripe.events.list({ type: "mandate.updated" });
    assert.deepEqual(data[0]?.data.previous_attributes, { status: "active" });
    const fresh = `${base}&payment_method=pm_sepaDebit_success_fr&mandate=${mandate}`;
    const refused = await world.call("POST", "/v1/payment_intents", fresh);
    assert.deepEqual([refused.error.code, refused.error.param], ["payment_intent_mandate_invalid", "mandate"]);
  });

  test("an unknown one is missing", async () => {
    const world = startWorld();
    const answer = await world.call("GET", "/v1/mandates/mandate_none");
    assert.deepEqual([answer.status, answer.error.message], [404, "No such mandate: 'mandate_none'"]);
  });
});
