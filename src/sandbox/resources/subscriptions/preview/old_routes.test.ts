import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Answer, responseProblems, startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";
import { monthly } from "../testing.ts";

const path = "/v1/invoices/upcoming";
const acacia = "2025-02-24.acacia";
const old = { acacia, "2024-06-20": "2024-06-20", "2022-11-15": "2022-11-15", "2020-08-27": "2020-08-27" } as const;

async function startShop() {
  const world = startWorld();
  const { stripe } = world;
  const { customer } = await billedCustomer(world);
  const [silver, gold] = [await monthly(world, 1000), await monthly(world, 3000)];
  const { id, items } = await stripe.subscriptions.create({ customer, items: [{ price: silver }] });
  const ask = (form: string, version: string = acacia, at = path) =>
    world.call("GET", at, { form, headers: { "stripe-version": version } });
  return { ...world, customer, id, item: items.data[0]?.id ?? "", silver, gold, ask };
}

interface Line {
  readonly id: string;
  readonly amount: number;
}

const linesOf = ({ json }: Answer) => (json.lines as { readonly data: readonly Line[] }).data;
const amountsOf = (answer: Answer) => linesOf(answer).map(({ amount }) => amount);

suite("the upcoming invoice, before basil", () => {
  for (const [family, version] of Object.entries(old)) {
    test(`is what is billed next, without an id and an address: ${family}`, async () => {
      const { ask, customer, id } = await startShop();
      for (const form of [`customer=${customer}`, `subscription=${id}`]) {
        const answer = await ask(form, version);
        // As any invoice of its version, which has an id.
        const whole = { ...answer.json, id: "in_1" };
        assert.deepEqual(responseProblems("GET /v1/invoices/:id", whole, family as keyof typeof old), []);
        const { json } = answer;
        const gone = ["id", "hosted_invoice_url", "invoice_pdf"].filter((name) => name in json);
        assert.deepEqual([gone, json.object, json.status, json.billing_reason], [[], "invoice", "draft", "upcoming"]);
        assert.deepEqual([json.customer, json.subscription, json.total, json.paid], [customer, id, 1000, false]);
        const { url } = json.lines as { readonly url: string };
        assert.equal(url, `${path}/lines?customer=${customer}&subscription=${id}`);
        const lines = await ask(form, version, `${path}/lines`);
        assert.deepEqual(responseProblems("GET /v1/invoices/:id/lines", lines.json, family as keyof typeof old), []);
        assert.deepEqual(lines.json.data, linesOf(answer));
      }
    });
  }

  test("is previewed with a change under the older names of its parameters, and nothing is kept", async () => {
    const { ask, call, stripe, id, item, gold, clock, eventTypes } = await startShop();
    await clock.advance(15 * 86_400_000);
    const said = (await eventTypes()).length;
    const date = Math.floor(clock.now() / 1000) - 60;
    const change = `[0][id]=${item}&subscription_items[0][price]=${gold}&subscription_items[0][quantity]=2`;
    const form = `subscription=${id}&subscription_items${change}&subscription_proration_date=${date}`;
    const answer = await ask(`${form}&subscription_proration_behavior=always_invoice`);
    const { json } = answer;
    assert.equal(json.subscription_proration_date, date);
    assert.deepEqual([(await eventTypes()).length, (await stripe.invoiceItems.list()).data], [said, []]);
    const made = `items[0][id]=${item}&items[0][price]=${gold}&items[0][quantity]=2&proration_date=${date}`;
    await call("POST", `/v1/subscriptions/${id}`, `${made}&proration_behavior=always_invoice`);
    const { latest_invoice } = await stripe.subscriptions.retrieve(id);
    const billed = await stripe.invoices.retrieve(String(latest_invoice));
    assert.deepEqual([amountsOf(answer), json.total], [billed.lines.data.map(({ amount }) => amount), billed.total]);
  });

  test("takes what else a preview takes: items, coupons, a new subscription, an anchor, an end", async () => {
    const { ask, stripe, customer, id, gold, clock } = await startShop();
    const { id: coupon } = await stripe.coupons.create({ percent_off: 10, duration: "forever" });
    const waiting = "invoice_items[0][amount]=500&invoice_items[0][currency]=usd";
    const anchor = Math.floor(clock.now() / 1000) + 86_400;
    const rows: readonly (readonly [form: string, total: number])[] = [
      [`customer=${customer}&${waiting}`, 1500],
      [`subscription=${id}&coupon=${coupon}`, 900],
      [`subscription=${id}&discounts[0][coupon]=${coupon}&${waiting}`, 1350],
      [`customer=${customer}&subscription_items[0][price]=${gold}&subscription_items[0][quantity]=2`, 6000],
      [`customer=${customer}&subscription_items[0][price]=${gold}&subscription_trial_end=${anchor}`, 0],
      [`subscription=${id}&subscription_cancel_now=true`, -1000],
      [`subscription=${id}&subscription_billing_cycle_anchor=now&subscription_proration_behavior=none`, 1000],
      [
        `subscription=${id}&subscription_details[items][0][price]=${gold}&subscription_details[trial_end]=now`,
        4000 + 3000,
      ],
    ];
    for (const [form, total] of rows) assert.equal((await ask(form)).json.total, total, form);
  });

  test("has its lines by pages, whose lines keep their names from one call to the next", async () => {
    const { ask, stripe, customer } = await startShop();
    for (let nth = 1; nth <= 12; nth++) await stripe.invoiceItems.create({ customer, currency: "usd", amount: nth });
    const invoice = await ask(`customer=${customer}`);
    const { has_more, total_count } = invoice.json.lines as Record<string, unknown>;
    assert.deepEqual([has_more, total_count, linesOf(invoice).length], [true, 13, 10]);
    const last = linesOf(invoice).at(-1)?.id ?? "";
    const rest = await ask(`customer=${customer}&starting_after=${last}`, acacia, `${path}/lines`);
    const amounts = (rest.json.data as readonly Line[]).map(({ amount }) => amount);
    assert.deepEqual([amounts, rest.json.has_more], [[2, 1, 1000], false]);
    const page = await ask(`customer=${customer}&limit=2&ending_before=${last}`, acacia, `${path}/lines`);
    assert.deepEqual([page.json.has_more, (page.json.data as Line[]).map(({ amount }) => amount)], [true, [5, 4]]);
    assert.equal((await ask(`customer=${customer}&starting_after=il_nope`, acacia, `${path}/lines`)).status, 400);
  });

  test("is refused where nothing comes, nobody is named, or a change has no subscription", async () => {
    const { ask, stripe, call, customer, id } = await startShop();
    const { id: stranger } = await stripe.customers.create();
    const rows: readonly (readonly [form: string, status: number, code: string | null, message: RegExp])[] = [
      ["", 400, null, /either provide a `customer` or a `subscription`/],
      [`customer=${stranger}`, 404, "invoice_upcoming_none", /^No upcoming invoices for customer: cus_/],
      ["customer=cus_nope", 400, "resource_missing", /No such customer/],
      ["subscription=sub_nope", 400, "resource_missing", /No such subscription/],
      [`customer=${stranger}&subscription=${id}`, 400, null, /another customer/],
      [
        `customer=${customer}&subscription_proration_behavior=none`,
        400,
        null,
        /`subscription` or `subscription_items`/,
      ],
      [`customer=${customer}&subscription_items[0][price]=nope`, 400, "resource_missing", /No such price/],
      [`subscription=${id}&nonsense=1`, 400, "parameter_unknown", /unknown parameter: nonsense/],
      ["schedule=sub_sched_nope", 400, "resource_missing", /No such subscription_schedule/],
    ];
    for (const [form, status, code, message] of rows) {
      for (const at of [path, `${path}/lines`]) {
        const answer = await ask(form, acacia, at);
        assert.deepEqual([answer.status, answer.error.code ?? null], [status, code], form);
        assert.match(String(answer.error.message), message);
      }
    }
    const since = await ask(`customer=${customer}`, "2025-03-31.basil");
    assert.deepEqual([since.status, /create_preview/.test(String(since.error.message))], [404, true]);
    await call("DELETE", `/v1/subscriptions/${id}`);
    assert.equal((await ask(`customer=${customer}`)).error.code, "invoice_upcoming_none");
  });
});
