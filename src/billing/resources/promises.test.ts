// What was answered `processing` is relied on. Whatever becomes of it later, it is done, or it is told: by a fact, or
// to a human by a flag. Every verb against every end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dayMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { stride } from "#kit/testing.ts";
import type { OperationState } from "../api/index.ts";
import type { BillingSql, BillingTables, OperationRow } from "../kernel/store/tables.ts";
import { tariffIsApplied as applied, promisedCatalog } from "../testing/catalog_promises.table.ts";
import { promisedChanges } from "../testing/change_verbs.table.ts";
import { createOrder, type FaultKind, saveCard, startWorld, type World } from "../testing/index.ts";
import { invoiceVerbs } from "../testing/invoice_verbs.table.ts";
import { subscriptionVerbs } from "../testing/subscription_verbs.table.ts";
import { hasTurn, promisedRow } from "../testing/verb_row.ts";
import { manifests, subjectOf } from "./index.ts";

const on = onEachDatabase<BillingTables>;

interface Row {
  prepare(world: World): Promise<unknown>;
  command(world: World): Promise<unknown>;
  readonly request: string;
  /** What is told when Stripe says no. */
  readonly told: readonly string[];
}

async function held(world: World): Promise<void> {
  await createOrder(world, "order_1", { capture: "manual" });
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10 * secondMs);
}

async function paid(world: World): Promise<void> {
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  await world.advance(10 * secondMs);
}

const vat = { id: "vat", type: "eu_vat", value: "DE136695976" } as const;
const refund = { id: "r_1", orderId: "order_1", amount: 500 };

const pro = { customerId: "user_1", plan: "pro", every: "month" } as const;

/** Of what was to be made there is no invoice that it could be told of. */
const toldOfInvoice = (verb: string) =>
  ["invoices.create", "invoices.draft"].includes(verb) ? "invoice.not_made invoice_of_user_1" : "invoice.not_done in_1";

