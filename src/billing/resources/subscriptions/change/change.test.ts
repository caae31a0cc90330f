// A customer changes what they have: now, by what was previewed, and never for nothing.
import assert from "node:assert/strict";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { having, held, paidBy, startSelling, told } from "../../../testing/changes.ts";
import { assertMirrored, monthly, payWith } from "../../../testing/mirrored.ts";

const on = onEachDatabase<BillingTables>;

on("an upgrade is previewed, made by its token, and billed as it was shown", async ({ url, sql }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { customer, id } = await having(selling, [price("basic")]);
  const { subscriptions } = world.billing;
  await world.advance(10 * dayMs);
  const preview = await world.run(subscriptions.preview(id, { plan: "pro", quantity: 2 }));
  assert.deepEqual(preview.items, [{ priceId: price("pro"), quantity: 2 }]);
  const signs = preview.lines.map(({ amount, isProration }) => [Math.sign(amount), isProration]);
  assert.deepEqual(signs, [
    [-1, true],
    [1, true],
  ]);
  assert.deepEqual(preview.next.total, { amount: 6000, currency: "eur" });
  assert.equal(
    preview.total.amount,
    preview.lines.reduce((sum, { amount }) => sum + amount, 0),
  );
  const before = await paidBy(world, customer);
  await world.advance(20 * minuteMs);
  const changed = await world.run(subscriptions.change(id, { token: preview.token }));
  assert.equal(changed.outcome, "done");
  assert.deepEqual(
    changed.value.items.map(({ priceId, quantity }) => ({ priceId, quantity })),
    preview.items,
  );
  assert.equal((await paidBy(world, customer)) - before, preview.due.amount);
  const { lines, amounts } = await world.run(world.billing.invoices.get(changed.value.latestInvoiceId ?? ""));
  assert.deepEqual(
    lines.map(({ amount }) => amount),
    preview.lines.map(({ amount }) => amount),
  );
  assert.equal(amounts.total, preview.total.amount);
  await world.advance(minuteMs);
  await assertMirrored(world, sql, customer);
  assert.deepEqual(told(world), ["changed"]);
  const again = await world.run(subscriptions.change(id, { token: preview.token }));
  assert.equal(again.outcome, "done");
  assert.equal((await paidBy(world, customer)) - before, preview.due.amount, "given again it is the same wish");
  assert.deepEqual((await world.run(world.billing.flags.list())).data, []);
  await world.close();
});

on("basic → pro → basic → pro are wishes of their own, and each is answered by itself", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { id } = await having(selling, [price("basic")]);
  const { subscriptions } = world.billing;
  for (const [n, plan] of ["pro", "basic", "pro"].entries()) {
    await world.advance(dayMs);
    for (let nth = 0; nth < 2; nth++) {
      const { outcome, value } = await world.run(subscriptions.change(id, { id: `wish_${n}`, plan }));
      assert.deepEqual([outcome, value.items[0]?.priceId], ["done", price(plan)]);
    }
  }
  const first = await world.run(subscriptions.change(id, { id: "wish_0", plan: "pro" }));
  assert.equal(first.outcome, "done");
  const other = subscriptions.change(id, { id: "wish_1", plan: "pro" });
  await assert.rejects(world.run(other), { code: "conflict" });
  assert.deepEqual(told(world), ["changed", "changed", "changed"]);
  await world.close();
});

on("seats and add-ons come, change and go together, and what no catalog sells is left alone", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const foreign = await monthly(world, 700, "by_hand");
  const { id } = await having(selling, [{ price: price("basic"), quantity: 2 }, price("calls"), foreign]);
  const { subscriptions } = world.billing;
  const change = (wish: string, more: object) => world.run(subscriptions.change(id, { id: wish, ...more }));
  const keys = {
    basic: "bursar-basic-month-eur",
    calls: "bursar-calls-month-eur",
    storage: "bursar-storage-month-eur",
  };
  const steps: readonly (readonly [object, object])[] = [
    [{ addOns: { storage: 2 } }, { [keys.basic]: 2, [keys.calls]: 1, [keys.storage]: 2 }],
    [
      { quantity: 5, addOns: { storage: 1, calls: 3 } },
      { [keys.basic]: 5, [keys.calls]: 3, [keys.storage]: 1 },
    ],
    [{ addOns: { calls: 0 } }, { [keys.basic]: 5, [keys.storage]: 1 }],
    [{ plan: "pro" }, { "bursar-pro-month-eur": 5, [keys.storage]: 1 }],
  ];
  for (const [n, [wish, after]] of steps.entries()) {
    assert.equal((await change(`wish_${n}`, wish)).outcome, "done");
    assert.deepEqual(await held(world, id), { by_hand: 1, ...after });
    await world.advance(dayMs);
  }
  await change("off", { addOns: { storage: 0 } });
  await assert.rejects(change("none", { addOns: { storage: 0 } }), { code: "wrong_state" });
  await assert.rejects(change("same", { plan: "pro", quantity: 5 }), {
    code: "wrong_state",
    message: /is that already/,
  });
  await world.close();
});

