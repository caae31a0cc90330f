// What is mutated, and which tests must notice: those of the room itself, and those that walk through it.

/** A folder ends with "/": of `places` its own files, of `tests` all below it. */
export interface Target {
  readonly places: readonly string[];
  readonly tests: readonly string[];
}

const kernel = "src/billing/kernel";
const resources = "src/billing/resources";

const ofMoney = [
  `${resources}/orders/`,
  `${resources}/refunds/`,
  `${resources}/money_paths.test.ts`,
  `${resources}/promises.test.ts`,
];

export const targets: readonly Target[] = [
  { places: ["src/kit/money.ts"], tests: ["src/kit/money.test.ts"] },
  { places: [`${resources}/orders/`, `${resources}/payments/`, `${resources}/refunds/`], tests: ofMoney },
  {
    places: [`${kernel}/journal/`, `${kernel}/changes/operations.ts`],
    tests: [
      `${kernel}/journal/`,
      `${kernel}/stripe/`,
      `${resources}/promises.test.ts`,
      `${resources}/attempts.test.ts`,
      `${resources}/repair/`,
      `${resources}/orders/wishes.test.ts`,
    ],
  },
  {
    places: [`${kernel}/inbox/`, `${kernel}/changes/observe.ts`],
    tests: [`${kernel}/inbox/`, `${kernel}/stripe/`, `${resources}/money_paths.test.ts`, `${resources}/customers/`],
  },
  { places: [`${kernel}/outbox/`], tests: [`${kernel}/outbox/`, `${resources}/repair/`] },
];
