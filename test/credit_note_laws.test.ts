// Laws of credit notes that hold whatever is credited, how and in which order; each against a count of another making.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import { type Answer, startCore } from "./lives/core.ts";

const runs = { numRuns: draws(15, 3000), seed: 21 };

const lines = fc.array(
  fc.record({
    quantity: fc.integer({ min: 1, max: 4 }),
    unit: fc.integer({ min: 100, max: 3333 }),
    rates: fc.subarray([0, 1]),
    isReduced: fc.boolean(),
  }),
  { minLength: 1, maxLength: 3 },
);

const deeds = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("custom" as const), amount: fc.integer({ min: 1, max: 900 }) }),
    fc.record({ kind: fc.constant("line" as const), nth: fc.nat(2), part: fc.integer({ min: 1, max: 1500 }) }),
    fc.record({ kind: fc.constant("void" as const), nth: fc.nat(5) }),
    fc.record({ kind: fc.constant("pay" as const) }),
    fc.record({ kind: fc.constant("part" as const), amount: fc.integer({ min: 50, max: 2000 }) }),
    fc.record({ kind: fc.constant("refund" as const), amount: fc.integer({ min: 1, max: 700 }) }),
  ),
  { maxLength: 10 },
);

type Core = ReturnType<typeof startCore>;

/** Two rates, a coupon, and somebody with a card and a balance. */
function startShop(core: Core) {
  const { must } = core;
  const rate = (percentage: number, inclusive: boolean) =>
    must("POST /v1/tax_rates", { display_name: "VAT", percentage, inclusive }).id;
  return { rates: [rate(19, false), rate(7, true)], coupon: must("POST /v1/coupons", { percent_off: 15 }).id };
}

function payerOf({ must }: Core, balance: number): string {
  const customer = must("POST /v1/customers", { name: "Ada", balance }).id;
  const method = must("POST /v1/payment_methods/pm_card_visa/attach", { customer }).id;
  must(`POST /v1/customers/${customer}`, { invoice_settings: { default_payment_method: method } });
  return customer;
}

type Item = typeof lines extends fc.Arbitrary<(infer Drawn)[]> ? Drawn : never;

/** A finalized invoice of such lines. */
function billed({ must }: Core, shop: ReturnType<typeof startShop>, bill: { customer: string; items: Item[] }): Answer {
  const { customer, items } = bill;
  const invoice = must("POST /v1/invoices", { customer, currency: "usd" }).id;
  for (const { quantity, unit, rates, isReduced } of items) {
    must("POST /v1/invoiceitems", {
      ...{ customer, invoice, currency: "usd", quantity, unit_amount_decimal: String(unit) },
      tax_rates: rates.map((nth) => shop.rates[nth]),
      ...(isReduced && { discounts: [{ coupon: shop.coupon }] }),
    });
  }
  return must(`POST /v1/invoices/${invoice}/finalize`);
}

/** What has happened to one invoice, as a bookkeeper writes it down: nothing is read back but what was answered. */
interface Book {
  credited: number;
  /** Off what was asked for. */
  off: number;
  back: number;
  /** By payments that were attached. */
  parts: number;
  readonly notes: Answer[];
}

const behaviors = fc.constantFrom("exclusive" as const, "inclusive" as const);
const priced = fc.record({
  quantity: fc.integer({ min: 1, max: 3 }),
  unit: fc.integer({ min: 1, max: 999 }),
  behaviors,
});

/** By automatic tax, whose halves go up on the whole, not on each line. */
function shippedTo(
  { must }: Core,
  sent: { exempt: string; behavior: string; amount: number; items: Answer[] },
): Answer {
  const place = { address: { country: "DE" }, tax_exempt: sent.exempt };
  const customer = must("POST /v1/customers", place).id;
  const shipping_rate = must("POST /v1/shipping_rates", {
    ...{ display_name: "Ground", fixed_amount: { amount: sent.amount, currency: "usd" }, tax_behavior: sent.behavior },
  }).id;
  const asked = { customer, currency: "usd", automatic_tax: { enabled: true }, shipping_cost: { shipping_rate } };
  const invoice = must("POST /v1/invoices", asked).id;
  for (const { quantity, unit, behaviors: tax_behavior } of sent.items) {
    const product_data = { name: "Tea" };
    const price = must("POST /v1/prices", { currency: "usd", unit_amount: unit, tax_behavior, product_data }).id;
    must("POST /v1/invoiceitems", { customer, invoice, quantity, pricing: { price } });
  }
  return must(`POST /v1/invoices/${invoice}/finalize`);
}

