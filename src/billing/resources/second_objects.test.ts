// A second object with the same marks, of every kind that Bursar makes: a copy of the metadata, or one that a call made
// and whose answer was lost. The first that is seen is ours; the second is a row and a flag of its own, money or not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { createOrder, saveCard, startWorld, type World } from "../testing/index.ts";
import { invoiceWish, openInvoice } from "../testing/invoice_verbs.table.ts";
import { startMachine } from "../testing/machine.ts";
import { manifests } from "./index.ts";

const on = onEachDatabase<BillingTables>;
type Metadata = Record<string, string>;

interface Row {
  prepare(world: World): Promise<unknown>;
  command(world: World): Promise<unknown>;
  readonly request: string;
  /** Metadata besides that of the operation. */
  readonly mark: Metadata;
  /** Makes one at Stripe, as somebody else would; its id. */
  make(world: World, metadata: Metadata): Promise<string>;
  /** The id at Stripe of the one that is ours. */
  own(world: World): Promise<string | null>;
  /** By an id of ours or a lookup key, which one has alone: a copy is never ours, though it was seen first. */
  readonly isKnownByName?: true;
  readonly flag: string;
  /** Besides, in the end. */
  both?(world: World): Promise<unknown>;
}

async function paymentOf(world: World): Promise<string> {
  return (await world.run(world.billing.orders.get("order_1"))).stripe.paymentIntentId as string;
}

const plans = { pro: { name: "Pro", prices: { month: { eur: 1900 } } } };
/** It follows from its terms. */
const launchId = "bursar-launch-bd82f917";
const catalogRow = {
  prepare: async () => undefined,
  command: (world: World) => world.billing.catalog.apply({ plans }),
  mark: { bursar_catalog: "bursar" },
  isKnownByName: true,
} as const;

async function firstInvoice(world: World): Promise<string> {
  const { data } = await world.run(world.billing.invoices.list());
  return data[0]?.id ?? "";
}

/** Known by the answer of its own call alone: what somebody else has made is not sent to anybody. */
const invoiceRow = {
  prepare: (world: World) => world.run(world.billing.customers.ensure({ id: "user_1", email: "a@example.test" })),
  request: "POST /v1/invoices",
  mark: { bursar_invoice: "invoice_1" },
  isKnownByName: true,
  make: async (world: World, metadata: Metadata) => {
    const { stripeCustomerId: customer } = await world.run(world.billing.customers.get("user_1"));
    const copy = world.stripe.invoices.create({ customer: customer as string, currency: "eur", metadata });
    return (await world.run(copy.then((made) => made))).id;
  },
  own: async (world: World) => {
    const { data } = await world.run(world.billing.invoices.list());
    return data.find(({ ownId }) => ownId === "invoice_1")?.id ?? null;
  },
  flag: "second_invoice invoice_1",
} as const;

