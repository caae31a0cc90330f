// Which files are mutated, and which tests must notice: the nearest first, because the first that fails ends the try.

/** One target: files of one kind, and the tests that hold them. */
export type Target = { files: string[]; tests: string[] };

const kernel = "src/billing/kernel";
const resources = "src/billing/resources";

const ofMoney = [
  `${resources}/orders/what_was_paid.test.ts`,
  `${resources}/orders/wishes.test.ts`,
  `${resources}/refunds/refunds.test.ts`,
  `${resources}/orders/orders.test.ts`,
  `${resources}/attempts.test.ts`,
  `${resources}/verbs.test.ts`,
];
const ofJournal = [
  `${kernel}/journal/operations.test.ts`,
  `${kernel}/journal/steps.test.ts`,
  `${resources}/orders/wishes.test.ts`,
  `${resources}/attempts.test.ts`,
  `${resources}/repair/repair.test.ts`,
  `${resources}/verbs.test.ts`,
  `${resources}/refunds/refunds.test.ts`,
  `${resources}/orders/orders.test.ts`,
];
const ofInbox = [
  `${kernel}/stripe/wrong_clock.test.ts`,
  `${kernel}/inbox/signature.test.ts`,
  `${kernel}/inbox/inbox.test.ts`,
  `${kernel}/inbox/retention.test.ts`,
  `${kernel}/inbox/together.test.ts`,
  `${kernel}/inbox/lists.test.ts`,
  `${kernel}/inbox/bulk_looks.test.ts`,
  `${resources}/orders/orders.test.ts`,
  `${resources}/refunds/refunds.test.ts`,
  `${resources}/repair/repair.test.ts`,
];

export const targets: Target[] = [
  { files: ["src/kit/money.ts", `${resources}/money.ts`], tests: ["src/kit/money.test.ts", ...ofMoney] },
  { files: [`${resources}/orders/`, `${resources}/refunds/`, `${resources}/payments/`], tests: ofMoney },
  { files: [`${kernel}/journal/`, `${kernel}/changes/operations.ts`], tests: ofJournal },
  { files: [`${kernel}/inbox/`, `${kernel}/changes/observe.ts`], tests: ofInbox },
  {
    files: [`${kernel}/outbox/`],
    tests: [`${kernel}/outbox/outbox.test.ts`, `${resources}/repair/repair.test.ts`, ...ofMoney],
  },
];