suite("whatever is credited", () => {
  test("what it cost to send things is given back as it was asked for, before, between and behind the lines", () => {
    const core = startCore();
    const bills = fc.record({
      ...{
        exempt: fc.constantFrom("none", "reverse"),
        behavior: behaviors,
        amount: fc.integer({ min: 100, max: 2000 }),
      },
      items: fc.array(priced, { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(bills, fc.nat(3), (bill, place) => {
        const whole = shippedTo(core, bill);
        const sent = { shipping_cost: { shipping_rate: whole.shipping_cost.shipping_rate } };
        const asked: object[] = whole.lines.data.map(({ id, quantity }: Answer) => ({
          lines: [{ type: "invoice_line_item", invoice_line_item: id, quantity }],
        }));
        asked.splice(Math.min(place, asked.length), 0, sent);
        const notes = asked.map((part) => core.must("POST /v1/credit_notes", { invoice: whole.id, ...part }));
        const sum = (pick: (note: Answer) => number) => notes.reduce((all, note) => all + pick(note), 0);
        for (const name of ["amount_shipping", "subtotal", "total", "total_excluding_tax"]) {
          assert.equal(
            sum((note) => note[name]),
            whole[name],
            name,
          );
        }
        const back = notes.filter(({ shipping_cost: cost }) => cost !== null);
        assert.deepEqual(
          back.map(({ total }) => total),
          [whole.shipping_cost.amount_total],
        );
        assert.equal(core.must(`GET /v1/invoices/${whole.id}`).status, "paid");
      }),
      runs,
    );
    assert.deepEqual(core.bugs, []);
  });

  test("what was invoiced is what was credited before, paid, and taken of the balance", () => {
    const core = startCore();
    const shop = startShop(core);
    fc.assert(
      fc.property(lines, deeds, fc.integer({ min: -400, max: 400 }), (items, wishes, balance) => {
        const whole = billed(core, shop, { customer: payerOf(core, balance), items });
        const invoice = whole.id;
        const book: Book = { credited: 0, off: 0, back: 0, parts: 0, notes: [] };
        for (const wish of wishes) {
          doWish(core, invoice, whole, book, wish);
          checkBook(core, invoice, whole, book);
        }
        creditTheRest(core, invoice, whole, book);
        checkBook(core, invoice, whole, book);
      }),
      runs,
    );
    assert.deepEqual(core.bugs, []);
  });

  test("all of every line in any parts is the invoice, in each of its sums", () => {
    const core = startCore();
    const shop = startShop(core);
    const cuts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(lines, cuts, (items, parts) => {
        const whole = billed(core, shop, { customer: payerOf(core, 0), items });
        const invoice = whole.id;
        const notes: Answer[] = [];
        for (const line of whole.lines.data) {
          for (let left = line.quantity, nth = 0; left > 0; nth++) {
            const quantity = Math.min(left, parts[nth] ?? 1);
            const sent = { type: "invoice_line_item", invoice_line_item: line.id, quantity };
            notes.push(core.must("POST /v1/credit_notes", { invoice, lines: [sent] }));
            left -= quantity;
          }
        }
        const sums = ["subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax"];
        const sum = (pick: (note: Answer) => number) => notes.reduce((all, note) => all + pick(note), 0);
        assert.deepEqual(
          sums.map((name) => sum((note) => note[name])),
          sums.map((name) => whole[name]),
        );
        for (const { amount, tax_rate_details: details } of whole.total_taxes) {
          const ofRate = (note: Answer) =>
            note.total_taxes
              .filter((tax: Answer) => tax.tax_rate_details.tax_rate === details.tax_rate)
              .reduce((all: number, tax: Answer) => all + tax.amount, 0);
          assert.equal(sum(ofRate), amount);
        }
        const after = core.must(`GET /v1/invoices/${invoice}`);
        assert.deepEqual(
          [after.status, after.amount_due, after.pre_payment_credit_notes_amount],
          ["paid", 0, whole.total],
        );
      }),
      runs,
    );
    assert.deepEqual(core.bugs, []);
  });
});

function doWish(core: Core, invoice: string, whole: Answer, book: Book, wish: Answer): void {
  if (wish.kind === "pay") core.ask(`POST /v1/invoices/${invoice}/pay`);
  else if (wish.kind === "part") payInPart(core, invoice, whole, book, wish.amount);
  else if (wish.kind === "refund") refundDirectly(core, invoice, book, wish.amount);
  else if (wish.kind === "void") voidNote(core, book, wish.nth);
  else if (wish.kind === "custom") {
    credit(core, invoice, book, { type: "custom_line_item", unit_amount: wish.amount });
  } else {
    const line = whole.lines.data[wish.nth % whole.lines.data.length];
    credit(core, invoice, book, { type: "invoice_line_item", invoice_line_item: line.id, amount: wish.part });
  }
}

/** What goes beyond what is still asked for is given to the customer. */
function credit(core: Core, invoice: string, book: Book, line: object): void {
  const { amount_remaining: asked, status } = core.must(`GET /v1/invoices/${invoice}`);
  const wanted = core.ask("GET /v1/credit_notes/preview", { invoice, lines: [line] });
  const [, dollars = "0"] = /post_payment_amount \(\$([\d,.]+)\)/.exec(String(wanted.json.error?.message)) ?? [];
  const given = Number(dollars.replace(/\D/g, ""));
  const sent = { invoice, lines: [line], ...(given > 0 && { credit_amount: String(given) }) };
  const { status: code, json: note } = core.ask("POST /v1/credit_notes", sent);
  if (code !== 200) return;
  const off = status === "paid" ? 0 : Math.min(asked, note.total);
  assert.deepEqual([note.pre_payment_amount, note.post_payment_amount], [off, note.total - off]);
  book.credited += note.total;
  book.off += off;
  book.notes.push(note);
}

function voidNote(core: Core, book: Book, nth: number): void {
  const note = book.notes[nth % Math.max(book.notes.length, 1)];
  if (!note || core.ask(`POST /v1/credit_notes/${note.id}/void`).status !== 200) return;
  book.credited -= note.total;
  book.off -= note.pre_payment_amount;
  book.notes.splice(book.notes.indexOf(note), 1);
}

/** Whatever it is, it comes: what is more than what remains is the customer's. */
function payInPart(core: Core, invoice: string, { customer }: Answer, book: Book, amount: number): void {
  const sent = { amount, currency: "usd", customer, payment_method: "pm_card_visa", confirm: true, ...byCard };
  const payment_intent = core.must("POST /v1/payment_intents", sent).id;
  if (core.ask(`POST /v1/invoices/${invoice}/attach_payment`, { payment_intent }).status === 200) book.parts += amount;
}

const byCard = { automatic_payment_methods: { enabled: true, allow_redirects: "never" } };

function refundDirectly(core: Core, invoice: string, book: Book, amount: number): void {
  const [payment] = core.must("GET /v1/invoice_payments", { invoice, status: "paid" }).data;
  if (!payment) return;
  const sent = { payment_intent: payment.payment.payment_intent, amount };
  if (core.ask("POST /v1/refunds", sent).status === 200) book.back += amount;
}

/** The ceiling: one cent more than what is left is refused, and what is left is taken. */
function creditTheRest(core: Core, invoice: string, whole: Answer, book: Book): void {
  const left = whole.total - book.credited - book.back;
  const custom = (unit_amount: number) => ({ type: "custom_line_item", unit_amount });
  const before = book.credited;
  credit(core, invoice, book, custom(Math.max(left, 0) + 1));
  assert.equal(book.credited, before);
  if (left < 1) return;
  credit(core, invoice, book, custom(left));
  assert.equal(book.credited, before + left);
}

function checkBook(core: Core, invoice: string, whole: Answer, book: Book): void {
  const now = core.must(`GET /v1/invoices/${invoice}`);
  assert.equal(now.amount_due, whole.amount_due - book.off);
  assert.equal(now.amount_due, now.amount_paid + now.amount_remaining);
  assert.equal(now.pre_payment_credit_notes_amount, book.off);
  assert.equal(now.post_payment_credit_notes_amount, book.credited - book.off);
  assert.deepEqual([now.total, now.starting_balance], [whole.total, whole.starting_balance]);
  // Invoiced − credited before payment = paid or asked for + what the balance gave, took or keeps.
  const ofBalance = now.ending_balance - now.starting_balance;
  assert.equal(now.total - book.off, now.amount_paid + now.amount_remaining + ofBalance);
  assert.ok(book.credited <= whole.total);
  // What payments brought is what the invoice says was paid, and what was paid over that.
  const { data } = core.must("GET /v1/invoice_payments", { invoice, limit: 100 });
  const brought = (isDefault: boolean) =>
    data.reduce((sum: number, one: Answer) => sum + (one.is_default === isDefault ? (one.amount_paid ?? 0) : 0), 0);
  assert.equal(brought(false), book.parts);
  assert.equal(brought(true) + book.parts, now.amount_paid + now.amount_overpaid);
  const given = core.must(`GET /v1/customers/${whole.customer}/balance_transactions`, { invoice, limit: 100 }).data;
  const over = given.filter((one: Answer) => one.type === "invoice_overpaid");
  assert.equal(
    over.reduce((sum: number, one: Answer) => sum - one.amount, 0),
    now.amount_overpaid,
  );
}
