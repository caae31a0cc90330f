import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs } from "#kit/clock.ts";
import { startWorld } from "../../../testing.ts";
import { billedCustomer } from "../../invoices/testing.ts";

type Interval = Stripe.PriceCreateParams.Recurring.Interval;

/** One dollar to begin with, twenty afterwards. */
async function offered(iterations = 2, interval: Interval = "month") {
  const world = startWorld();
  const { stripe } = world;
  const { customer } = await billedCustomer(world);
  const priced = async (unit_amount: number, name: string, every: Interval = "month") => {
    const terms = { currency: "usd", unit_amount, recurring: { interval: every }, product_data: { name } };
    return (await stripe.prices.create(terms)).id;
  };
  const [cheap, full] = [await priced(100, "Gold", interval), await priced(2000, "Gold")];
  const offer = async (price: string, then: string, count: number) =>
    (
      await stripe.productCatalog.trialOffers.create({
        price,
        duration: { type: "relative", relative: { iterations: count } },
        end_behavior: { transition: { price: then } },
      })
    ).id;
  const trial_offer = await offer(cheap, full, iterations);
  const subscribe = (more: Partial<Stripe.SubscriptionCreateParams> = {}) =>
    stripe.subscriptions.create({ customer, items: [{ current_trial: { trial_offer } }], ...more });
  const bills = async () => {
    const { data } = await stripe.invoices.list({ customer, limit: 100 });
    return data.reverse().map(({ billing_reason: reason, total }) => `${reason} ${total}`);
  };
  // The world begins on the 2nd of November 2026, at nine.
  return { ...world, bills, cheap, customer, full, offer, priced, subscribe, trial_offer };
}

const second = (text: string) => Date.parse(text) / 1000;