const table: Record<string, Row> = {
  "catalog.createProduct": {
    ...catalogRow,
    request: "POST /v1/products",
    make: async (world, metadata) => (await world.run(world.stripe.products.create({ name: "Copy", metadata }))).id,
    own: async (world) => (await world.run(world.stripe.products.retrieve("bursar-pro"))).id,
    flag: "second_product bursar-pro",
  },
  "catalog.createPrice": {
    ...catalogRow,
    request: "POST /v1/prices",
    make: async (world, metadata) => {
      const price = { product: "bursar-pro", currency: "eur", unit_amount: 1900, metadata };
      return (await world.run(world.stripe.prices.create(price))).id;
    },
    own: async (world) => (await world.run(world.billing.catalog.get())).prices["bursar-pro-month-eur"] ?? null,
    flag: "second_price bursar-pro-month-eur",
  },
  "catalog.createCoupon": {
    ...catalogRow,
    command: (world) => world.billing.catalog.apply({ plans, coupons: { launch: { name: "Launch", percentOff: 20 } } }),
    request: "POST /v1/coupons",
    make: async (world, metadata) => (await world.run(world.stripe.coupons.create({ percent_off: 20, metadata }))).id,
    own: async (world) => (await world.run(world.billing.catalog.get())).coupons.launch ?? null,
    flag: `second_coupon ${launchId}`,
  },
  "customers.ensure": {
    prepare: async () => undefined,
    command: (world) => world.billing.customers.ensure({ id: "user_1" }),
    request: "POST /v1/customers",
    mark: { bursar_customer: "user_1" },
    make: async (world, metadata) => (await world.run(world.stripe.customers.create({ metadata }))).id,
    own: async (world) => (await world.run(world.billing.customers.get("user_1"))).stripeCustomerId,
    flag: "second_customer user_1",
  },
  "invoices.create": {
    ...invoiceRow,
    command: (world) => world.billing.invoices.create({ ...invoiceWish, id: "invoice_1", customerId: "user_1" }),
  },
  "invoices.draft": {
    ...invoiceRow,
    command: (world) =>
      world.billing.invoices.create({ ...invoiceWish, id: "invoice_1", customerId: "user_1", finalize: false }),
  },
  "invoices.credit": {
    prepare: (world) => openInvoice(world, "user_1"),
    command: async (world) => world.billing.invoices.credit(await firstInvoice(world), { id: "credit_1", amount: 500 }),
    request: "POST /v1/credit_notes",
    mark: { bursar_credit: "credit_1" },
    make: async (world, metadata) => {
      const copy = world.stripe.creditNotes.create({ invoice: await firstInvoice(world), amount: 500, metadata });
      return (await world.run(copy.then((made) => made))).id;
    },
    own: async (world) => {
      const credits = await world.run(world.billing.invoices.credits(await firstInvoice(world)));
      return credits.find(({ id }) => id === "credit_1")?.creditNoteId ?? null;
    },
    flag: "second_credit_note in_1/credit_1",
  },
  "methods.collect": {
    prepare: (world) => world.run(world.billing.customers.ensure({ id: "user_1" })),
    command: (world) => world.billing.methods.collect("user_1", { id: "card_1" }).catch(() => undefined),
    request: "POST /v1/setup_intents",
    mark: { bursar_customer: "user_1" },
    make: async (world, metadata) => {
      const { stripeCustomerId: customer } = await world.run(world.billing.customers.get("user_1"));
      return (await world.run(world.stripe.setupIntents.create({ customer: customer as string, metadata }))).id;
    },
    own: async (world) => {
      const made = await world.run(world.billing.methods.collect("user_1", { id: "card_1" }));
      return made.setupIntentId;
    },
    flag: "second_setup_intent user_1/card_1",
  },
  "orders.checkout": {
    prepare: (world) => createOrder(world, "order_1"),
    command: (world) => world.billing.orders.checkout("order_1").catch(() => undefined),
    request: "POST /v1/payment_intents",
    mark: { bursar_order: "order_1" },
    make: async (world, metadata) =>
      (await world.run(world.stripe.paymentIntents.create({ amount: 2500, currency: "eur", metadata }))).id,
    own: paymentOf,
    flag: "second_payment_intent order_1",
  },
  "refunds.create": {
    async prepare(world) {
      await createOrder(world, "order_1");
      await world.pay("order_1", "pm_card_visa");
      await world.advance(10 * secondMs);
    },
    command: (world) => world.billing.refunds.create({ id: "r_1", orderId: "order_1", amount: 500 }),
    request: "POST /v1/refunds",
    mark: { bursar_order: "order_1", bursar_refund: "r_1" },
    make: async (world, metadata) => {
      const payment_intent = await paymentOf(world);
      return (await world.run(world.stripe.refunds.create({ payment_intent, amount: 500, metadata }))).id;
    },
    own: async (world) => (await world.run(world.billing.refunds.get("r_1"))).stripe.refundId,
    flag: "second_refund r_1",
    async both(world) {
      assert.equal((await world.run(world.billing.orders.get("order_1"))).amountRefunded, 1000);
      const { data } = await world.run(world.billing.refunds.list({ orderId: "order_1" }));
      assert.deepEqual(
        data.map(({ amount }) => amount.amount),
        [500, 500],
      );
    },
  },
  "subscriptions.start": {
    async prepare(world) {
      await world.run(world.billing.catalog.apply({ plans }));
      await saveCard(world, "user_1");
    },
    command: (world) =>
      world.billing.subscriptions.start({ id: "start_1", customerId: "user_1", plan: "pro", every: "month" }),
    request: "POST /v1/subscriptions",
    mark: { bursar_start: "start_1" },
    make: async (world, metadata) => {
      const { stripeCustomerId } = await world.run(world.billing.customers.get("user_1"));
      const { prices } = await world.run(world.billing.catalog.get());
      const items = [{ price: prices["bursar-pro-month-eur"] as string }];
      const made = world.stripe.subscriptions.create({ customer: stripeCustomerId as string, items, metadata });
      return (await world.run(made)).id;
    },
    own: async (world) => {
      const { data } = await world.run(world.billing.subscriptions.list({ startId: "start_1" }));
      return data[0]?.id ?? null;
    },
    flag: "second_subscription user_1/bursar",
  },
};

