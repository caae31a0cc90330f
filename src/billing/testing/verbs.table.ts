// Every verb of the public API that calls Stripe: what must be there before it, the command, and what it does there.
import { secondMs } from "#kit/clock.ts";
import type { Catalog } from "../index.ts";
import { changeVerbs } from "./change_verbs.table.ts";
import { createOrder, saveCard, type World } from "./index.ts";
import { invoiceVerbs } from "./invoice_verbs.table.ts";
import { subscriptionVerbs } from "./subscription_verbs.table.ts";
import type { VerbRow } from "./verb_row.ts";

/** A catalog under a namespace of its own, of which this step is left. */
function catalogStep(
  request: string,
  step: {
    before: (world: World, namespace: string) => Promise<unknown>;
    after: (namespace: string) => Catalog;
    /** Of the plan's text: the change is still to be made. */
    left: string;
  },
): VerbRow {
  return {
    async prepare(world, name) {
      const namespace = `shop_${name}`.toLowerCase();
      await world.run(step.before(world, namespace));
      return namespace;
    },
    command: (world, namespace) => world.billing.catalog.apply(step.after(namespace)).then(({ outcome }) => outcome),
    request,
    effects: async (world, namespace) => {
      const { text } = await world.run(world.billing.catalog.plan(step.after(namespace)));
      return text.includes(step.left) ? 0 : 1;
    },
    mayBeDeclined: false,
    whileOpen: "processing",
    isPlannedAnew: true,
  };
}

const plans = { pro: { name: "Pro", prices: { month: { eur: 1900 } } } };
const sold = (namespace: string): Catalog => ({ namespace, plans });
const renamed = (namespace: string): Catalog => ({ namespace, plans: { pro: { ...plans.pro, name: "Pro+" } } });
const dearer = (namespace: string): Catalog => ({
  namespace,
  plans: { pro: { ...plans.pro, prices: { month: { eur: 2100 } } } },
});
const isSold = (world: World, namespace: string) => world.billing.catalog.apply(sold(namespace));
const offered = (namespace: string, name = "Launch"): Catalog => ({
  ...sold(namespace),
  coupons: { launch: { name, percentOff: 20 } },
});
const isOffered = (world: World, namespace: string) => world.billing.catalog.apply(offered(namespace));