const table: Record<string, Row> = {
  ...promisedChanges,
  ...promisedCatalog,
  ...Object.fromEntries(
    Object.entries(invoiceVerbs).map(([verb, row]) => [verb, promisedRow(row, [toldOfInvoice(verb)])]),
  ),
  ...Object.fromEntries(
    Object.entries(subscriptionVerbs).map(([verb, row]) => [
      verb,
      promisedRow(row, ["subscription.wish_failed sub_1"]),
    ]),
  ),
  "customers.ensure": {
    prepare: async () => undefined,
    command: (world) => world.billing.customers.ensure({ id: "user_1" }),
    request: "POST /v1/customers",
    told: ["operation_not_done customers.ensure user_1"],
  },
  "customers.link": {
    prepare: (world) => world.run(world.stripe.customers.create({ name: "Ada" })),
    async command(world) {
      const { data } = await world.run(world.stripe.customers.list());
      const [{ id: stripeCustomerId } = { id: "" }] = data;
      return world.billing.customers.link({ id: "user_1", stripeCustomerId });
    },
    request: "POST /v1/customers/",
    told: ["operation_not_done customers.link user_1=cus_1"],
  },
  "customers.update": {
    prepare: (world) => world.run(world.billing.customers.ensure({ id: "user_1" })),
    command: (world) => world.billing.customers.ensure({ id: "user_1", name: "Ada" }),
    request: "POST /v1/customers/",
    told: ["operation_not_done customers.update user_1@1"],
  },
  "methods.collect": {
    prepare: (world) => world.run(world.billing.customers.ensure({ id: "user_1" })),
    command: (world) =>
      assert.rejects(world.billing.methods.collect("user_1", { id: "card_1" }), { code: "stripe_unreachable" }),
    request: "POST /v1/setup_intents",
    told: ["operation_not_done methods.collect user_1/card_1"],
  },
  "methods.setDefault": {
    prepare: (world) => saveCard(world, "user_1", { isDefault: false }),
    command: async (world) => {
      const [method] = await world.billing.methods.list("user_1");
      return world.billing.methods.setDefault("user_1", method?.id ?? "", { id: "choice_1" });
    },
    request: "POST /v1/customers/",
    told: ["operation_not_done methods.setDefault user_1/choice_1"],
  },
  "methods.remove": {
    prepare: (world) => saveCard(world, "user_1", { isDefault: false }),
    command: async (world) => {
      const [method] = await world.billing.methods.list("user_1");
      return world.billing.methods.remove("user_1", method?.id ?? "");
    },
    request: "POST /v1/payment_methods/",
    told: ["operation_not_done methods.remove pm_1"],
  },
  "customers.addTaxId": {
    prepare: (world) => world.run(world.billing.customers.ensure({ id: "user_1" })),
    command: (world) => world.billing.customers.addTaxId("user_1", vat),
    request: "POST /v1/customers/cus",
    told: ["operation_not_done customers.addTaxId user_1/vat"],
  },
  "customers.removeTaxId": {
    async prepare(world) {
      await world.run(world.billing.customers.ensure({ id: "user_1" }));
      await world.run(world.billing.customers.addTaxId("user_1", vat));
    },
    command: (world) => world.billing.customers.removeTaxId("user_1", "vat"),
    request: "DELETE /v1/tax_ids/",
    told: ["operation_not_done customers.removeTaxId user_1/vat"],
  },
  "orders.checkout": {
    prepare: (world) => createOrder(world, "order_1"),
    command: (world) => assert.rejects(world.billing.orders.checkout("order_1"), { code: "stripe_unreachable" }),
    request: "POST /v1/payment_intents",
    told: ["operation_not_done orders.checkout order_1"],
  },
  "orders.charge": {
    async prepare(world) {
      await saveCard(world, "user_1");
      await createOrder(world, "order_1", { customerId: "user_1" });
    },
    command: (world) => world.billing.orders.charge("order_1"),
    request: "POST /v1/payment_intents/",
    told: ["order.charge_failed order_1"],
  },
  "orders.capture": {
    prepare: held,
    command: (world) => world.billing.orders.capture("order_1"),
    request: "POST /v1/payment_intents/",
    told: ["operation_not_done orders.capture order_1"],
  },
  "orders.capturePart": {
    async prepare(world) {
      await createOrder(world, "order_1", { capture: "manual", multicapture: true });
      await world.pay("order_1", "pm_card_visa");
      await world.advance(10 * secondMs);
    },
    command: (world) => world.billing.orders.capture("order_1", { id: "part_1", amount: 700 }),
    request: "POST /v1/payment_intents/",
    told: ["operation_not_done orders.capturePart order_1/part_1"],
  },
  "orders.increment": {
    async prepare(world) {
      await createOrder(world, "order_1", { capture: "manual", incrementalAuthorization: true });
      await world.pay("order_1", "pm_card_visa");
      await world.advance(10 * secondMs);
    },
    command: (world) => {
      const lines = [{ description: "Minibar", quantity: 1, unitAmount: 700 }];
      return world.billing.orders.increment("order_1", { id: "more", lines });
    },
    request: "POST /v1/payment_intents/",
    told: ["operation_not_done orders.increment order_1/more"],
  },
  "orders.cancel": {
    prepare: held,
    command: (world) => world.billing.orders.cancel("order_1"),
    request: "POST /v1/payment_intents/",
    told: ["operation_not_done orders.cancel order_1"],
  },
  "refunds.create": {
    prepare: paid,
    command: (world) => world.billing.refunds.create(refund),
    request: "POST /v1/refunds",
    told: ["refund.failed r_1"],
  },
  "subscriptions.start": {
    async prepare(world) {
      await applied(world);
      await saveCard(world, "user_1");
    },
    command: (world) => world.billing.subscriptions.start({ ...pro, id: "start_1" }),
    request: "POST /v1/subscriptions",
    told: ["subscription.start_failed start_1"],
  },
  "subscriptions.endUnpaid": {
    async prepare(world) {
      await applied(world);
      await world.run(world.billing.customers.ensure({ id: "user_1" }));
      await world.run(world.billing.subscriptions.start({ ...pro, id: "start_1" }));
    },
    command: (world) =>
      assert.rejects(world.billing.subscriptions.start({ ...pro, id: "start_2" }), { code: "stripe_unreachable" }),
    request: "POST /v1/invoices/",
    told: ["operation_not_done subscriptions.endUnpaid sub_1"],
  },
};

