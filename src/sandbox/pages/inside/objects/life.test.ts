import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { dayMs } from "#kit/clock.ts";
import { billedCustomer } from "../../../resources/invoices/testing.ts";
import { monthly } from "../../../resources/subscriptions/testing.ts";
import { startWorld } from "../../../testing.ts";

type Row = Readonly<Record<string, unknown>>;

interface Twin {
  readonly life?: Readonly<Record<"invoices" | "items" | "next_invoice" | "tries", readonly Row[]>>;
  readonly due: readonly Row[];
}

/** One who has paid for a month and not for the next. */
async function behind() {
  const world = startWorld({ billing: { retries: [3, 5] } });
  const { stripe, clock, sandbox } = world;
  const { customer } = await billedCustomer(world);
  const items = [{ price: await monthly(world, 1000) }];
  const { id, items: held } = await stripe.subscriptions.create({ customer, items });
  const { id: poor } = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: poor } });
  const end = Number(held.data[0]?.current_period_end);
  await clock.advance(end * 1000 - clock.now() + dayMs);
  const get = (path: string) => sandbox.fetch(new Request(`http://localhost${path}`));
  const twin = async (of: string) => (await (await get(`/-/objects/${of}.json`)).json()) as Twin;
  return { ...world, id, end, get, twin };
}

suite("the page of a subscription", () => {
  test("tells its invoices, the tries that are still to come, what comes next, and when each is due", async () => {
    const { clock, id, end, stripe, twin } = await behind();
    const { life, due } = await twin(id);
    assert.deepEqual(
      life?.invoices.map(({ status, reason, total, paid, attempts }) => [status, reason, total, paid, attempts]),
      [
        ["paid", "subscription_create", 1000, 1000, 1],
        ["open", "subscription_cycle", 1000, 0, 1],
      ],
    );
    assert.equal(life.invoices[1]?.period_start, end);
    const { next_payment_attempt: next } = await stripe.invoices.retrieve(String(life.invoices[1].id));
    assert.deepEqual(
      life.tries.map(({ at, attempt }) => [at, attempt]),
      [
        [next, 2],
        [Number(next) + (5 * dayMs) / 1000, 3],
      ],
    );
    assert.equal(life.next_invoice[0]?.at, life.items[0]?.period_end);
    assert.deepEqual([life.next_invoice[0]?.total, life.next_invoice[0]?.reason], [1000, "subscription_cycle"]);
    assert.deepEqual(
      due.map(({ what }) => what),
      ["is tried again", "its renewal is announced", "is renewed"],
    );
    for (const { at } of life.tries) {
      await clock.advance(Number(at) * 1000 - clock.now());
      assert.equal((await stripe.invoices.retrieve(String(life.invoices[1].id))).attempt_count > 1, true);
    }
    const over = await twin(id);
    assert.deepEqual([over.life?.tries, over.life?.next_invoice, over.due], [undefined, undefined, []]);
  });

  test("changes nothing by being looked at: ids, numbers and events are those that would have been", async () => {
    const [looked, unlooked] = [await behind(), await behind()];
    for (let count = 0; count < 3; count += 1) await looked.get(`/-/objects/${looked.id}`);
    for (const { clock } of [looked, unlooked]) await clock.advance(20 * dayMs);
    const told = async ({ stripe }: typeof looked) =>
      (await stripe.events.list({ limit: 100 })).data.map(({ id }) => id);
    assert.deepEqual(await told(looked), await told(unlooked));
  });

  test("the page of anything says what is due of it, and a browser finds the icon that it asks for", async () => {
    const { get, id, stripe, twin } = await behind();
    const { latest_invoice: invoice } = await stripe.subscriptions.retrieve(id);
    const { due, life } = await twin(String(invoice));
    assert.deepEqual([due.map(({ what }) => what), life], [["is tried again"], undefined]);
    const page = await (await get(`/-/objects/${id}`)).text();
    for (const text of ["Invoices", "10.00 USD", "Tries to come", "Due next"]) assert.ok(page.includes(text), text);
    const icon = await get("/favicon.ico");
    assert.deepEqual([icon.status, icon.headers.get("content-type")], [200, "image/svg+xml"]);
  });
});