export const verbs: Readonly<Record<string, VerbRow>> = {
  ...invoiceVerbs,
  ...subscriptionVerbs,
  ...changeVerbs,
  "catalog.createProduct": catalogStep("POST /v1/products", {
    before: async () => undefined,
    after: sold,
    left: "create product",
  }),
  "catalog.updateProduct": catalogStep("POST /v1/products/", {
    before: isSold,
    after: renamed,
    left: "update product",
  }),
  "catalog.createPrice": catalogStep("POST /v1/prices", {
    before: (world, namespace) => world.stripe.products.create({ id: `${namespace}-pro`, name: "Pro" }),
    after: sold,
    left: "create price",
  }),
  "catalog.updatePrice": catalogStep("POST /v1/prices/", { before: isSold, after: dearer, left: "archive price" }),
  "catalog.createCoupon": catalogStep("POST /v1/coupons", { before: isSold, after: offered, left: "create coupon" }),
  "catalog.updateCoupon": catalogStep("POST /v1/coupons/", {
    before: isOffered,
    after: (namespace) => offered(namespace, "Offer"),
    left: "update coupon",
  }),
  "catalog.deleteCoupon": catalogStep("DELETE /v1/coupons/", {
    before: isOffered,
    after: sold,
    left: "archive coupon",
  }),
  "customers.ensure": {
    prepare: async (_world, name) => `user_${name}`,
    command: (world, id, attempt) =>
      world.billing.customers.ensure({ id, email: `${id}@example.test`, attempt }).then(() => "done"),
    request: "POST /v1/customers",
    effects: async (world, id) =>
      (await world.run(world.stripe.customers.list({ limit: 100, email: `${id}@example.test` }))).data.length,
    mayBeDeclined: false,
    whileOpen: "done", // the customer is ours at once; Stripe's id follows
  },
  "customers.link": {
    async prepare(world, name) {
      await world.run(world.stripe.customers.create({ description: `user_${name}` }).then((made) => made));
      return `user_${name}`;
    },
    command: async (world, id, attempt) => {
      const { data } = await world.stripe.customers.list({ limit: 100 });
      const stripeCustomerId = data.find(({ description }) => description === id)?.id ?? "";
      return world.billing.customers.link({ id, stripeCustomerId, attempt }).then(() => "done");
    },
    request: "POST /v1/customers/",
    effects: async (world, id) => {
      const { data } = await world.run(world.stripe.customers.list({ limit: 100 }));
      return data.filter(({ metadata }) => metadata.bursar_customer === id).length;
    },
    mayBeDeclined: false,
    whileOpen: "done",
  },
  "customers.update": {
    async prepare(world, name) {
      await world.run(world.billing.customers.ensure({ id: `user_${name}` }));
      return `user_${name}`;
    },
    command: (world, id, attempt) =>
      world.billing.customers.ensure({ id, name: `Name of ${id}`, attempt }).then(() => "done"),
    request: "POST /v1/customers/",
    effects: async (world, id) => {
      const { data } = await world.run(world.stripe.customers.list({ limit: 100 }));
      return data.filter((customer) => customer.name === `Name of ${id}`).length;
    },
    mayBeDeclined: false,
    whileOpen: "done",
  },
  "methods.collect": {
    async prepare(world, name) {
      await world.run(world.billing.customers.ensure({ id: `user_${name}` }));
      return `user_${name}`;
    },
    command: (world, id, attempt) => world.billing.methods.collect(id, { id: "card_1", attempt }).then(() => "done"),
    request: "POST /v1/setup_intents",
    effects: async (world, id) => {
      const { stripeCustomerId } = await world.run(world.billing.customers.get(id));
      const { data } = await world.run(world.stripe.setupIntents.list({ limit: 100 }));
      return data.filter(({ customer }) => customer === stripeCustomerId).length;
    },
    mayBeDeclined: false,
    whileOpen: "stripe_unreachable",
  },
  "methods.setDefault": {
    prepare: customerWithCard,
    command: (world, subject, attempt) => {
      const [customerId, methodId] = namesIn(subject);
      const wish = { id: "choice_1", attempt };
      return world.billing.methods.setDefault(customerId, methodId, wish).then(({ outcome }) => outcome);
    },
    request: "POST /v1/customers/",
    effects: async (world, subject) => {
      const [customerId, methodId] = namesIn(subject);
      const { stripeCustomerId } = await world.run(world.billing.customers.get(customerId));
      const { data } = await world.run(world.stripe.customers.list({ limit: 100 }));
      const customer = data.find(({ id }) => id === stripeCustomerId);
      return customer?.invoice_settings.default_payment_method === methodId ? 1 : 0;
    },
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "methods.remove": {
    prepare: customerWithCard,
    command: (world, subject, attempt) =>
      world.billing.methods.remove(...namesIn(subject), { attempt }).then(({ outcome }) => outcome),
    request: "POST /v1/payment_methods/",
    effects: async (world, subject) => {
      const [, methodId] = namesIn(subject);
      const method = await world.run(world.stripe.paymentMethods.retrieve(methodId).then((made) => made));
      return method.customer === null ? 1 : 0;
    },
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "customers.addTaxId": {
    async prepare(world, name) {
      await world.run(world.billing.customers.ensure({ id: `user_${name}` }));
      return `user_${name}`;
    },
    command: (world, id, attempt) =>
      world.billing.customers
        .addTaxId(id, { id: "vat", type: "eu_vat", value: "DE136695976", attempt })
        .then(({ outcome }) => outcome),
    request: "POST /v1/customers/cus",
    effects: async (world, id) => (await taxIdsOf(world, id)).length,
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "customers.removeTaxId": {
    async prepare(world, name) {
      await world.run(world.billing.customers.ensure({ id: `user_${name}` }));
      const given = { id: "vat", type: "eu_vat", value: "DE136695976" } as const;
      await world.run(world.billing.customers.addTaxId(`user_${name}`, given));
      return `user_${name}`;
    },
    command: (world, id, attempt) =>
      world.billing.customers.removeTaxId(id, "vat", { attempt }).then(({ outcome }) => outcome),
    request: "DELETE /v1/tax_ids/",
    effects: async (world, id) => 1 - (await taxIdsOf(world, id)).length,
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "orders.checkout": {
    prepare: async (world, name) => (await createOrder(world, `order_${name}`)).id,
    command: (world, id, attempt) => world.billing.orders.checkout(id, { attempt }).then(() => "done"),
    request: "POST /v1/payment_intents",
    effects: async (world, id) => (await payments(world, id)).length,
    mayBeDeclined: false,
    whileOpen: "stripe_unreachable",
  },
  "orders.charge": {
    prepare: (world, name) => orderOfSaved(world, `order_${name}`),
    command: (world, id, attempt) => world.billing.orders.charge(id, { attempt }).then(({ outcome }) => outcome),
    request: "POST /v1/payment_intents/",
    effects: async (world, id) => (await payments(world, id)).filter(({ status }) => status === "succeeded").length,
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "orders.capture": {
    prepare: (world, name) => paidOrder(world, `order_${name}`, "manual"),
    command: (world, id, attempt) => world.billing.orders.capture(id, { attempt }).then(({ outcome }) => outcome),
    request: "POST /v1/payment_intents/",
    effects: async (world, id) => (await payments(world, id)).filter(({ status }) => status === "succeeded").length,
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "orders.capturePart": {
    async prepare(world, name) {
      await createOrder(world, `order_${name}`, { capture: "manual", multicapture: true });
      return heldOrder(world, `order_${name}`);
    },
    command: (world, id, attempt) =>
      world.billing.orders.capture(id, { id: "part_1", amount: 700, attempt }).then(({ outcome }) => outcome),
    request: "POST /v1/payment_intents/",
    effects: async (world, id) => (await payments(world, id)).filter((one) => one.amount_received === 700).length,
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "orders.increment": {
    async prepare(world, name) {
      await createOrder(world, `order_${name}`, { capture: "manual", incrementalAuthorization: true });
      return heldOrder(world, `order_${name}`);
    },
    command: (world, id, attempt) =>
      world.billing.orders.increment(id, { id: "more", lines: [more], attempt }).then(({ outcome }) => outcome),
    request: "POST /v1/payment_intents/",
    effects: async (world, id) => (await payments(world, id)).filter(({ amount }) => amount === 3200).length,
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "orders.cancel": {
    prepare: (world, name) => paidOrder(world, `order_${name}`, "manual"),
    command: (world, id, attempt) =>
      world.billing.orders.cancel(id, { attempt, reason: "changed their mind" }).then(({ outcome }) => outcome),
    request: "POST /v1/payment_intents/",
    effects: async (world, id) => (await payments(world, id)).filter(({ status }) => status === "canceled").length,
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "refunds.create": {
    prepare: (world, name) => paidOrder(world, `order_${name}`, "automatic"),
    command: (world, orderId, attempt) =>
      world.billing.refunds
        .create({ id: `refund_of_${orderId}`, orderId, amount: 500, attempt })
        .then(({ outcome }) => outcome),
    request: "POST /v1/refunds",
    effects: async (world, id) => {
      const [payment] = await payments(world, id);
      return (await world.run(world.stripe.refunds.list({ payment_intent: payment?.id as string }))).data.length;
    },
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "subscriptions.start": {
    prepare: (world, name) => subscriber(world, `user_${name}`),
    command: (world, id, attempt) => subscribe(world, id, { id: `start_${id}`, attempt }),
    request: "POST /v1/subscriptions",
    effects: async (world, id) => (await subscriptionsOf(world, id)).length,
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  // What waits for a payer makes room for what another start charges.
  "subscriptions.endUnpaid": {
    async prepare(world, name) {
      const id = await subscriber(world, `user_${name}`, { hasCard: false });
      await world.run(subscribe(world, id, { id: `first_${id}` }));
      await saveCard(world, id);
      return id;
    },
    command: (world, id, attempt) => subscribe(world, id, { id: `start_${id}`, attempt }),
    request: "POST /v1/invoices/",
    effects: async (world, id) =>
      (await subscriptionsOf(world, id)).filter(({ status }) => status === "incomplete_expired").length,
    mayBeDeclined: false,
    whileOpen: "stripe_unreachable",
    isPlannedAnew: true,
  },
};

/** A customer for whom the plan pro is sold, and who has a card. */
async function subscriber(world: World, id: string, { hasCard = true } = {}): Promise<string> {
  await world.run(world.billing.catalog.apply({ plans }));
  await world.run(world.billing.customers.ensure({ id }));
  if (hasCard) await saveCard(world, id);
  return id;
}

function subscribe(world: World, customerId: string, start: { id: string; attempt?: number | undefined }) {
  const wish = { ...start, customerId, plan: "pro", every: "month" } as const;
  return world.billing.subscriptions.start(wish).then(({ outcome }) => outcome);
}

async function subscriptionsOf(world: World, id: string) {
  const { stripeCustomerId } = await world.run(world.billing.customers.get(id));
  const customer = stripeCustomerId ?? "";
  return (await world.run(world.stripe.subscriptions.list({ customer, status: "all" }))).data;
}

/** A customer and a card of theirs: `user_1 pm_1`. */
async function customerWithCard(world: World, name: string): Promise<string> {
  const id = `user_${name}`;
  return `${id} ${await saveCard(world, id, { isDefault: false })}`;
}

function namesIn(subject: string): [customerId: string, methodId: string] {
  const [customerId = "", methodId = ""] = subject.split(" ");
  return [customerId, methodId];
}

const more = { description: "Minibar", quantity: 1, unitAmount: 700 };

async function taxIdsOf(world: World, id: string) {
  const { stripeCustomerId } = await world.run(world.billing.customers.get(id));
  return (await world.run(world.stripe.customers.listTaxIds(stripeCustomerId ?? ""))).data;
}

async function payments(world: World, orderId: string) {
  const { data } = await world.run(world.stripe.paymentIntents.list({ limit: 100 }));
  return data.filter((payment) => payment.metadata.bursar_order === orderId);
}

async function paidOrder(world: World, id: string, capture: "automatic" | "manual"): Promise<string> {
  await createOrder(world, id, { capture });
  return heldOrder(world, id);
}

async function heldOrder(world: World, id: string): Promise<string> {
  await world.pay(id, "pm_card_visa");
  await world.advance(secondMs);
  return id;
}

/** An order of a customer of its own, whose default is a saved card. */
async function orderOfSaved(world: World, id: string): Promise<string> {
  const customerId = `payer_of_${id}`;
  await saveCard(world, customerId);
  await createOrder(world, id, { customerId });
  return id;
}
