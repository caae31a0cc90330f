// What is mutated, and which tests must notice: those of the room itself, and those that walk through it.

/** A folder ends with "/": of `places` its own files, of `tests` all below it; the first of these is the nearest. */
export interface Target {
  readonly places: readonly string[];
  readonly tests: readonly string[];
}

const kernel = "src/billing/kernel";
const resources = "src/billing/resources";

const ofMoney = [
  `${resources}/orders/`,
  `${resources}/payments/`,
  `${resources}/refunds/`,
  `${resources}/customers/`,
  `${resources}/disputes/`,
  `${resources}/money_paths.test.ts`,
  `${resources}/promises.test.ts`,
  `${resources}/attempts.test.ts`,
  `${resources}/second_objects.test.ts`,
  `${resources}/neighbours.test.ts`,
  `${resources}/old_keys.test.ts`,
  `${resources}/found.test.ts`,
  `${resources}/kinds.test.ts`,
  `${resources}/log.test.ts`,
  "src/billing/refusals.test.ts",
  `${kernel}/account.test.ts`,
  "test/locks.test.ts",
];

export const targets: readonly Target[] = [
  { places: ["src/kit/money.ts"], tests: ["src/kit/money.test.ts"] },
  { places: [`${resources}/orders/`, `${resources}/payments/`, `${resources}/refunds/`], tests: ofMoney },
  {
    places: [`${kernel}/journal/`],
    tests: [`${kernel}/journal/`, `${kernel}/changes/`, `${kernel}/stripe/`, `${resources}/repair/`, ...ofMoney],
  },
  {
    places: [`${kernel}/changes/`],
    tests: [
      `${kernel}/changes/`,
      `${kernel}/inbox/`,
      `${kernel}/journal/`,
      `${kernel}/timers/`,
      `${kernel}/outbox/`,
      `${resources}/repair/`,
      ...ofMoney,
    ],
  },
  {
    places: [`${kernel}/inbox/`, `${kernel}/inbox/intake/`],
    tests: [`${kernel}/inbox/`, `${kernel}/stripe/`, `${resources}/money_paths.test.ts`, `${resources}/customers/`],
  },
  { places: [`${kernel}/outbox/`], tests: [`${kernel}/outbox/`, `${resources}/repair/`] },
];
