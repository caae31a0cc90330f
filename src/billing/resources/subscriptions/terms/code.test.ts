// Codes with restrictions: for a first purchase, for so much at least, until a day, for one customer, so often. Who
// may not use one is told so, and neither has nor pays anything.
import assert from "node:assert/strict";
import type Stripe from "stripe";
import { hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { startWorld, type World } from "../../../testing/index.ts";
import { atStripe, sell, starting } from "../../../testing/subscribers.ts";

const on = onEachDatabase<BillingTables>;

interface Row {
  readonly made: Partial<Stripe.PromotionCodeCreateParams>;
  /** Of Pro, for 19 euros. */
  readonly start: RegExp | "done";
  readonly change: RegExp;
  /** Of one that runs. */
  readonly discount: RegExp;
}

const unusable = /invalid_params: .+ this customer can use/;
const unlike: Row = { made: {}, start: unusable, change: unusable, discount: /it is not active/ };
const tooLittle = /stripe_refused: .+ cannot be redeemed for less than €50\.00/;
const minimum = (amount: number) => ({ minimum_amount: amount, minimum_amount_currency: "eur" });
const tooLate = /it asks for a purchase of \d+\.00 EUR at least, and Stripe takes such a code only at a beginning/;

function rowsFor(other: string, now: number): Readonly<Record<string, Row>> {
  const forWhole = /stripe_refused: .+ cannot be redeemed for an item/;
  return {
    FIRST: {
      made: { restrictions: { first_time_transaction: true } },
      start: "done",
      change: /stripe_refused: .+ prior transactions/,
      discount: /it is for a first purchase, and this customer has bought before/,
    },
    FROM50: { made: { restrictions: minimum(5000) }, start: tooLittle, change: forWhole, discount: tooLate },
    FROM5: { made: { restrictions: minimum(500) }, start: "done", change: forWhole, discount: tooLate },
    TODAY: { ...unlike, made: { expires_at: Math.floor((now + hourMs) / secondMs) }, discount: /it ended on 20/ },
    THEIRS: { ...unlike, made: { customer: other }, discount: /it is for another customer/ },
    ONCE: { ...unlike, made: { max_redemptions: 1 }, start: "done", discount: /used as often as it may be/ },
    OFF: { ...unlike, made: { active: false } },
  };
}

on("a code with restrictions is for whom it is, and else refused before anything is had or paid", async ({ url }) => {
  const world = await startWorld({ url });
  const { billing, run, stripe } = world;
  const customer = await sell(world);
  const { value } = await run(starting(world));
  const id = value.subscription?.id ?? "";
  const other = (await run(billing.customers.ensure({ id: "user_other" }))).stripeCustomerId ?? "";
  const { coupons } = await run(billing.catalog.get());
  const promotion = { type: "coupon", coupon: coupons.launch ?? "" } as const;
  const rows = rowsFor(other, world.ports.clock.now());
  for (const [code, { made }] of Object.entries(rows)) {
    await run(stripe.promotionCodes.create({ promotion, code, ...made }).then((one) => one));
  }
  await world.advance(2 * hourMs);
  for (const [code, row] of Object.entries(rows)) {
    const customerId = `user_${code}`;
    const wish = { id: `start_${code}`, customerId };
    await sell(world, customerId);
    says(await answerOf(world, starting(world, { ...wish, promotionCode: code })), row.start, code);
    // What was refused holds nothing: without the code it begins.
    const attempt = row.start === tooLittle ? 2 : 1;
    if (row.start !== "done") assert.equal(await answerOf(world, starting(world, { ...wish, attempt })), "done", code);
    const up = { quantity: 2, promotionCode: code };
    says(await answerOf(world, billing.subscriptions.preview(id, up)), row.change, code);
    for (const when of ["now", "period_end"] as const) {
      const wished = { id: `${code}_${when}`, when, ...up };
      says(await answerOf(world, billing.subscriptions.change(id, wished)), row.change, `${code} ${when}`);
    }
    const taken = billing.subscriptions.discount(id, { id: code, promotionCode: code });
    says(await answerOf(world, taken), row.discount, code);
  }
  await world.advance(minuteMs);
  const [now] = await atStripe(world, customer);
  assert.deepEqual([now?.items.data[0]?.quantity, now?.discounts, now?.schedule], [1, [], null]);
  const { data: charges } = await run(stripe.charges.list({ customer }));
  assert.equal(charges.length, 1, "for the start alone");
  await world.close();
});

function says(answer: string, expected: RegExp | "done", what: string): void {
  if (expected === "done") assert.equal(answer, "done", what);
  else assert.match(answer, expected, what);
}

async function answerOf(world: World, work: Promise<object>): Promise<string> {
  const answer = work.then(
    (value) => ("outcome" in value ? String(value.outcome) : "shown"),
    (error: unknown) => {
      if (isProblem(error)) return `${error.code}: ${error.message}`;
      throw error;
    },
  );
  return world.run(answer);
}
