// Every status of a subscription × every command about it: what is answered, and how it stands at Stripe afterwards.
import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { stride } from "#kit/testing.ts";
import type { SubscriptionStatus } from "../../api/index.ts";
import type { BillingTables } from "../../kernel/store/tables.ts";
import { startWorld, type World } from "../../testing/index.ts";
import { monthly, payer, payWith, subscribe } from "../../testing/mirrored.ts";
import { pausedSubscriber, subscriber } from "../../testing/subscription_verbs.table.ts";

const on = onEachDatabase<BillingTables>;

async function unpaidFirst(world: World, name: string): Promise<string> {
  return subscriber(world, name, { payment_behavior: "default_incomplete" });
}

async function pastDue(world: World, name: string): Promise<string> {
  const customer = await payer(world, `user_${name}`);
  const price = await monthly(world, 1000);
  const { id } = await subscribe(world, customer, { items: [{ price }], trial_period_days: 1 });
  await payWith(world, customer, "pm_card_chargeCustomerFail");
  await world.advance(dayMs + 2 * hourMs);
  return id;
}

const made: Record<Exclude<SubscriptionStatus, "unpaid">, (world: World, name: string) => Promise<string>> = {
  incomplete: unpaidFirst,
  async incomplete_expired(world, name) {
    const id = await unpaidFirst(world, name);
    await world.advance(dayMs + hourMs);
    return id;
  },
  trialing: (world, name) => subscriber(world, name, { trial_period_days: 7 }),
  active: subscriber,
  past_due: pastDue,
  paused: pausedSubscriber,
  async canceled(world, name) {
    const id = await subscriber(world, name);
    await world.run(world.stripe.subscriptions.cancel(id).then((one) => one));
    await world.advance(minuteMs);
    return id;
  },
};

type Command = (world: World, id: string) => Promise<{ readonly outcome: string }>;
const wish = { id: "wish_1" } as const;

const commands: Record<string, Command> = {
  "cancel now": ({ billing }, id) => billing.subscriptions.cancel(id, { ...wish, when: "now" }),
  "cancel for credit": ({ billing }, id) =>
    billing.subscriptions.cancel(id, { ...wish, when: "now", refund: "credit" }),
  "cancel for a refund": ({ billing }, id) =>
    billing.subscriptions.cancel(id, { ...wish, when: "now", refund: "refund", openInvoices: "void" }),
  "cancel at the end": ({ billing }, id) => billing.subscriptions.cancel(id, { ...wish, when: "period_end" }),
  undo: ({ billing }, id) => billing.subscriptions.undo(id, wish),
  pause: ({ billing }, id) => billing.subscriptions.pause(id, { ...wish, invoices: "void" }),
  resume: ({ billing }, id) => billing.subscriptions.resume(id, wish),
  discount: ({ billing }, id) => billing.subscriptions.discount(id, { ...wish, coupon: null }),
  async setMethod({ billing, stripe }, id) {
    const { customer } = await stripe.subscriptions.retrieve(id);
    const { data } = await stripe.paymentMethods.list({ customer: String(customer) });
    return billing.subscriptions.setMethod(id, { ...wish, method: data[0]?.id ?? "" });
  },
};

const over = {
  "cancel now": "done",
  "cancel for credit": "wrong_state",
  "cancel for a refund": "wrong_state",
  "cancel at the end": "done",
  undo: "wrong_state",
  pause: "wrong_state",
  resume: "wrong_state",
  discount: "wrong_state",
  setMethod: "wrong_state",
};
const running = {
  "cancel now": "done, canceled",
  "cancel for credit": "done, canceled",
  "cancel for a refund": "done, canceled",
  "cancel at the end": "done, to end",
  undo: "done",
  pause: "done, not collected",
  resume: "done",
  discount: "done",
  setMethod: "done",
};

/** The answer, and what is another afterwards. */
const table: Record<keyof typeof made, Record<string, string>> = {
  incomplete: {
    "cancel now": "done, canceled",
    "cancel for credit": "done, canceled",
    "cancel for a refund": "done, canceled",
    "cancel at the end": "wrong_state",
    undo: "wrong_state",
    pause: "wrong_state",
    resume: "wrong_state",
    discount: "wrong_state",
    setMethod: "done",
  },
  incomplete_expired: over,
  trialing: running,
  active: running,
  past_due: running,
  paused: { ...running, "cancel at the end": "wrong_state", resume: "done, active" },
  canceled: over,
};

async function answerOf(world: World, work: Promise<{ readonly outcome: string }>): Promise<string> {
  return world.run(
    work.then(
      ({ outcome }) => outcome,
      (error: unknown) => {
        if (isProblem(error)) return error.code;
        throw error;
      },
    ),
  );
}

const atStripe = (world: World, id: string) => world.run(world.stripe.subscriptions.retrieve(id).then((one) => one));

/** In `npm test` half of the commands, the other half for every other status. */
const step = stride(2);

for (const [index, [status, make]] of Object.entries(made).entries()) {
  on(`every command about a subscription that is ${status}`, async ({ url }) => {
    const world = await startWorld({ url });
    for (const [n, [name, command]] of Object.entries(commands).entries()) {
      if (n % step !== index % step) continue;
      const id = await make(world, `${status}_${name.replaceAll(" ", "_")}`);
      const before = await atStripe(world, id);
      assert.equal(before.status, status);
      const answer = await answerOf(world, command(world, id));
      const after = await atStripe(world, id);
      const changes = [
        after.status === before.status ? [] : after.status === "incomplete_expired" ? "canceled" : after.status,
        after.cancel_at === null ? [] : "to end",
        after.pause_collection === null ? [] : "not collected",
      ].flat();
      assert.equal([answer, ...changes].join(", "), table[status as keyof typeof table][name], `${status}: ${name}`);
      assert.equal(await answerOf(world, command(world, id)), answer, `${status}: ${name}, given again`);
      if (answer !== "done") continue;
      const shown = await world.run(world.billing.subscriptions.get(id));
      assert.deepEqual([shown.status, shown.cancelAt !== null], [after.status, after.cancel_at !== null]);
    }
    await world.close();
  });
}
