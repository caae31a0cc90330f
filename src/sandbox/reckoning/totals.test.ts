import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { draws } from "#kit/testing.ts";
import type { Off } from "./discounts.ts";
import { decimal, ratio } from "./rational.ts";
import type { Rate } from "./taxes.ts";
import { type Discount, type Line, totalsOf } from "./totals.ts";

const runs = { numRuns: draws(200, 10_000), seed: 12 };
const sum = (numbers: readonly number[]) => numbers.reduce((whole, one) => whole + one, 0);
const exclusive = (percent: string): Rate => ({
  id: `on ${percent}`,
  percentage: decimal(percent),
  isInclusive: false,
});
const inclusive = (percent: string): Rate => ({ id: `in ${percent}`, percentage: decimal(percent), isInclusive: true });
const line = (amount: number, ...rates: Rate[]): Line => ({ amount, isDiscountable: true, rates, taken: [] });
const tenOff: Off = { kind: "percent", percent: ratio(10) };
const whole = (off: Off, lines: readonly number[], isOfItem = false): Discount => ({ id: "di", off, lines, isOfItem });
const usual = { discounts: [], paysTaxes: true, taxRounding: "line" } as const;

/** What the tables of https://docs.stripe.com/billing/taxes/tax-rates show. */
suite("from lines to a total", () => {
  test("an exclusive tax comes on top", () => {
    const totals = totalsOf([line(500, exclusive("25"))], usual);
    assert.deepEqual([totals.subtotal, totals.taxes[0]?.amount, totals.total], [500, 125, 625]);
    assert.deepEqual([totals.subtotalExcludingTax, totals.totalExcludingTax], [500, 500]);
  });

  test("a tax that somebody else has reckoned stands as it is, in every rounding, and where none is paid", () => {
    const fixed = [
      { rate: exclusive("5"), amount: 7, taxable: 100 },
      { rate: inclusive("3"), amount: 2, taxable: 98 },
    ];
    const lines = [
      { ...line(100), fixed },
      { ...line(200), fixed: fixed.slice(0, 1) },
    ];
    for (const taxRounding of ["line", "invoice"] as const) {
      for (const paysTaxes of [true, false]) {
        const totals = totalsOf(lines, { ...usual, taxRounding, paysTaxes });
        assert.deepEqual([totals.total, totals.totalExcludingTax, totals.subtotalExcludingTax], [314, 298, 298]);
        assert.deepEqual(
          totals.taxes.map(({ amount, taxable }) => [amount, taxable]),
          [
            [14, 200],
            [2, 98],
          ],
        );
      }
    }
  });

  test("lines have rates of their own", () => {
    const totals = totalsOf([line(500, exclusive("5")), line(1000, exclusive("10"))], usual);
    assert.deepEqual([totals.lines.map(({ taxes }) => taxes[0]?.amount), totals.total], [[25, 100], 1625]);
  });

  test("a discount comes before the tax, whose halves go up", () => {
    const lines = [line(500, exclusive("5")), line(1000, exclusive("5"))];
    const totals = totalsOf(lines, { ...usual, discounts: [whole(tenOff, [0, 1])] });
    assert.deepEqual(
      totals.lines.map(({ discounts, taxes }) => [discounts[0]?.amount, taxes[0]?.amount]),
      [
        [50, 23],
        [100, 45],
      ],
    );
    assert.deepEqual([totals.subtotal, totals.taxes[0]?.amount, totals.total], [1500, 68, 1418]);
  });

  test("the inclusive tax is taken out before the exclusive one comes on top", () => {
    const rates = [inclusive("5"), exclusive("7")];
    const lines = [line(500, ...rates), line(1000, ...rates)];
    const totals = totalsOf(lines, { ...usual, discounts: [whole(tenOff, [0, 1])] });
    assert.deepEqual(
      totals.lines.map(({ taxes }) => taxes.map(({ amount, taxable }) => [amount, taxable])),
      [
        [
          [21, 429],
          [30, 429],
        ],
        [
          [43, 857],
          [60, 857],
        ],
      ],
    );
    assert.deepEqual([totals.total, totals.totalExcludingTax], [1440, 1286]);
  });

  test("rounded on each line or once on the invoice, the two may be a cent apart", () => {
    const lines = [line(100_000, inclusive("10")), line(5000, inclusive("10"))];
    const taxOf = (taxRounding: "line" | "invoice") => totalsOf(lines, { ...usual, taxRounding }).taxes[0]?.amount;
    assert.deepEqual([taxOf("line"), taxOf("invoice")], [9546, 9545]);
    assert.equal(totalsOf(lines, usual).total, 105_000);
  });

  test("who pays no tax is not charged one, nor the one that a price contains", () => {
    const spared = { ...usual, paysTaxes: false };
    assert.equal(totalsOf([line(10_000, exclusive("10"))], spared).total, 10_000);
    const totals = totalsOf([line(10_000, inclusive("10"))], spared);
    assert.deepEqual([totals.total, totals.taxes[0]?.amount], [9091, 0]);
  });

  test("an item's discount is in the subtotal already, the invoice's is not", () => {
    const half: Off = { kind: "percent", percent: ratio(50) };
    const ofItem = totalsOf([line(1900)], { ...usual, discounts: [whole(half, [0], true)] });
    assert.deepEqual([ofItem.lines[0]?.subtotal, ofItem.subtotal, ofItem.total], [950, 950, 950]);
    const ofInvoice = totalsOf([line(2500)], { ...usual, discounts: [whole(tenOff, [0])] });
    assert.deepEqual([ofInvoice.subtotal, ofInvoice.total], [2500, 2250]);
  });

  test("what was taken off before is not taken off again, and counts with the rest of its discount", () => {
    const before = { ...line(1000), isDiscountable: false, taken: [{ discount: "di", amount: 100, isOfItem: false }] };
    const totals = totalsOf([before, line(500)], { ...usual, discounts: [whole(tenOff, [0, 1])] });
    assert.deepEqual(totals.discounts, [{ discount: "di", amount: 150 }]);
    assert.deepEqual([totals.subtotal, totals.total, totals.lines[0]?.discounts[0]?.amount], [1500, 1350, 100]);
  });

  test("a credit carries a tax below nothing", () => {
    const [credit] = totalsOf([line(-1000, exclusive("5"))], usual).lines;
    assert.deepEqual([credit?.taxes[0]?.amount, credit?.taxes[0]?.taxable], [-50, -1000]);
  });

  const rates = fc.subarray([exclusive("5"), exclusive("9.975"), inclusive("19"), inclusive("7")], { maxLength: 3 });
  /** Of a proration that says what was taken off it. */
  const before = fc
    .array(fc.record({ amount: fc.integer({ min: -300, max: 300 }), isOfItem: fc.boolean() }), { maxLength: 2 })
    .map((all) => all.map((one) => ({ ...one, discount: one.isOfItem ? "di_of_item" : "di_of_all" })));
  const lines = fc.array(
    fc.record({ amount: fc.integer({ min: -5000, max: 90_000 }), isDiscountable: fc.boolean(), rates, taken: before }),
    { minLength: 1, maxLength: 6 },
  );
  const offs = fc.oneof(
    fc.integer({ min: 1, max: 60_000 }).map((amount): Off => ({ kind: "amount", amount })),
    fc.integer({ min: 1, max: 100 }).map((percent): Off => ({ kind: "percent", percent: ratio(percent) })),
  );
  const discounts = fc
    .array(fc.record({ off: offs, isOfItem: fc.boolean() }), { maxLength: 4 })
    .map((given) => given.map((one, nth): Discount => ({ id: `di_${nth}`, lines: [0, 1, 2, 3, 4, 5], ...one })));

  test("total = lines − discounts + exclusive taxes, and every sum is the sum of its parts on the lines", () => {
    fc.assert(
      fc.property(lines, discounts, (given, all) => {
        const on = all.map((one) => ({ ...one, lines: one.lines.filter((at) => at in given) }));
        const totals = totalsOf(given, { discounts: on, paysTaxes: true, taxRounding: "line" });
        const takenBy = (of: readonly { discount: string; amount: number }[], isOfItem: boolean) =>
          sum(
            of
              .filter(
                ({ discount: id }) => (on.find((one) => one.id === id)?.isOfItem ?? id === "di_of_item") === isOfItem,
              )
              .map((t) => t.amount),
          );
        const onTop = totals.taxes.filter(({ rate }) => !rate.isInclusive).map(({ amount }) => amount);
        const gross = sum(given.map(({ amount }) => amount));
        assert.equal(totals.subtotal, gross - takenBy(totals.discounts, true));
        assert.equal(totals.total, totals.subtotal - takenBy(totals.discounts, false) + sum(onTop));
        for (const { rate, amount } of totals.taxes) {
          const parts = totals.lines.flatMap(({ taxes }) => taxes.filter((one) => one.rate.id === rate.id));
          assert.equal(amount, sum(parts.map((one) => one.amount)));
        }
        for (const { discount, amount } of totals.discounts) {
          const parts = totals.lines.flatMap((one) => one.discounts.filter((taken) => taken.discount === discount));
          assert.equal(amount, sum(parts.map((one) => one.amount)));
        }
      }),
      runs,
    );
  });

  test("shipping comes on top of all lines with its taxes, and no discount touches it", () => {
    const fixed: Off = { kind: "amount", amount: 2000 };
    const reckoning = { ...usual, discounts: [whole(fixed, [0])], shipping: { amount: 500, rates: [exclusive("19")] } };
    const totals = totalsOf([line(1000, exclusive("7"))], reckoning);
    assert.deepEqual([totals.subtotal, totals.total, totals.totalExcludingTax], [1000, 595, 500]);
    assert.deepEqual([totals.shipping?.total, totals.shipping?.taxes[0]?.amount], [595, 95]);
    const spared = { ...usual, paysTaxes: false, shipping: { amount: 1190, rates: [inclusive("19")] } };
    assert.deepEqual([totalsOf([], spared).total, totalsOf([], spared).shipping?.total], [1000, 1000]);
    assert.equal(totalsOf([line(1)], usual).shipping, undefined);
  });

  test("shipping is reckoned as a line more that no discount touches, of which the subtotal knows nothing", () => {
    const priced = fc.record({ amount: fc.integer({ min: 0, max: 9000 }), rates });
    fc.assert(
      fc.property(lines, discounts, priced, fc.boolean(), (given, all, shipping, paysTaxes) => {
        const on = all.map((one) => ({ ...one, lines: one.lines.filter((at) => at in given) }));
        const reckoning = { discounts: on, paysTaxes, taxRounding: "invoice" } as const;
        const totals = totalsOf(given, { ...reckoning, shipping });
        const more: Line = { ...shipping, isDiscountable: false, taken: [] };
        const model = totalsOf([...given, more], reckoning);
        assert.deepEqual([totals.total, totals.totalExcludingTax], [model.total, model.totalExcludingTax]);
        assert.deepEqual([totals.taxes, totals.discounts], [model.taxes, model.discounts]);
        assert.equal(totals.subtotal, model.subtotal - shipping.amount);
        assert.equal(totals.subtotalExcludingTax, totalsOf(given, reckoning).subtotalExcludingTax);
      }),
      runs,
    );
  });

  test("what shipping costs with its taxes is what whole numbers say, too", () => {
    const percents = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9999 }), percents, fc.boolean(), (amount, percent, isInclusive) => {
        const rates = [isInclusive ? inclusive(`${percent}`) : exclusive(`${percent}`)];
        const { shipping, total } = totalsOf([], { ...usual, shipping: { amount, rates } });
        const whole = isInclusive ? 100 + percent : 100;
        const tax = Math.floor((2 * amount * percent + whole) / (2 * whole)); // Halves go up.
        assert.equal(shipping?.taxes[0]?.amount, tax);
        assert.deepEqual([shipping?.total, total], isInclusive ? [amount, amount] : [amount + tax, amount + tax]);
      }),
      runs,
    );
  });

  test("without taxes, a discount that is on no line changes nothing but that it is named", () => {
    const untaxed = lines.map((given) => given.map((one): Line => ({ ...one, rates: [], taken: [] })));
    const onNothing = { ...usual, discounts: [whole(tenOff, [])] };
    fc.assert(
      fc.property(untaxed, fc.boolean(), (given, paysTaxes) => {
        const named = totalsOf(given, { ...onNothing, paysTaxes });
        assert.deepEqual(totalsOf(given, { ...usual, paysTaxes }), { ...named, discounts: [] });
      }),
      runs,
    );
  });

  test("rounded once, a tax is within a cent a line of the sum of its lines", () => {
    fc.assert(
      fc.property(lines, (given) => {
        const totals = totalsOf(given, { ...usual, taxRounding: "invoice" });
        for (const { rate, amount } of totals.taxes) {
          const parts = totals.lines.flatMap(({ taxes }) => taxes.filter((one) => one.rate.id === rate.id));
          assert.ok(Math.abs(amount - sum(parts.map((one) => one.amount))) <= given.length);
        }
      }),
      runs,
    );
  });

  test("a price with its tax in it splits into a net and a tax that belong together", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 40 }), (amount, percent) => {
        const tax = totalsOf([line(amount, inclusive(`${percent}`))], usual).taxes[0]?.amount ?? 0;
        // By looking: the tax for which tax × (100 + p) is nearest to amount × p, of two the larger.
        const off = (guess: number) => Math.abs(guess * (100 + percent) - amount * percent);
        const all = Array.from({ length: amount + 1 }, (_, guess) => guess);
        const best = all.reduce((found, guess) => (off(guess) <= off(found) ? guess : found), 0);
        assert.equal(tax, best);
      }),
      { ...runs, numRuns: draws(100, 2_000) },
    );
  });
});
