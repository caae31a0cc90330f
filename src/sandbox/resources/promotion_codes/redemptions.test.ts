// However many ask for a code at once, it is redeemed as often as it may be and no oftener.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import { startWorld } from "../../testing.ts";
import { billedCustomer } from "../invoices/testing.ts";
import { monthly } from "../subscriptions/testing.ts";

const rushes = fc.record({
  max: fc.integer({ min: 1, max: 5 }),
  more: fc.option(fc.integer({ min: 0, max: 2 })),
  asked: fc.array(fc.constantFrom("draft", "item", "subscription"), { minLength: 1, maxLength: 9 }),
});

suite("a code that many redeem at once", () => {
  test("is redeemed as often as it may be, and each time somebody has a discount for it", async () => {
    const world = startWorld();
    const { stripe } = world;
    const price = await monthly(world, 2000);
    await fc.assert(
      fc.asyncProperty(rushes, async ({ max, more, asked }) => {
        const { customer } = await billedCustomer(world);
        const { id: coupon } = await stripe.coupons.create({
          percent_off: 10,
          duration: "forever",
          ...(more !== null && { max_redemptions: max + more }),
        });
        const promotion = { type: "coupon", coupon } as const;
        const { id: promotion_code } = await stripe.promotionCodes.create({ promotion, max_redemptions: max });
        const discounts = [{ promotion_code }];
        const open = {
          draft: () => stripe.invoices.create({ customer, discounts }),
          item: () => stripe.invoiceItems.create({ customer, amount: 500, currency: "usd", discounts }),
          subscription: () => stripe.subscriptions.create({ customer, items: [{ price }], discounts }),
        };
        const answers = await Promise.allSettled(asked.map((door) => open[door]()));
        const made = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
        // One slip of paper for each time: who takes the last leaves none for others.
        const slips = Array.from({ length: max }, (_, nth) => nth);
        const served = asked.filter(() => slips.pop() !== undefined);
        assert.equal(made.length, served.length);
        assert.equal(new Set(made.flatMap((one) => one.discounts)).size, served.length);
        const code = await stripe.promotionCodes.retrieve(promotion_code);
        assert.deepEqual([code.times_redeemed, code.active], [served.length, served.length < max]);
        assert.equal((await stripe.coupons.retrieve(coupon)).times_redeemed, served.length);
        for (const one of made) if (one.object === "subscription") await stripe.subscriptions.cancel(one.id);
      }),
      { numRuns: draws(15, 10_000), seed: 12 },
    );
  });
});