const verbs = manifests.flatMap((manifest) => manifest.verbs.map(({ name }) => name));

test("the table has a row for every verb of the manifests, and no other", () => {
  assert.deepEqual(Object.keys(table).sort(), verbs.toSorted());
});

async function openFlags(world: World): Promise<string[]> {
  const { data } = await world.run(world.billing.flags.list({ state: "open" }));
  return data.map(({ kind, subject }) => `${kind} ${named(subject)}`);
}

/** Chance gave it its id. */
const named = (subject: string) => subject.replace(/\b(cus|in|pm|sub)_\w+/, "$1_1");

/** The command is answered while Stripe is silent, and then gets Stripe's no. */
async function promiseAndRefuse(world: World, row: Row, no: FaultKind): Promise<void> {
  await row.prepare(world);
  world.fail(row.request, "lost", 1_000);
  await world.run(row.command(world));
  world.mend();
  world.fail(row.request, no);
  await world.advance(10 * minuteMs);
}

interface Promised {
  readonly world: World;
  readonly row: Row;
  readonly sql: BillingSql;
  readonly operation: OperationRow;
}

interface End {
  /** Leads an operation there whose caller was answered while Stripe was silent. */
  readonly bring: (promised: Promised) => Promise<unknown>;
  /** What is told then: nothing, that it is not done, or that it waits for a human. */
  readonly told: (row: Row, operation: OperationRow) => readonly string[];
  /** Which verbs can end so; all when it is not said. */
  readonly verbs?: readonly string[];
}

/** The facts which tell that a wish came to nothing. */
const noFacts = [
  ...["refund.failed", "order.charge_failed", "invoice.not_done", "invoice.not_made"],
  ...["subscription.start_failed", "subscription.wish_failed", "subscription.change_failed"],
];
const isNoFact = (type: string | undefined) => noFacts.includes(type ?? "");
/** That another start has taken its place was wished. */
const isWished = (data: object) => "reason" in data && data.reason === "replaced";
const nothing = (): readonly string[] => [];
const notDone = (row: Row): readonly string[] => row.told;
/** The human who ends it knows. */
const toTheShop = (row: Row): readonly string[] => row.told.filter((line) => isNoFact(line.split(" ")[0]));

/** Stripe keeps no answer to a DELETE under its key: https://docs.stripe.com/api/idempotent_requests */
const keyed = Object.keys(table).filter((verb) => !table[verb]?.request.startsWith("DELETE"));

/** Stripe meets the operation's key with other parameters. */
async function park({ world, sql, operation }: Promised): Promise<void> {
  const call = await sql.read("key", (reader) =>
    reader.selectFrom("calls").select("key").where("operation", "=", operation.id).executeTakeFirstOrThrow(),
  );
  await world.run(world.stripe.customers.create({ name: "Other" }, { idempotencyKey: call.key }));
  await world.advance(10 * minuteMs);
}

/** By the state in which it ends: one that is new does not compile without an end. */
const ends: { readonly [State in Exclude<OperationState, "open">]: Readonly<Record<string, End>> } = {
  done: {
    done: { bring: ({ world }) => world.advance(10 * minuteMs), told: nothing },
    "parked, then carried on": {
      async bring(promised) {
        await park(promised);
        const { world, operation } = promised;
        await world.run(world.billing.operations.retry(operation.id));
        await world.advance(10 * minuteMs);
      },
      told: nothing,
      verbs: keyed,
    },
  },
  failed: {
    failed: {
      async bring({ world, row }) {
        world.fail(row.request, 400);
        await world.advance(10 * minuteMs);
      },
      told: notDone,
    },
    "parked, then ended by a human": {
      async bring(promised) {
        await park(promised);
        const { world, operation } = promised;
        await world.run(world.billing.operations.end(operation.id, { reason: "It made nothing." }));
        await world.advance(minuteMs);
      },
      told: toTheShop,
      verbs: keyed,
    },
  },
  refused: {
    refused: {
      async bring({ world, row }) {
        world.fail(row.request, 402);
        await world.advance(10 * minuteMs);
      },
      told: notDone,
    },
  },
  parked: { parked: { bring: park, told: (_row, { id }) => [`operation_parked ${id}`], verbs: keyed } },
  expired: {
    expired: {
      async bring({ world, sql, operation }) {
        await sql.write("two days ago", async (tx) => {
          const created_at = operation.created_at - 2 * dayMs;
          await tx.updateTable("operations").set({ created_at }).where("id", "=", operation.id).execute();
        });
        await world.advance(10 * minuteMs);
      },
      told: notDone,
      verbs: manifests.flatMap((manifest) =>
        manifest.verbs.flatMap((one) => (one.validForMs === undefined ? [] : one.name)),
      ),
    },
  },
  canceled: {
    "left to the original of a copied database": {
      async bring({ world, sql }) {
        await sql.write("copy", async (tx) => {
          await tx.updateTable("operations").set({ instance: "ins_of_the_original" }).execute();
        });
        const copy = await world.twin();
        await world.run(copy.tick({ maxMs: secondMs }));
      },
      told: nothing,
    },
  },
};
const allEnds = Object.entries(ends).flatMap(([state, named]) =>
  Object.entries(named).map(([end, how]) => ({ state, end, ...how })),
);

