// What a host says of its customers reaches Stripe, all of it and nothing beside it; what it empties is empty there.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { paramsHash } from "../../kernel/contract/identity.ts";
import { canonicalJson } from "../../kernel/store/canonical_json.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";

const on = onEachDatabase<BillingTables>;
const address = { line1: "Torstrasse 1", city: "Berlin", postalCode: "10119", country: "DE" };
const user = {
  id: "user_1",
  email: "ada@example.test",
  name: "Ada",
  phone: "+49 30 901820",
  address,
  locale: "de",
  taxExempt: "reverse",
} as const;

async function atStripe(world: World, id = "user_1") {
  const { stripeCustomerId } = await world.run(world.billing.customers.get(id));
  const customer = await world.run(world.stripe.customers.retrieve(stripeCustomerId as string));
  assert.ok(!customer.deleted);
  const { email, name, phone, preferred_locales, tax_exempt, metadata } = customer;
  const { bursar_customer, bursar_instance, bursar_op, ...hosts } = metadata;
  assert.ok(bursar_customer === id && bursar_instance && bursar_op, "our marks stay");
  const locale = preferred_locales?.[0];
  return { email, name, phone, address: customer.address, locale, tax_exempt, metadata: hosts };
}

on("what is said of a customer stands at Stripe, from the first call on", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers } = world.billing;
  const made = await world.run(customers.ensure({ ...user, metadata: { tier: "gold", shop: "1" } }));
  const { stripeCustomerId, createdAt, ...said } = made;
  assert.deepEqual(said, { ...user, currency: null, metadata: { shop: "1", tier: "gold" }, taxIds: [] });
  assert.deepEqual(await atStripe(world), {
    email: user.email,
    name: "Ada",
    phone: user.phone,
    address: { line1: "Torstrasse 1", line2: null, city: "Berlin", state: null, postal_code: "10119", country: "DE" },
    locale: "de",
    tax_exempt: "reverse",
    metadata: { tier: "gold", shop: "1" },
  });
  assert.equal(world.requests.filter((request) => request.startsWith("POST /v1/customers")).length, 1);
  await world.close();
});

on("a change names what it changes: all else stays, and null empties", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers } = world.billing;
  await world.run(customers.ensure({ ...user, metadata: { tier: "gold", shop: "1" } }));
  await world.run(customers.update("user_1", { address: { city: "Bonn" }, metadata: { tier: "", colour: "red" } }));
  const moved = await atStripe(world);
  assert.deepEqual([moved.name, moved.phone, moved.metadata], ["Ada", user.phone, { shop: "1", colour: "red" }]);
  assert.deepEqual([moved.address?.city, moved.address?.line1 || null], ["Bonn", null], "an address is whole");
  const emptied = await world.run(
    customers.update("user_1", { email: null, name: null, phone: null, address: null, locale: "fr" }),
  );
  const { email, name, phone, metadata } = emptied;
  assert.deepEqual([email, name, phone, emptied.address, emptied.locale], [null, null, null, null, "fr"]);
  assert.deepEqual(metadata, { colour: "red", shop: "1" });
  const there = await atStripe(world);
  assert.deepEqual([there.email, there.name, there.phone, there.address], [null, null, null, null]);
  assert.deepEqual([there.locale, there.metadata], ["fr", { shop: "1", colour: "red" }]);
  await world.close();
});

on("null takes a language and an exemption away too, for a while or for good", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers } = world.billing;
  await world.run(customers.ensure(user));
  const emptied = await world.run(customers.update("user_1", { locale: null, taxExempt: null }));
  assert.deepEqual([emptied.locale, emptied.taxExempt], [null, "none"]);
  const { locale, tax_exempt, name } = await atStripe(world);
  assert.deepEqual([locale, tax_exempt, name], [undefined, "none", "Ada"]);
  world.fail("POST /v1/customers/", "unheard");
  const again = await world.run(customers.ensure({ id: "user_1", locale: "fr", taxExempt: "exempt" }));
  assert.deepEqual([again.locale, again.taxExempt], ["fr", "exempt"]);
  await world.advance(10 * secondMs);
  const there = await atStripe(world);
  assert.deepEqual([there.locale, there.tax_exempt], ["fr", "exempt"]);
  const made = await world.run(customers.ensure({ id: "user_2", locale: null, taxExempt: null }));
  assert.deepEqual([made.locale, made.taxExempt], [null, "none"]);
  assert.equal((await atStripe(world, "user_2")).tax_exempt, "none");
  await world.close();
});

on("what an earlier version wished is the same wish, though it knew fewer fields", async ({ url, sql }) => {
  const world = await startWorld({ url });
  const { customers } = world.billing;
  await world.run(customers.ensure({ id: "user_1", name: "Ada" }));
  await world.run(customers.update("user_1", { name: "Ada L." }));
  await sql.write("earlier", async (tx) => {
    for (const { id, params } of await tx.selectFrom("operations").select(["id", "params"]).execute()) {
      const { taxExempt: _later, ...known } = JSON.parse(params) as Record<string, unknown>;
      const before = { params: canonicalJson(known), params_hash: paramsHash(known) };
      await tx.updateTable("operations").set(before).where("id", "=", id).execute();
    }
  });
  const sent = world.requests.length;
  await world.run(customers.ensure({ id: "user_1", name: "Ada L." }));
  assert.equal(world.requests.length, sent);
  await world.run(customers.ensure({ id: "user_1", taxExempt: "exempt" }));
  assert.equal((await atStripe(world)).tax_exempt, "exempt");
  await world.close();
});

