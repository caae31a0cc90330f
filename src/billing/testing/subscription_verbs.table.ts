// The verbs about a subscription that is there, as rows of verbs.table.ts. The subject of each is `user_1 sub_1`.
import type Stripe from "stripe";
import { minuteMs } from "#kit/clock.ts";
import type { World } from "./index.ts";
import { monthly, payer, subscribe } from "./mirrored.ts";
import type { VerbRow } from "./verb_row.ts";

/** A customer who pays by the month, and what they pay. */
export async function subscriber(
  world: World,
  name: string,
  more: Partial<Stripe.SubscriptionCreateParams> = {},
): Promise<string> {
  const customer = await payer(world, `user_${name}`);
  const price = await monthly(world, 1000);
  const { id } = await subscribe(world, customer, { items: [{ price }], ...more });
  await world.advance(minuteMs);
  return id;
}

/** One whose status is paused: its trial ended, and there was nothing to pay with. */
export async function pausedSubscriber(
  world: World,
  name: string,
  more: Partial<Stripe.SubscriptionCreateParams> = {},
): Promise<string> {
  const customerId = `user_${name}`;
  const { stripeCustomerId: customer } = await world.run(world.billing.customers.ensure({ id: customerId }));
  const price = await monthly(world, 1000);
  const made = await subscribe(world, customer ?? "", {
    items: [{ price }],
    trial_period_days: 7,
    trial_settings: { end_behavior: { missing_payment_method: "pause" } },
    ...more,
  });
  await world.run(world.stripe.subscriptions.update(made.id, { trial_end: "now" }).then((one) => one));
  const card = await world.run(
    world.stripe.paymentMethods.attach("pm_card_visa", { customer: customer ?? "" }).then((one) => one),
  );
  const invoice_settings = { default_payment_method: card.id };
  await world.run(world.stripe.customers.update(customer ?? "", { invoice_settings }).then((one) => one));
  await world.advance(minuteMs);
  return made.id;
}

const atStripe = (world: World, id: string) => world.run(world.stripe.subscriptions.retrieve(id).then((one) => one));
const change = "POST /v1/subscriptions/";

function row(
  more: Pick<VerbRow, "command" | "effects"> & Partial<Pick<VerbRow, "prepare" | "request" | "whileOpen">>,
): VerbRow {
  return { prepare: subscriber, request: change, mayBeDeclined: true, whileOpen: "processing", ...more };
}

export const subscriptionVerbs: Readonly<Record<string, VerbRow>> = {
  "subscriptions.cancel": row({
    command: ({ billing }, subject, attempt) =>
      billing.subscriptions.cancel(subject, { id: "cancel_1", when: "now", attempt }).then(({ outcome }) => outcome),
    request: "DELETE /v1/subscriptions/",
    effects: async (world, subject) => ((await atStripe(world, subject)).status === "canceled" ? 1 : 0),
  }),
  "subscriptions.undo": row({
    async prepare(world, name) {
      const id = await subscriber(world, name);
      await world.run(world.stripe.subscriptions.update(id, { cancel_at_period_end: true }).then((one) => one));
      await world.advance(minuteMs);
      return id;
    },
    command: ({ billing }, subject, attempt) =>
      billing.subscriptions.undo(subject, { id: "stay_1", attempt }).then(({ outcome }) => outcome),
    effects: async (world, subject) => ((await atStripe(world, subject)).cancel_at === null ? 1 : 0),
  }),
  "subscriptions.pause": row({
    command: ({ billing }, subject, attempt) =>
      billing.subscriptions.pause(subject, { id: "summer", invoices: "void", attempt }).then(({ outcome }) => outcome),
    effects: async (world, subject) => ((await atStripe(world, subject)).pause_collection === null ? 0 : 1),
  }),
  "subscriptions.resume": row({
    prepare: pausedSubscriber,
    command: ({ billing }, subject, attempt) =>
      billing.subscriptions.resume(subject, { id: "autumn", attempt }).then(({ outcome }) => outcome),
    effects: async (world, subject) => ((await atStripe(world, subject)).status === "active" ? 1 : 0),
  }),
  "subscriptions.discount": row({
    async prepare(world, name) {
      await world.run(
        world.billing.catalog.apply({
          plans: { pro: { name: "Pro", prices: { month: { eur: 1900 } } } },
          coupons: { launch: { name: "Launch", percentOff: 20 } },
        }),
      );
      return subscriber(world, name);
    },
    command: ({ billing }, subject, attempt) =>
      billing.subscriptions
        .discount(subject, { id: "offer_1", coupon: "launch", attempt })
        .then(({ outcome }) => outcome),
    effects: async (world, subject) => (await atStripe(world, subject)).discounts.length,
  }),
  "subscriptions.setMethod": row({
    async prepare(world, name) {
      const id = await subscriber(world, name);
      const { customer } = await atStripe(world, id);
      await world.run(
        world.stripe.paymentMethods.attach("pm_card_mastercard", { customer: String(customer) }).then((one) => one),
      );
      await world.advance(minuteMs);
      return id;
    },
    command: async (world, subject, attempt) => {
      const { customer } = await world.stripe.subscriptions.retrieve(subject);
      const { data } = await world.stripe.paymentMethods.list({ customer: String(customer) });
      const method = data.find(({ card }) => card?.brand === "mastercard")?.id ?? "";
      const { outcome } = await world.billing.subscriptions.setMethod(subject, { id: "choice_1", method, attempt });
      return outcome;
    },
    effects: async (world, subject) => ((await atStripe(world, subject)).default_payment_method === null ? 0 : 1),
  }),
};