const step = stride(5);
for (const [index, verb] of verbs.entries()) {
  if (!hasTurn(index, 3)) continue;
  for (const [n, { state, end, bring, told, verbs: ending = verbs }] of allEnds.entries()) {
    // In the whole run every one; else a fifth, another for each of five verbs.
    if (!ending.includes(verb) || n % step !== index % step) continue;
    on(
      `${verb}, answered before its end (${end}), is told as it ends`,
      async ({ url, sql }) => {
        const row = table[verb];
        assert.ok(row);
        const world = await startWorld({ url });
        await row.prepare(world);
        world.fail(row.request, "lost", 1_000);
        await world.run(row.command(world));
        world.mend();
        const ofVerb = () =>
          sql.read("operation", (reader) =>
            reader.selectFrom("operations").selectAll().where("verb", "=", verb).executeTakeFirstOrThrow(),
          );
        const operation = await ofVerb();
        assert.deepEqual([operation.state, operation.promised], ["open", 1]);
        await bring({ world, row, sql, operation });
        assert.equal((await ofVerb()).state, state);
        const facts = world.facts
          .filter(({ type, data }) => isNoFact(type) && !isWished(data))
          .map((fact) => `${fact.type} ${named(subjectOf(fact))}`);
        assert.deepEqual([...(await openFlags(world)), ...facts], told(row, operation));
        await world.close();
      },
      { turn: index },
    );
  }
}

on("a call that is in the air while its caller is answered `processing` is told as not done too", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false }); // Nobody else takes the lane over.
  const { billing } = world;
  await createOrder(world, "order_1");
  await world.pay("order_1", "pm_card_visa");
  const { stripe } = await world.run(billing.orders.settled("order_1"));
  await world.run(world.stripe.refunds.create({ payment_intent: stripe.paymentIntentId as string }));
  world.fail("POST /v1/refunds", "slow");
  assert.equal((await world.run(billing.refunds.create(refund))).outcome, "processing");
  await world.advance(minuteMs);
  await world.run(billing.drain());
  const told = world.facts.filter(({ type }) => type === "refund.failed");
  assert.deepEqual(
    told.map(({ data }) => data),
    [{ refundId: "r_1", orderId: "order_1", invoiceId: null, reason: "charge_already_refunded" }],
  );
  await world.close();
});

on("what was told as not done is seen to when the next attempt is done", async ({ url }) => {
  const world = await startWorld({ url });
  await promiseAndRefuse(world, table["orders.capture"] as Row, 400);
  assert.deepEqual(await openFlags(world), ["operation_not_done orders.capture order_1"]);
  assert.equal((await world.run(world.billing.orders.capture("order_1", { attempt: 2 }))).outcome, "done");
  assert.deepEqual(await openFlags(world), []);
  await world.close();
});

on("a command that fails while its caller waits is the caller's to know, and nobody is told", async ({ url }) => {
  const world = await startWorld({ url });
  await held(world);
  world.fail("POST /v1/payment_intents/", 400);
  await assert.rejects(world.run(world.billing.orders.capture("order_1")), { code: "stripe_refused" });
  await world.advance(minuteMs);
  assert.deepEqual(await openFlags(world), []);
  await world.close();
});