on("the same change given again sends nothing", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers } = world.billing;
  await world.run(customers.ensure({ ...user, metadata: { tier: "gold", old: "1" } }));
  const change = { phone: null, metadata: { old: "" } };
  await world.run(customers.update("user_1", change));
  const before = world.requests.length;
  await world.run(customers.update("user_1", change));
  await world.run(customers.ensure({ id: "user_1", address }));
  assert.equal(world.requests.length, before);
  await world.close();
});

on("what was changed at Stripe and not by the host is left alone there", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers } = world.billing;
  const { stripeCustomerId } = await world.run(customers.ensure({ id: "user_1", name: "Ada" }));
  await world.run(world.stripe.customers.update(stripeCustomerId as string, { phone: "+1", metadata: { crm: "7" } }));
  await world.run(customers.update("user_1", { email: "ada@example.test" }));
  const { phone, email, metadata } = await atStripe(world);
  assert.deepEqual([phone, email, metadata], ["+1", "ada@example.test", { crm: "7" }]);
  await world.close();
});

on("a change whose answer was lost is told once, as it stands by then", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers } = world.billing;
  await world.run(customers.ensure(user));
  world.fail("POST /v1/customers/", "unheard", 1_000);
  await world.run(customers.update("user_1", { name: "Ada L.", address, metadata: { tier: "gold" } }));
  world.mend();
  await world.run(customers.update("user_1", { phone: "+44" }));
  await world.advance(10 * secondMs);
  const { name, phone, metadata } = await atStripe(world);
  assert.deepEqual([name, phone, metadata], ["Ada L.", "+44", { tier: "gold" }]);
  assert.deepEqual((await world.run(world.billing.flags.list({ state: "open" }))).data, []);
  await world.close();
});

on("what Stripe bills a customer in is shown", async ({ url }) => {
  const world = await startWorld({ url });
  const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id: "user_1" }));
  const customer = stripeCustomerId as string;
  await world.run(world.stripe.invoiceItems.create({ customer, amount: 500, currency: "chf" }));
  await world.advance(30 * secondMs);
  assert.equal((await world.run(world.billing.customers.get("user_1"))).currency, "chf");
  await world.close();
});

on("customers are found by what is known of them", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers } = world.billing;
  const found = async (filter: Parameters<typeof customers.list>[0]) =>
    (await world.run(customers.list(filter))).data.map(({ id }) => id).sort();
  await world.run(customers.ensure({ ...user, metadata: { tier: "gold", shop: "1" } }));
  await world.run(customers.ensure({ id: "user_2", name: "Åsa", metadata: { tier: "gold" } }));
  await world.run(customers.ensure({ id: "user_3", name: "ADA", metadata: { tier: "none" } }));
  assert.deepEqual(await found({ name: "ada" }), ["user_1", "user_3"]);
  assert.deepEqual(await found({ name: "Åsa" }), ["user_2"]);
  assert.deepEqual(await found({ metadata: { tier: "gold" } }), ["user_1", "user_2"]);
  assert.deepEqual(await found({ metadata: { tier: "gold", shop: "1" } }), ["user_1"]);
  assert.deepEqual(await found({ email: "ADA@example.test", name: "Ada" }), ["user_1"]);
  await world.run(customers.update("user_1", { metadata: { tier: "" } }));
  assert.deepEqual(await found({ metadata: { tier: "gold" } }), ["user_2"], "as they are now");
  await world.close();
});

on("what cannot be said of a customer is refused by name", async ({ url }) => {
  const world = await startWorld({ url });
  const { customers } = world.billing;
  await world.run(customers.ensure({ id: "user_1" }));
  const wrong: [object, string][] = [
    [{ locale: "German" }, "locale is a language such as de or pt-BR"],
    [{ locale: "" }, "locale is a language such as de or pt-BR"],
    [{ taxExempt: "partly" }, "taxExempt is one of none, exempt, reverse"],
    [{ address: { country: "Germany" } }, "address.country is a code of two letters such as DE"],
    [{ address: {} }, "address says nothing"],
    [{ phone: "1".repeat(21) }, "phone must have 1 to 20 characters, whole ones and no NUL"],
    [
      { metadata: { bursar_op: "x" } },
      "A name in metadata has 1 to 40 characters, no brackets, and no bursar_ in front",
    ],
  ];
  for (const [change, message] of wrong) {
    await assert.rejects(world.run(customers.update("user_1", change)), { code: "invalid_params", message });
  }
  const names = (first: number) => Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`n${first + n}`, "1"]));
  await world.run(customers.update("user_1", { metadata: names(0) }));
  await assert.rejects(world.run(customers.update("user_1", { metadata: names(20) })), {
    message: "metadata of customer user_1 would have 50 entries",
  });
  await assert.rejects(world.run(customers.update("user_9", { name: "Ada" })), { code: "not_found" });
  await world.close();
});
