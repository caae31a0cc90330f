import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { secretKey, startWorld } from "../../testing.ts";
import { billedCustomer, draftOf } from "../invoices/testing.ts";

async function ready() {
  const world = startWorld();
  world.sandbox.seed({
    key: secretKey,
    path: "/v1/invoice_rendering_templates",
    id: "inrtem_mine",
    params: { nickname: "Mine" },
  });
  const { customer } = await billedCustomer(world);
  return { ...world, world, customer, templates: world.stripe.invoiceRenderingTemplates };
}

suite("invoice rendering templates", () => {
  test("one that is seeded is shown whole, archived, taken back, and found by its status", async () => {
    const { templates } = await ready();
    const { created, lastResponse: _response, ...shown } = await templates.retrieve("inrtem_mine");
    assert.ok(created > 0);
    assert.deepEqual(
      { ...shown },
      {
        ...{ id: "inrtem_mine", object: "invoice_rendering_template", livemode: false, metadata: {} },
        ...{ nickname: "Mine", status: "active", version: 1 },
      },
    );
    assert.equal((await templates.archive("inrtem_mine")).status, "archived");
    await assert.rejects(templates.archive("inrtem_mine"), /archived already/);
    assert.deepEqual((await templates.list({ status: "active" })).data, []);
    assert.equal((await templates.unarchive("inrtem_mine")).status, "active");
    assert.equal((await templates.list({ status: "active" })).data.length, 1);
    await assert.rejects(templates.retrieve("inrtem_nope"), /No such invoice rendering template: 'inrtem_nope'/);
  });

  test("a change is a version more, those before can be looked at, and nothing archived is changed", async () => {
    const { templates, stripe } = await ready();
    const change = (nickname: string) =>
      stripe.rawRequest("POST", "/v1/invoice_rendering_templates/inrtem_mine", { nickname, metadata: { a: "b" } });
    await change("Ours");
    const { nickname, version, metadata } = await templates.retrieve("inrtem_mine");
    assert.deepEqual([nickname, version, metadata], ["Ours", 2, { a: "b" }]);
    const versions = [await templates.retrieve("inrtem_mine"), await templates.retrieve("inrtem_mine", { version: 1 })];
    assert.deepEqual(
      versions.map(({ version }) => version),
      [2, 1],
    );
    await assert.rejects(templates.retrieve("inrtem_mine", { version: 3 }), { param: "version" });
    await templates.archive("inrtem_mine");
    await assert.rejects(change("Theirs"), /archived/);
  });

  test("invoices name one that is there and active, and a version that it has", async () => {
    const { world, stripe, templates, customer } = await ready();
    const { id, rendering } = await draftOf(world, customer, 1000, { rendering: { template: "inrtem_mine" } });
    assert.deepEqual([rendering?.template, rendering?.template_version], ["inrtem_mine", null]);
    const update = (sent: { template?: string; template_version?: number | "" }) =>
      stripe.invoices.update(id, { rendering: sent });
    assert.equal((await update({ template_version: 1 })).rendering?.template_version, 1);
    await assert.rejects(update({ template_version: 2 }), { param: "rendering[template_version]" });
    await assert.rejects(update({ template: "inrtem_nope" }), {
      param: "rendering[template]",
      code: "resource_missing",
    });
    await templates.archive("inrtem_mine");
    assert.equal((await update({ template: "inrtem_mine" })).rendering?.template, "inrtem_mine");
    const anew = draftOf(world, customer, 1000, { rendering: { template: "inrtem_mine" } });
    await assert.rejects(anew, { param: "rendering[template]", message: /archived/ });
    const alone = draftOf(world, customer, 1000, { rendering: { template_version: 1 } });
    await assert.rejects(alone, { param: "rendering[template_version]" });
  });

  test("customers name one for their invoices, which have it still when it is archived", async () => {
    const { world, stripe, templates, customer } = await ready();
    const named = (template: string) =>
      stripe.customers.update(customer, { invoice_settings: { rendering_options: { template } } });
    const param = "invoice_settings[rendering_options][template]";
    await assert.rejects(named("inrtem_nope"), { param, code: "resource_missing" });
    assert.equal((await named("inrtem_mine")).invoice_settings.rendering_options?.template, "inrtem_mine");
    await templates.archive("inrtem_mine");
    assert.equal((await draftOf(world, customer, 1000)).rendering?.template, "inrtem_mine");
    const { id: other } = await stripe.customers.create();
    const sent = { invoice_settings: { rendering_options: { template: "inrtem_mine" } } };
    await assert.rejects(stripe.customers.update(other, sent), { param, message: /archived/ });
  });
});