suite("an item that begins with an offer", () => {
  test("is billed by the price of the offer for its intervals, then by the other, and is told of once", async () => {
    const { bills, cheap, clock, full, stripe, subscribe, trial_offer } = await offered();
    const made = await subscribe();
    const trial = { end_date: second("2027-01-02T09:00Z"), start_date: second("2026-11-02T09:00Z"), trial_offer };
    assert.deepEqual([made.status, made.trial_end, made.items.data[0]?.current_trial], ["active", null, trial]);
    assert.equal(made.items.data[0]?.price.id, cheap);
    await clock.advance(32 * dayMs);
    assert.deepEqual((await stripe.subscriptions.retrieve(made.id)).items.data[0]?.current_trial, trial);
    await clock.advance(30 * dayMs);
    const [item] = (await stripe.subscriptions.retrieve(made.id)).items.data;
    assert.deepEqual([item?.price.id, item?.current_trial], [full, null]);
    const { data } = await stripe.events.list({ type: "customer.subscription.updated" });
    const turns = data.filter((one) => JSON.stringify(one.data.previous_attributes).includes(trial_offer));
    assert.equal(turns.length, 1);
    await clock.advance(31 * dayMs);
    assert.deepEqual(await bills(), [
      ...["subscription_create 100", "subscription_cycle 100"],
      ...["subscription_cycle 2000", "subscription_cycle 2000"],
    ]);
  });

  test("begins anew where a week was offered and a month follows", async () => {
    const { bills, clock, stripe, subscribe } = await offered(1, "week");
    const { id } = await subscribe();
    await clock.advance(8 * dayMs);
    const { billing_cycle_anchor: anchor, items } = await stripe.subscriptions.retrieve(id);
    assert.deepEqual(
      [anchor, items.data[0]?.current_period_start, items.data[0]?.current_period_end],
      [second("2026-11-09T09:00Z"), second("2026-11-09T09:00Z"), second("2026-12-09T09:00Z")],
    );
    assert.deepEqual(await bills(), ["subscription_create 100", "subscription_cycle 2000"]);
  });

  test("is previewed as it will be billed: now, and where the trial ends", async () => {
    const { customer, stripe, subscribe, trial_offer } = await offered(1);
    const items = [{ current_trial: { trial_offer } }];
    const first = await stripe.invoices.createPreview({ customer, subscription_details: { items } });
    const { id: subscription } = await subscribe();
    const next = await stripe.invoices.createPreview({ subscription });
    assert.deepEqual([first.total, next.total], [100, 2000]);
  });

  test("may stand beside another one, and comes to one that is there when its period begins", async () => {
    const { bills, clock, full, offer, priced, stripe, subscribe, trial_offer } = await offered(1);
    const seats = await priced(500, "Seats");
    const { id } = await subscribe({ items: [{ price: seats }, { current_trial: { trial_offer } }] });
    await clock.advance(32 * dayMs);
    assert.deepEqual(await bills(), ["subscription_create 600", "subscription_cycle 2500"]);
    const again = await offer(await priced(50, "Gold"), full, 1);
    const { items } = await stripe.subscriptions.retrieve(id);
    const changed = await stripe.subscriptions.update(id, {
      items: [{ id: String(items.data[1]?.id), current_trial: { trial_offer: again } }],
      billing_cycle_anchor: { type: "now" },
      proration_behavior: "none",
    });
    assert.equal(changed.items.data[1]?.current_trial?.trial_offer, again);
  });

  test("ends its trial with another price, and keeps it with another quantity", async () => {
    const { full, stripe, subscribe, trial_offer } = await offered();
    const { id, items } = await subscribe();
    const item = String(items.data[0]?.id);
    const more = await stripe.subscriptionItems.update(item, { quantity: 3 });
    assert.equal(more.current_trial?.trial_offer, trial_offer);
    await stripe.subscriptions.update(id, { items: [{ id: item, price: full }] });
    assert.equal((await stripe.subscriptionItems.retrieve(item)).current_trial, null);
  });

  test("is taxed by itself only where the price that follows says what it contains", async () => {
    const { customer, full, offer, stripe, subscribe } = await offered();
    await stripe.customers.update(customer, { address: { country: "DE" } });
    const { product } = await stripe.prices.retrieve(full);
    const told = async (unit_amount: number) => {
      const terms = {
        currency: "usd",
        unit_amount,
        recurring: { interval: "month" },
        tax_behavior: "exclusive",
      } as const;
      return (await stripe.prices.create({ ...terms, product: String(product) })).id;
    };
    const [cheap, taxed] = [await told(100), await told(2000)];
    const begin = async (then: string) =>
      subscribe({
        automatic_tax: { enabled: true },
        expand: ["latest_invoice"],
        items: [{ current_trial: { trial_offer: await offer(cheap, then, 1) } }],
      });
    await assert.rejects(begin(full), /tax_behavior/);
    assert.equal(((await begin(taxed)).latest_invoice as Stripe.Invoice).total, 119);
  });

  test("is refused with another price, an archived offer, and wherever its end would be a guess", async () => {
    const { cheap, customer, full, stripe, subscribe, trial_offer } = await offered();
    const current_trial = { trial_offer };
    assert.equal((await subscribe({ items: [{ current_trial, price: cheap }] })).items.data[0]?.price.id, cheap);
    await assert.rejects(subscribe({ items: [{ current_trial, price: full }] }), { param: "items[0][price]" });
    await assert.rejects(subscribe({ items: [{ current_trial: { trial_offer: "to_nope" } }] }), /No such trial offer/);
    const { id } = await stripe.subscriptions.create({ customer, items: [{ price: full }] });
    const anchored = { billing_cycle_anchor: second("2026-11-20T09:00Z") };
    const tried = await subscribe();
    for (const guessed of [
      () => subscribe({ trial_period_days: 5 }),
      () => subscribe(anchored),
      () => stripe.subscriptionSchedules.create({ from_subscription: tried.id }),
      () => stripe.subscriptions.pause(tried.id, { type: "subscription" }),
    ]) {
      await assert.rejects(guessed(), { statusCode: 501 });
    }
    await stripe.productCatalog.trialOffers.update(trial_offer, { active: false });
    await assert.rejects(subscribe(), { param: "items[0][current_trial][trial_offer]" });
    assert.equal((await stripe.subscriptions.retrieve(id)).items.data[0]?.current_trial, null);
  });
});
