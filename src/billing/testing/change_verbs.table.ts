// The verbs that change what is subscribed to, as rows of verbs.table.ts. The subject of each is a subscription's id.
import { secondMs } from "#kit/clock.ts";
import type { Catalog, ChangeWished } from "../index.ts";
import type { World } from "./index.ts";
import { payer, payWith, subscribe } from "./mirrored.ts";
import { subscriptionVerbs } from "./subscription_verbs.table.ts";
import { promisedRow, type VerbRow } from "./verb_row.ts";

export const changeVerbs: Readonly<Record<string, VerbRow>> = {
  "subscriptions.change": {
    prepare: subscribed,
    command: (world, id, attempt) => changed(world, id, { id: "up", plan: "max", attempt }),
    request: "POST /v1/subscriptions/",
    effects: async (world, id) => ((await soldNow(world, id)).includes("bursar-max-month-eur") ? 1 : 0),
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "subscriptions.plan": {
    prepare: subscribed,
    command: (world, id, attempt) => changed(world, id, { id: "later", plan: "max", when: "period_end", attempt }),
    request: "POST /v1/subscription_schedules",
    beside: "POST /v1/subscription_schedules/",
    effects: async (world, id) =>
      (await world.run(world.stripe.subscriptions.retrieve(id))).schedule === null ? 0 : 1,
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "subscriptions.release": {
    async prepare(world, name) {
      const id = await subscribed(world, name);
      await world.run(changed(world, id, { id: "later", plan: "max", when: "period_end" }));
      return id;
    },
    command: (world, id, attempt) =>
      world.billing.subscriptions.undoChange(id, { id: "undo", attempt }).then(({ outcome }) => outcome),
    request: "POST /v1/subscription_schedules/",
    effects: async (world, id) =>
      (await world.run(world.stripe.subscriptions.retrieve(id))).schedule === null ? 1 : 0,
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "subscriptions.drop": {
    async prepare(world, name) {
      const id = await subscribed(world, name);
      const { customer } = await world.run(world.stripe.subscriptions.retrieve(id));
      await payWith(world, String(customer), "pm_card_chargeCustomerFail");
      await world.run(changed(world, id, { id: "up", plan: "max" }));
      return id;
    },
    command: (world, id, attempt) =>
      world.billing.subscriptions.undoChange(id, { id: "undo", attempt }).then(({ outcome }) => outcome),
    request: "POST /v1/invoices/",
    effects: async (world, id) =>
      (await world.run(world.stripe.subscriptions.retrieve(id))).pending_update === null ? 1 : 0,
    mayBeDeclined: true,
    whileOpen: "processing",
  },
};

/** What is told when one comes to nothing. */
const toldOf: Readonly<Record<string, string>> = {
  "subscriptions.change": "subscription.change_failed sub_1",
  "subscriptions.plan": "subscription.change_failed sub_1",
  "subscriptions.release": "operation_not_done subscriptions.release sub_1:undo",
  "subscriptions.drop": "operation_not_done subscriptions.drop sub_1:undo",
};

/** These and the others about a subscription, as rows of promises.test.ts. */
export const promisedChanges = Object.fromEntries(
  Object.entries({ ...subscriptionVerbs, ...changeVerbs }).map(([verb, row]) => [
    verb,
    promisedRow(row, [toldOf[verb] ?? "subscription.wish_failed sub_1"]),
  ]),
);

const tariff: Catalog = {
  plans: {
    pro: { name: "Pro", prices: { month: { eur: 1900 } } },
    max: { name: "Max", prices: { month: { eur: 4900 } } },
  },
};

/** A subscription to a plan of the catalog, paid with a card. */
async function subscribed(world: World, name: string): Promise<string> {
  await world.run(world.billing.catalog.apply(tariff));
  const { prices } = await world.run(world.billing.catalog.get());
  const customer = await payer(world, `user_${name}`);
  const { id } = await subscribe(world, customer, { items: [{ price: prices["bursar-pro-month-eur"] ?? "" }] });
  await world.advance(10 * secondMs);
  await world.run(world.billing.drain()); // It is known, also where no worker runs.
  return id;
}

async function changed(world: World, id: string, wish: ChangeWished): Promise<string> {
  return (await world.billing.subscriptions.change(id, wish)).outcome;
}

async function soldNow(world: World, id: string): Promise<readonly (string | null)[]> {
  const { items } = await world.run(world.stripe.subscriptions.retrieve(id));
  return items.data.map(({ price }) => price.lookup_key);
}