/**
 * A tax id is the same one by its customer and its number, whoever has given it; a mail is not an object; a
 * subscription has one schedule at a time.
 */
const unmarked = ["customers.addTaxId", "invoices.send", "subscriptions.plan"];

test("the table has a row for every verb that makes an object, but for what bears no marks", () => {
  const making = manifests.flatMap(({ verbs }) => verbs.filter(({ steps }) => steps.some(({ find }) => find)));
  assert.deepEqual([...Object.keys(table), ...unmarked].sort(), making.map(({ name }) => name).sort());
});

const events = { "a copy that comes later": false, "one that was made and never heard of": true };

for (const [verb, row] of Object.entries(table)) {
  for (const [what, isSeenFirst] of Object.entries(events)) {
    on(`${verb}: ${what} is a row and a flag of its own`, async ({ url, sql }) => {
      const world = await startWorld({ url });
      await row.prepare(world);
      // Whatever the clock says of the machine that has wished it.
      const { billing, close } = await startMachine(world, {
        url,
        aheadMs: isSeenFirst ? 30 * secondMs : -3 * secondMs,
      });
      if (isSeenFirst) world.fail(row.request, "lost", 1_000);
      await world.run(row.command({ ...world, billing }));
      const { id, instance } = await sql.read("marks", (reader) =>
        reader.selectFrom("operations").select(["id", "instance"]).where("verb", "=", verb).executeTakeFirstOrThrow(),
      );
      const beside = await row.make(world, { ...row.mark, bursar_instance: instance, bursar_op: id });
      await world.advance(20 * secondMs);
      world.mend();
      await world.advance(10 * minuteMs);
      const own = await row.own(world);
      const isOurs = isSeenFirst && !row.isKnownByName;
      assert.equal(own === beside, isOurs, "the first that was seen is ours, or what bears the name");
      const mirrored = await sql.read("mirror", (reader) =>
        reader.selectFrom("mirror").select("id").where("row", "like", `%"operation":"${id}"%`).execute(),
      );
      assert.equal(mirrored.length, 2, "both are known");
      const { data: flags } = await world.run(world.billing.flags.list({ state: "open" }));
      assert.deepEqual(
        flags.map(({ kind, subject }) => `${kind} ${subject.replace(/^in_\w+/, "in_1")}`),
        [row.flag],
      );
      const second = mirrored.find((one) => one.id !== own)?.id as string;
      assert.ok(flags[0]?.detail.includes(second), "and which is the second");
      await row.both?.(world);
      await close();
      await world.close();
    });
  }
}
