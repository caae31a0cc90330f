// Every read-modify-write is under a lock, a version or a statement, and locks are taken in one order: all units of a
// busy life are heard, statement by statement. What one of them read and another could have changed before it wrote,
// and what two of them lock each in another order, is named here with the reason why that is right, or is a finding.
import assert from "node:assert/strict";
import { minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { isWholeRun } from "#kit/testing.ts";
import { migrations } from "../src/billing/rooms.ts";
import { createOrder, type FaultKind, startWorld, type World } from "../src/billing/testing/index.ts";
import { openInvoice } from "../src/billing/testing/invoice_verbs.table.ts";
import { verbs } from "../src/billing/testing/verbs.table.ts";
import { listen, type Past, untrueReads } from "./locks/history.ts";
import { crossings } from "./locks/order.ts";
import { keysOf, type Row } from "./locks/statement.ts";

const filing =
  "The id follows from the wish, so of two that file one wish the second inserts nothing. What an attempt before has " +
  "made is final. Two that get one turn are told apart by their ids, and no order is owed to wishes at one moment.";
const wanting =
  "Whoever registers at this moment wants what comes from now on; an endpoint that is disabled at this moment closes " +
  "what still comes for it.";
const whose =
  "Only whose a Customer of Stripe's is, for a fact. Before somebody who is linked at this moment it was nobody's, " +
  "and nothing of it was written.";
const wished = "Only what was wished, by its id: a wish never changes, and is written before anything bears its id.";
const reckoned =
  "Whoever writes it reckons afterwards, in the same transaction, what its customer may use, which slots they hold " +
  "or what has waited for it, under the row that everybody holds who does so: the second of two sees what both wrote.";
const versioned =
  "What is reckoned by a catalog or a policy bears its version. Those that were written at this moment are another " +
  "version, by which everybody is reckoned anew.";
const created =
  "Only the second at which a failure was told, which never changes, for the first one: it is kept for good.";
const bound =
  "It is bound to the first object that bears its marks, for good (coalesce): two that bind it write the same.";
const held =
  "What goes back of a payment waits while nobody knows whose it is, under a timer that asks again: what was tied to " +
  "it at this moment is found then.";
const capping = "One that ends at this moment may still count: then one too few is let in, never one too many.";

/** The same reason for what several units read. */
function allOf(units: readonly string[], tables: readonly string[], why: string): Record<string, string> {
  return Object.fromEntries(units.flatMap((unit) => tables.map((table) => [`${unit} reads ${table}`, why])));
}

/** What writes down what was seen, and what follows from it. */
const seeing = ["inbox.done", "look.written", "operation.answered"];
const reckoning = [...seeing, "timer.access.wave"];

/** What is read without a lock that its writers take, by the unit and the table, and why nothing is lost by it. */
const relied: Readonly<Record<string, string>> = {
  "operation.begin reads operations": filing,
  "operation.begin reads customers":
    "Only who bears a Customer that is to be linked, for the words of the refusal. Of two that link one at this " +
    "moment the database takes one: `stripe_id` is unique.",
  "operation.begin reads mirror":
    "Whose test clock it is, and what is sold: neither is taken back by what comes later.",
  "operation.begin reads subscriptions": reckoned,
  "operation.begin reads subscription_slots": reckoned,
  "operation.begin reads catalog_runs": versioned,
  "operation.sent reads operations":
    "Who holds the lane chooses the first of it. What is filed at this moment comes behind it, what is asked of it " +
    "meanwhile (a cancel, a promise) is read again by the update that ends it.",
  "operation.promised reads calls": "Only its wish is looked at, which never changes.",
  "operation.answered reads mirror": "Only whose the object is, for the lane of its look: a lane saves work.",
  "operation.answered reads receipts": "An open look is renewed whatever became of it; a new one is renewed by its id.",
  "inbox.done reads mirror":
    "Only whether a method that is lost was the default. Of what is chosen at this moment its own news tell.",
  "inbox.done reads customers": "Only for a flag about a second Customer, once the first is known.",
  "look.written reads customers": whose,
  "look.written reads handlers": wanting,
  "import.page reads customers":
    "Whoever is new is inserted, and whoever is known is locked and asked again: what somebody else has changed " +
    "meanwhile takes nothing of the page along, and the page is judged anew.",
  "import.page reads operations": "Asked again under the customer's row, which whoever makes a Customer locks first.",
  ...allOf(
    ["import.page", "page.seen"],
    ["mirror"],
    "Only so that what is known is left out; what is written is new by its version.",
  ),
  "outbox.claim reads deliveries": "What is filed at this moment is taken the next time.",
  "outbox.claim reads facts": "What is filed at this moment is taken the next time.",
  "inbox.done reads handlers": wanting,
  "operation.answered reads handlers": wanting,
  "keys.create reads api_keys": capping,
  "endpoints.create reads endpoints": capping,
  ...allOf(reckoning, ["invoices", "invoice_lines", "invoice_payments", "subscriptions"], reckoned),
  ...allOf(reckoning, ["catalog_runs", "settings"], versioned),
  ...allOf(seeing, ["subscription_slots", "past_customers"], reckoned),
  ...allOf(seeing, ["subscription_starts", "made_invoices"], bound),
  ...allOf(seeing, ["operations"], wished),
  ...allOf(["inbox.done", "look.written", "page.seen", "timer.customers.linked"], ["receipts"], created),
  ...allOf(["inbox.done", "import.page"], ["refunds"], held),
  "import.page reads invoice_payments": held,
  "page.seen reads handlers": wanting,
  ...allOf(["page.seen"], ["invoices", "invoice_payments"], reckoned),
  "inbox.done reads orders": held,
  "look.written reads mirror": reckoned,
  "timer.access.wave reads mirror": reckoned,
  "timer.access.wave reads customers": reckoned,
  "timer.access.wave reads access_customers": "Only who is next: each is held and read again before it is reckoned.",
  "timer.customers.linked reads customers":
    "Only whose they are; a Customer that takes another's place is linked anew.",
  "operation.answered reads customers": whose,
  ...allOf(
    seeing,
    ["subscription_changes"],
    "What touches a subscription holds back what is told of it until its call is answered and its row stands; a " +
      "change leaves a state by its state, so that of two one does.",
  ),
};

const again =
  "One sees an object and has another one looked at again, the other ends what waits for that: rare, and where they " +
  "meet, the database ends one of them, which write() runs again from its beginning.";

/** Who locks rows of two tables against the order of all others, and why nothing comes of it. */
const crossed: Readonly<Record<string, string>> = {
  "inbox.done locks receipts, then mirror: catalog.looked the other way round": again,
  "inbox.done locks receipts, then mirror: import.page the other way round": again,
  "look.written locks access_customers, then receipts: inbox.done the other way round": again,
  "look.written locks mirror, then receipts: inbox.done the other way round": again,
  "look.written locks receipts, then access_customers: inbox.done the other way round": again,
  "look.written locks receipts, then access_customers: look.written the other way round": again,
  "operation.answered locks mirror, then receipts: inbox.done the other way round": again,
  "operation.answered locks receipts, then access_customers: inbox.done the other way round": again,
  "operation.answered locks receipts, then access_customers: look.written the other way round": again,
  "orders.cancel locks orders, then operations: operation.promised the other way round":
    "The one locks the operation of a checkout, whose promise changes no order, the other that of a cancel.",
  "page.seen locks mirror, then receipts: inbox.done the other way round": again,
};

const answers: readonly (FaultKind | undefined)[] = [undefined, "unheard", 402];
const bootstrapKey = `bk_test_${"locks".repeat(9)}`;
const card = { payment_method: "pm_card_visa", return_url: "http://127.0.0.1/" };

onEachDatabase(
  "what a unit relies on is locked or fenced, and locks are taken in one order",
  async ({ url }) => {
    const listening = listen(keysOf(migrations));
    try {
      await live(url);
    } finally {
      listening.stop();
    }
    checkReads(listening.units);
    const crossing = crossings(listening.units, laneKind).map((name) => ({ name, what: name }));
    check(crossing, crossed, "lock in the order of all others, or say why it is right");
  },
  { turn: 1 },
);

/** What is found is said. In the whole run, whose life has all of it, what is said is found too. */
function check(found: readonly Found[], said: Readonly<Record<string, string>>, hint: string): void {
  const unknown = found.filter(({ name }) => !(name in said)).map(({ what }) => what);
  assert.deepEqual(unknown, [], hint);
  if (!isWholeRun) return;
  const names = new Set(found.map(({ name }) => name));
  const stale = Object.keys(said).filter((name) => !names.has(name));
  assert.deepEqual(stale, [], "a reason for what is no longer so");
}

interface Found {
  /** As a reason names it. */
  readonly name: string;
  readonly what: string;
}

function checkReads(units: readonly Past[]): void {
  const found = untrueReads(units).map(({ reader, table, columns, writer }) => ({
    name: `${reader} reads ${table}`,
    what: `${reader} reads ${table}, and ${writer} changes ${columns} under no lock of both`,
  }));
  check(found, relied, "lock it, fence it with a version, or say in the table why it is right");
}

/** What a lane is of: two that hold lanes of one kind touch the same rows only in the same lane. */
function laneKind(row: Row): string | undefined {
  return /^lanes (\w+):/.exec(row)?.[1];
}

/** Every verb against some answers of Stripe, and what else writes: events, cancels, keys, endpoints, repair. */
async function live(url: string): Promise<void> {
  const world = await startWorld({ url, options: { bootstrapKey, allowPrivateTargets: true } });
  for (const [n, fault] of answers.entries()) {
    for (const [index, [verb, row]] of Object.entries(verbs).entries()) {
      if (!isWholeRun && index % answers.length !== n) continue;
      const subject = await row.prepare(world, `${verb.replace(".", "_")}_${fault ?? "well"}`);
      if (fault !== undefined) world.fail(row.request, fault);
      await attempt(world, row.command(world, subject));
      if (fault === 402) await attempt(world, row.command(world, subject, 2));
      await world.advance(20 * secondMs);
    }
  }
  await cancelInTheAir(world);
  await goBehindOurBack(world);
  await takeIn(world);
  await repair(world);
  await useRest(world);
  await world.advance(10 * minuteMs);
  await world.close();
}

function attempt(world: World, command: Promise<unknown>): Promise<unknown> {
  return world.run(command.catch(() => undefined)); // What it answers is what other tests are about.
}

async function cancelInTheAir(world: World): Promise<void> {
  await createOrder(world, "in_the_air");
  world.fail("POST /v1/payment_intents", "lost", 2);
  const checkout = world.billing.orders.checkout("in_the_air").catch(() => undefined);
  await world.advance(secondMs / 4);
  await attempt(world, world.billing.orders.cancel("in_the_air"));
  await world.run(checkout);
}

/** Customers that were at Stripe before: one whom nobody knows, and one whom the host has spoken of. */
async function takeIn({ billing, fail, run, stripe }: World): Promise<void> {
  fail("POST /v1/customers", 400);
  await run(billing.customers.ensure({ id: "spoken_of", phone: "+49" }).catch(() => undefined));
  for (const user of ["unknown", "spoken_of"]) {
    await run(stripe.customers.create({ payment_method: "pm_card_visa", metadata: { user } }));
  }
  await run(billing.import({ idFrom: { metadata: "user" } }));
}

/** Refunds of ours and of the Dashboard at once, a second PaymentIntent, a deleted Customer, money after a cancel. */
async function goBehindOurBack(world: World): Promise<void> {
  const { customers, orders, refunds } = world.billing;
  const { stripeCustomerId } = await world.run(customers.ensure({ id: "user_1", email: "ada@example.test" }));
  await createOrder(world, "paid", { customerId: "user_1" });
  await world.pay("paid", "pm_card_visa");
  await world.advance(10 * secondMs);
  const { stripe } = await world.run(orders.get("paid"));
  const wishes = ["r_1", "r_2"].map((id) => refunds.create({ id, orderId: "paid", amount: 300 }));
  const theirs = world.stripe.refunds.create({ payment_intent: stripe.paymentIntentId as string, amount: 400 });
  await world.run(Promise.all([...wishes, theirs]));
  await refundInvoice(world);
  const names = ["Ada", "Ada L."].map((name) => customers.ensure({ id: "user_1", name }));
  await world.run(Promise.all(names));
  await world.run(world.stripe.customers.del(stripeCustomerId as string));
  await createOrder(world, "late");
  const { clientSecret } = await world.run(orders.checkout("late"));
  world.fail("POST /v1/payment_intents/", "lost", 20);
  await attempt(world, orders.cancel("late"));
  await world.run(world.stripe.paymentIntents.confirm(clientSecret.split("_secret_")[0] as string, card));
  world.mend();
  await world.advance(10 * minuteMs);
}

/** Of ours and by a credit note at once, and of the Dashboard, of which nobody has told yet. */
async function refundInvoice(world: World): Promise<void> {
  const { invoices, refunds } = world.billing;
  const invoiceId = await openInvoice(world, "billed");
  await world.run(invoices.pay(invoiceId, { id: "pay_1" }));
  await world.advance(20 * secondMs);
  const { data } = await world.run(world.stripe.invoicePayments.list({ invoice: invoiceId }).then((list) => list));
  const payment_intent = String(data[0]?.payment.payment_intent);
  world.setWebhooks(false);
  await world.run(world.stripe.refunds.create({ payment_intent, amount: 400 }).then((made) => made));
  const wishes = ["r_3", "r_4"].map((id) => refunds.create({ id, invoiceId, amount: 300 }));
  const credit = invoices.credit(invoiceId, { id: "credit_1", amount: 200, to: "refund" });
  await world.run(Promise.all([...wishes, credit]));
  world.setWebhooks(true);
  await world.advance(20 * secondMs);
}

async function repair(world: World): Promise<void> {
  const { inbox, flags, operations, deliveries } = world.billing;
  const [receipt] = (await world.run(inbox.list({ state: "done" }))).data;
  await world.run(inbox.replay(receipt?.id as string));
  const [flag] = (await world.run(flags.list())).data;
  if (flag) await world.run(flags.resolve(flag.id));
  const [operation] = (await world.run(operations.list())).data;
  await attempt(world, operations.retry(operation?.id as string));
  const [delivery] = (await world.run(deliveries.list())).data;
  if (delivery) await attempt(world, deliveries.retry(delivery));
}

async function useRest(world: World): Promise<void> {
  const ask = async (call: string, body?: unknown) => {
    const [method, path] = call.split(" ") as [string, string];
    const headers = { authorization: `Bearer ${bootstrapKey}`, "content-type": "application/json" };
    const request = new Request(`http://127.0.0.1:12222${path}`, {
      method,
      headers: { ...headers, "idempotency-key": call.replaceAll(/\W/g, "_") },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = await world.run(world.billing.fetch(request));
    assert.ok(answer.status < 300, `${call}: ${answer.status}`);
    return (await answer.json()) as { id: string };
  };
  const key = await ask("POST /v1/keys", { name: "reader", scopes: ["read"] });
  const endpoint = await ask("POST /v1/endpoints", { url: "http://127.0.0.1:1/facts", types: ["*"] });
  await ask(`POST /v1/endpoints/${endpoint.id}/rotate`, {});
  await ask(`DELETE /v1/endpoints/${endpoint.id}`);
  await ask(`DELETE /v1/keys/${key.id}`);
}