on("another interval takes the add-ons along, and one that is not sold so is named", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { id } = await having(selling, [price("basic"), price("storage"), price("calls")]);
  const { subscriptions } = world.billing;
  await assert.rejects(world.run(subscriptions.preview(id, { every: "year" })), {
    code: "invalid_params",
    message: /calls is not paid every year/,
  });
  const { outcome } = await world.run(subscriptions.change(id, { id: "yearly", every: "year", addOns: { calls: 0 } }));
  assert.equal(outcome, "done");
  assert.deepEqual(await held(world, id), { "bursar-basic-year-eur": 1, "bursar-storage-year-eur": 1 });
  await world.close();
});

on("a downgrade gives back what is unused, or without proration nothing, and asks for nothing", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { subscriptions } = world.billing;
  for (const [user, prorate] of [
    ["user_1", true],
    ["user_2", false],
  ] as const) {
    const { customer, id } = await having(selling, [price("pro")], { user });
    await world.advance(10 * dayMs);
    const before = await paidBy(world, customer);
    const preview = await world.run(subscriptions.preview(id, { plan: "basic", prorate }));
    assert.equal(Math.sign(preview.total.amount), prorate ? -1 : 0);
    assert.deepEqual([preview.due.amount, preview.prorationDate === null], [0, !prorate]);
    const changed = await world.run(subscriptions.change(id, { token: preview.token }));
    assert.deepEqual([changed.outcome, changed.value.items[0]?.priceId], ["done", price("basic")]);
    assert.equal(await paidBy(world, customer), before);
    await world.advance(22 * dayMs);
    const credit = preview.total.amount;
    assert.equal(await paidBy(world, customer), before + Math.max(0, 1000 + credit), "the next period is paid with it");
  }
  await world.close();
});

on("a card that is declined leaves the old plan, and what waits is taken back", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { customer, id } = await having(selling, [price("basic")]);
  const { subscriptions } = world.billing;
  await payWith(world, customer, "pm_card_chargeCustomerFail");
  await world.advance(dayMs);
  const declined = await world.run(subscriptions.change(id, { id: "up", plan: "pro", coupon: "launch" }));
  assert.ok(declined.outcome === "declined");
  assert.equal(declined.code, "card_declined");
  assert.deepEqual(await held(world, id), { "bursar-basic-month-eur": 1 });
  assert.deepEqual(
    [declined.value.items[0]?.priceId, declined.value.pendingUpdate?.items],
    [price("basic"), [{ priceId: price("pro"), quantity: 1 }]],
  );
  await world.advance(minuteMs);
  assert.deepEqual(told(world), ["change_pending"]);
  const undone = await world.run(subscriptions.undoChange(id, { id: "undo" }));
  assert.deepEqual([undone.outcome, undone.value.pendingUpdate], ["done", null]);
  assert.equal((await world.run(subscriptions.undoChange(id, { id: "undo" }))).outcome, "done");
  await assert.rejects(world.run(subscriptions.undoChange(id, { id: "again" })), { code: "wrong_state" });
  await world.advance(minuteMs);
  assert.deepEqual(told(world), ["change_pending", "change_expired"]);
  const answered = await world.run(subscriptions.change(id, { id: "up", plan: "pro", coupon: "launch" }));
  assert.equal(answered.outcome, "declined", "the same wish has ended so");
  const { discounts } = await world.run(world.stripe.subscriptions.retrieve(id).then((one) => one));
  assert.deepEqual(discounts, [], "what comes off comes with what is paid");
  await world.close();
});

on("a bank that wants to hear the payer is asked, and what comes off follows once it is paid", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { customer, id } = await having(selling, [price("basic")]);
  const { subscriptions } = world.billing;
  await payWith(world, customer, "pm_card_authenticationRequired");
  await world.advance(dayMs);
  const wish = { id: "up", plan: "pro", coupon: "launch", offSession: false } as const;
  const asked = await world.run(subscriptions.change(id, wish));
  assert.ok(asked.outcome === "action_required");
  assert.match(asked.clientSecret, /^pi_.*_secret_/);
  assert.match(asked.url, /\/pay\/open\//);
  assert.deepEqual(await held(world, id), { "bursar-basic-month-eur": 1 });
  const { latestInvoiceId } = asked.value;
  await world.run(
    world.stripe.invoices.pay(latestInvoiceId ?? "", { payment_method: "pm_card_visa" }).then((paid) => paid),
  );
  await world.advance(minuteMs);
  const done = await world.run(subscriptions.change(id, wish));
  assert.deepEqual([done.outcome, done.value.items[0]?.priceId], ["done", price("pro")]);
  assert.deepEqual(told(world).toSorted(), ["change_applied", "change_pending", "changed"]);
  const { discounts } = await world.run(world.stripe.subscriptions.retrieve(id).then((one) => one));
  assert.equal(discounts.length, 1);
  assert.equal((await world.run(subscriptions.preview(id, { quantity: 2 }))).next.total.amount, 3000);
  await world.close();
});

