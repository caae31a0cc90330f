// Plays a life from dice, and holds all laws after each step.
import fc from "fast-check";
import { advance } from "./advance.ts";
import { currencies } from "./catalog.ts";
import { diceOf } from "./dice.ts";
import { amounts } from "./laws/amounts.ts";
import { balances } from "./laws/balances.ts";
import { events } from "./laws/events.ts";
import { attempts, discounts, numbers } from "./laws/invoices.ts";
import { payments } from "./laws/payments.ts";
import { periods } from "./laws/periods.ts";
import { statuses } from "./laws/statuses.ts";
import { versions } from "./laws/versions.ts";
import { begin, type Circumstances, type Life } from "./life.ts";
import { lookAt, type Seen } from "./seen.ts";
import { steps } from "./steps.ts";

type Kind = keyof typeof steps | "advance";

export interface Plan extends Circumstances {
  readonly steps: readonly { readonly kind: Kind; readonly dice: readonly number[] }[];
}

const laws: Readonly<Record<string, (seen: Seen) => void>> = {
  amounts,
  attempts,
  balances,
  discounts,
  events,
  numbers,
  payments,
  periods,
  statuses,
};

const starts = ["2027-01-31T22:13:05Z", "2028-02-29T00:00:00Z", "2027-03-15T12:00:00Z", "2026-12-30T23:59:59Z"];
const kinds: readonly Kind[] = ["advance", ...(Object.keys(steps) as Kind[])];

/** Most of what happens is that time passes and that somebody changes their mind. */
const step = fc.record({
  kind: fc.oneof(
    { weight: 4, arbitrary: fc.constant<Kind>("advance") },
    { weight: 2, arbitrary: fc.constant<Kind>("change") },
    { weight: 6, arbitrary: fc.constantFrom(...kinds) },
  ),
  dice: fc.array(fc.nat(5039), { minLength: 20, maxLength: 20 }),
});

export const plans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.nat(1000),
  currency: fc.constantFrom(...currencies),
  start: fc.constantFrom(...starts.map((text) => Date.parse(text) / 1000)),
  taxRounding: fc.constantFrom("line_level", "invoice_level"),
  afterRetries: fc.constantFrom("cancel", "unpaid", "past_due"),
  steps: fc.array(step, { minLength: 4, maxLength: 14 }),
});

const toBegin: Plan["steps"] = [
  { kind: "card", dice: [0] },
  { kind: "subscribe", dice: [0] },
];

/** Answers the life when it is over. `inSteps`: time goes so often to come as far, and nothing is foretold. */
export async function playLife(plan: Plan, inSteps = 0): Promise<Life> {
  const life = begin(plan);
  const [, ...rest] = toBegin;
  const first = { ...rest[0]!, dice: plan.steps[0]?.dice ?? [0] }; // There are two.
  try {
    for (const { kind, dice } of [toBegin[0]!, first, ...plan.steps]) {
      if (kind === "advance") await advance(life, diceOf(dice), inSteps);
      else steps[kind](life, diceOf(dice));
      const seen = lookAt(life);
      for (const hold of Object.values(laws)) hold(seen);
    }
    versions(lookAt(life));
  } catch (error) {
    if (error instanceof Error) Object.assign(error, { life, message: `${error.message}\n${life.told.join("\n")}` });
    throw error;
  }
  return life;
}
