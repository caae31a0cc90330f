// The Dashboard or the portal acts on the same object while a command's call is in the air: before it has arrived, and
// after it was carried out and its answer lost. What the command answers is how it stands, and is no other when asked
// again; what nobody wished twice is not done twice.
import assert from "node:assert/strict";
import type Stripe from "stripe";
import { minuteMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../kernel/store/tables.ts";
import { startWorld, type World } from "../testing/index.ts";
import { invoiceVerbs, openInvoice } from "../testing/invoice_verbs.table.ts";
import { openFlags } from "../testing/subscribers.ts";
import { subscriber } from "../testing/subscription_verbs.table.ts";

const on = onEachDatabase<BillingTables>;

interface Row {
  prepare(world: World, name: string): Promise<string>;
  readonly request: string;
  command(world: World, id: string): Promise<{ readonly outcome: string }>;
  /** By somebody else, with the object's id. */
  readonly act: (stripe: Stripe, id: string) => Promise<unknown>;
  /** What is answered when their act comes first, and when ours does; and how the object stands at last. */
  readonly theirsFirst: string;
  readonly oursFirst: string;
}

const end: Pick<Row, "prepare" | "command"> = {
  prepare: subscriber,
  command: ({ billing }, id) => billing.subscriptions.cancel(id, { id: "c_1", when: "now" }),
};
const plan: Pick<Row, "prepare" | "request" | "command"> = {
  prepare: subscriber,
  request: "POST /v1/subscriptions/",
  command: ({ billing }, id) => billing.subscriptions.cancel(id, { id: "c_1", when: "period_end" }),
};
const pay: Pick<Row, "prepare" | "request" | "command"> = {
  prepare: (world, name) => openInvoice(world, `user_${name}`),
  request: "POST /v1/invoices/",
  command: ({ billing }, id) => billing.invoices.pay(id, { id: "t_1" }),
};
const make = invoiceVerbs["invoices.create"];
assert.ok(make);
/** After the draft, while its lines are on their way; its id is that of the newest. */
const create: Pick<Row, "prepare" | "request" | "command"> = {
  prepare: make.prepare,
  request: "POST /v1/invoices/",
  command: async (world, id) => ({ outcome: String(await make.command(world, id)) }),
};

const rows: Readonly<Record<string, Row>> = {
  "an end now, ended": {
    ...end,
    request: "DELETE /v1/subscriptions/",
    act: (stripe, id) => stripe.subscriptions.cancel(id),
    theirsFirst: "done: canceled",
    oursFirst: "done: canceled",
  },
  "an end now, planned for later": {
    ...end,
    request: "DELETE /v1/subscriptions/",
    act: (stripe, id) => stripe.subscriptions.update(id, { cancel_at_period_end: true }),
    theirsFirst: "done: canceled",
    oursFirst: "done: canceled",
  },
  "an end at the end, ended": {
    ...plan,
    act: (stripe, id) => stripe.subscriptions.cancel(id),
    theirsFirst: "wrong_state: canceled",
    oursFirst: "done: canceled",
  },
  "an end at the end, planned too": {
    ...plan,
    act: (stripe, id) => stripe.subscriptions.update(id, { cancel_at_period_end: true }),
    theirsFirst: "done: active, to end",
    oursFirst: "done: active, to end",
  },
  "an end at the end, taken back": {
    ...plan,
    act: (stripe, id) => stripe.subscriptions.update(id, { cancel_at: "" }),
    theirsFirst: "done: active, to end",
    oursFirst: "done: active",
  },
  "a payment, paid elsewhere": {
    ...pay,
    act: (stripe, id) => stripe.invoices.pay(id, { paid_out_of_band: true }),
    theirsFirst: "wrong_state: paid",
    oursFirst: "done: paid",
  },
  "a payment, voided": {
    ...pay,
    act: (stripe, id) => stripe.invoices.voidInvoice(id),
    theirsFirst: "wrong_state: void",
    oursFirst: "done: paid",
  },
  "an invoice, whose draft is changed": {
    ...create,
    act: async (stripe) => stripe.invoices.update(await newest(stripe), { description: "Theirs" }),
    theirsFirst: "done: open 2500",
    oursFirst: "done: open 2500",
  },
  "an invoice, whose draft is deleted": {
    ...create,
    act: async (stripe) => stripe.invoices.del(await newest(stripe)),
    theirsFirst: "stripe_refused: ",
    oursFirst: "stripe_refused: ",
  },
};

async function newest(stripe: Stripe): Promise<string> {
  return (await stripe.invoices.list({ limit: 1 })).data[0]?.id ?? "";
}

on("whoever acts beside a command, it answers how it stands, once and again", async ({ url }) => {
  const world = await startWorld({ url });
  for (const [n, [what, row]] of Object.entries(rows).entries()) {
    for (const fault of ["lost", "unheard"] as const) {
      const id = await row.prepare(world, `${fault}_${n}`);
      world.fail(row.request, fault);
      const ours = answerOf(row.command(world, id));
      await world.advance(100);
      // Ours may have made it impossible.
      await row.act(world.stripe, id).catch((error: unknown) => assert.ok(error instanceof Error));
      const answer = await world.run(ours);
      await world.advance(minuteMs);
      const expected = fault === "lost" ? row.theirsFirst : row.oursFirst;
      assert.equal(`${answer}: ${await standing(world, row, id)}`, expected, `${what}, ${fault}`);
      assert.equal(await world.run(answerOf(row.command(world, id))), answer, `${what}, ${fault}, given again`);
    }
  }
  assert.deepEqual(await openFlags(world), []);
  await world.close();
});

function answerOf(command: Promise<{ readonly outcome: string }>): Promise<string> {
  return command.then(
    ({ outcome }) => outcome,
    (error: unknown) => {
      if (isProblem(error)) return error.code;
      throw error;
    },
  );
}

/** At Stripe, and that the mirror says the same. */
async function standing({ billing, run, stripe }: World, { prepare }: Row, id: string): Promise<string> {
  if (prepare === subscriber) {
    const there = await run(stripe.subscriptions.retrieve(id).then((one) => one));
    const here = await run(billing.subscriptions.get(id));
    assert.deepEqual([here.status, here.cancelAt !== null], [there.status, there.cancel_at !== null]);
    return `${there.status}${there.cancel_at === null ? "" : ", to end"}`;
  }
  if (prepare === pay.prepare) {
    const { status } = await run(stripe.invoices.retrieve(id).then((one) => one));
    assert.equal((await run(billing.invoices.get(id))).status, status);
    return String(status);
  }
  const { data } = await run(stripe.invoices.list({ limit: 100 }).then((list) => list));
  const made = data.filter(({ metadata }) => metadata?.bursar_invoice === `invoice_of_${id}`);
  return made.map(({ status, total }) => `${status} ${total}`).join(", ");
}