on("a coupon alone, or a code as it was typed, comes off from the next invoice on", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { customer, id } = await having(selling, [price("pro")]);
  const { subscriptions, catalog } = world.billing;
  const { coupons } = await world.run(catalog.get());
  const promotion = { type: "coupon", coupon: coupons.launch ?? "" } as const;
  await world.run(world.stripe.promotionCodes.create({ promotion, code: "HALF" }).then((made) => made));
  for (const bad of [{ coupon: "none" }, { promotionCode: "NONE" }]) {
    await assert.rejects(world.run(subscriptions.preview(id, bad)), { code: "invalid_params" });
  }
  const preview = await world.run(subscriptions.preview(id, { promotionCode: "half" }));
  assert.deepEqual([preview.due.amount, preview.next.total.amount, preview.lines], [0, 1500, []]);
  const { outcome } = await world.run(subscriptions.change(id, { token: preview.token }));
  assert.equal(outcome, "done");
  const before = await paidBy(world, customer);
  await world.advance(32 * dayMs);
  assert.equal((await paidBy(world, customer)) - before, 1500);
  await world.close();
});

on("a trial is changed for nothing, and goes on until its end", async ({ url }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { customer, id } = await having(selling, [price("basic")], { trial_period_days: 14 });
  await world.advance(dayMs);
  const preview = await world.run(world.billing.subscriptions.preview(id, { plan: "pro" }));
  assert.deepEqual([preview.due.amount, preview.next.total.amount], [0, 3000]);
  const { outcome, value } = await world.run(world.billing.subscriptions.change(id, { token: preview.token }));
  assert.deepEqual([outcome, value.status, value.items[0]?.priceId], ["done", "trialing", price("pro")]);
  assert.equal(await paidBy(world, customer), 0);
  await world.advance(14 * dayMs + 2 * hourMs);
  assert.equal(await paidBy(world, customer), 3000);
  await world.close();
});

on(
  "an answer that takes 25 s is `processing`, and then done; a day without webhooks changes nothing of it",
  async ({ url }) => {
    const selling = await startSelling({ url });
    const { world, price } = selling;
    const { customer, id } = await having(selling, [price("basic")]);
    const { subscriptions } = world.billing;
    world.setWebhooks(false);
    world.fail("POST /v1/subscriptions/", "slow", 100);
    const slow = await world.run(subscriptions.change(id, { id: "up", plan: "pro" }));
    assert.equal(slow.outcome, "processing");
    await world.advance(dayMs);
    const done = await world.run(subscriptions.change(id, { id: "up", plan: "pro" }));
    assert.deepEqual([done.outcome, done.value.items[0]?.priceId], ["done", price("pro")]);
    assert.equal(await paidBy(world, customer), 1000 + 2000);
    await world.advance(secondMs);
    assert.deepEqual(told(world), ["changed"]);
    await world.close();
  },
);

on("a wish of yesterday is not charged today: it expires, which is told", async ({ url, sql }) => {
  const selling = await startSelling({ url });
  const { world, price } = selling;
  const { customer, id } = await having(selling, [price("basic")]);
  const { subscriptions } = world.billing;
  world.fail("POST /v1/subscriptions/", "lost", 10_000);
  const wish = { id: "up", plan: "pro", offSession: false } as const;
  assert.equal((await world.run(subscriptions.change(id, wish))).outcome, "processing");
  await sql.write("twenty minutes ago", async (tx) => {
    await tx
      .updateTable("operations")
      .set((eb) => ({ created_at: eb("created_at", "-", 20 * minuteMs) }))
      .where("state", "=", "open")
      .execute();
  });
  world.mend();
  await world.advance(10 * minuteMs);
  assert.deepEqual([await held(world, id), await paidBy(world, customer)], [{ "bursar-basic-month-eur": 1 }, 1000]);
  await assert.rejects(world.run(subscriptions.change(id, wish)), { code: "wrong_state", message: /in time/ });
  assert.deepEqual(told(world), ["change_failed"]);
  const anew = await world.run(subscriptions.change(id, { ...wish, attempt: 2 }));
  assert.equal(anew.outcome, "done");
  await world.close();
});

on("without workers, what is sent in by `fetch` and worked by `tick` is enough", async ({ url }) => {
  const selling = await startSelling({ url, isStarted: false });
  const { world, price } = selling;
  const { id } = await having(selling, [price("basic")]);
  const { billing } = world;
  await world.run(billing.tick({ maxMs: 10 * secondMs }));
  const { outcome, value } = await world.run(billing.subscriptions.change(id, { id: "up", plan: "pro" }));
  assert.deepEqual([outcome, value.items[0]?.priceId], ["done", price("pro")]);
  await world.run(billing.tick({ maxMs: 10 * secondMs }));
  assert.deepEqual(told(world), ["changed"]);
  await world.close();
});
