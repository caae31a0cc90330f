// A change at the end of the period: the subscription gets a schedule whose first phase is what it is now, and whose
// second one is what it is to become. Stripe renews it with that, whoever is awake at that moment.
import { dayMs, secondMs } from "#kit/clock.ts";
import { idOf } from "../../../../kernel/contract/context.ts";
import type { Fields, Remote } from "../../../../kernel/contract/reacting.ts";
import {
  flag,
  integer,
  listOf,
  orAbsent,
  orNull,
  record,
  type Shape,
  type Shaped,
  text,
} from "../../../../kernel/contract/shape.ts";
import { defineVerb, filed } from "../../../../kernel/contract/verb.ts";
import { marks } from "../../../marks.ts";
import { ownersOf } from "../../../owners.ts";
import { fieldsOf, idsOf, numberOrNull } from "../../../remote_fields.ts";
import { ofSchedule, releasing } from "../../ends/index.ts";
import { isSameSold, quantityOf } from "../../schedules/index.ts";
import { aboutIt, changeFailed, laneOf, ofSubscription, type SentDiscount } from "./change_verb.ts";
import { release } from "./take_back.ts";

const planParams = record({
  ...ofSubscription,
  /** What was planned before, and makes room for this. */
  ...ofSchedule,
  wish: text,
  /** All that there is to be. */
  after: listOf(record({ price: text, quantity: orNull(integer) })),
  /** Beside what is taken off already. */
  discounts: listOf(record({ coupon: orAbsent(text), promotion_code: orAbsent(text), discount: orAbsent(text) })),
  /** When the period ends, by Stripe's seconds. */
  at: integer,
  /** By the time of a test clock, which tells nothing of how old a wish is. */
  isOnClock: flag,
});
export type PlanParams = Shaped<typeof planParams>;

const itemShape = record({
  price: text,
  quantity: orNull(integer),
  discounts: listOf(text),
  taxRates: listOf(text),
});
const phaseShape = record({
  start: integer,
  end: integer,
  trialEnd: orNull(integer),
  items: listOf(itemShape),
  discounts: listOf(text),
  taxRates: listOf(text),
});
type Phase = Shaped<typeof phaseShape>;
interface Attached {
  readonly id: string;
  /** What the subscription is now. */
  readonly phase: Phase;
}
const keptShape: Shape<Attached> = record({ id: text, phase: phaseShape });

/** Kept of Stripe's answer, and read back from what was kept. */
const attached: Shape<Attached> = {
  read(value, place) {
    const { id, phase, phases } = fieldsOf(value);
    const [first] = Array.isArray(phases) ? phases : [];
    return keptShape.read(phase === undefined ? { id, phase: phaseOf(fieldsOf(first)) } : value, place);
  },
};

function phaseOf({ start_date, end_date, trial_end, items, discounts, default_tax_rates }: Fields): Phase {
  return {
    start: Number(start_date),
    end: Number(end_date),
    trialEnd: numberOrNull(trial_end),
    items: (Array.isArray(items) ? items : []).map((item) => itemOf(fieldsOf(item))),
    discounts: discountsOf(discounts),
    taxRates: idsOf(default_tax_rates),
  };
}

function itemOf(item: Fields): Phase["items"][number] {
  return { ...quantityOf(item), discounts: discountsOf(item.discounts), taxRates: idsOf(item.tax_rates) };
}

function discountsOf(list: unknown): string[] {
  return (Array.isArray(list) ? list : []).flatMap((one) => idOf(fieldsOf(one).discount) ?? []);
}

export const plan = defineVerb({
  name: "subscriptions.plan",
  params: planParams,
  outcome: record({}),
  lane: laneOf,
  about: aboutIt,
  /** It is meant for the end of the period that runs, and not for that of the next one. */
  validForMs: ({ params, createdAt }) => {
    const left = params.isOnClock ? dayMs : params.at * secondMs - createdAt;
    return Math.max(0, Math.min(dayMs, left));
  },
  steps: [
    releasing,
    {
      name: "attach",
      answer: attached,
      touches: ({ params }) => params.subscriptionId,
      embeds: ({ params }) => [{ kind: "subscription", id: params.subscriptionId }],
      // Nothing else may be said with it.
      // https://docs.stripe.com/api/subscription_schedules/create#create_subscription_schedule-from_subscription
      request: ({ params }) => ({
        method: "POST",
        path: "/v1/subscription_schedules",
        params: { from_subscription: params.subscriptionId },
      }),
      // A subscription has one at most.
      find: async ({ params }, finder) => {
        const all = await finder.list(`/v1/subscription_schedules?limit=100&customer=${params.customerId}`);
        const isIts = ({ subscription, status }: Remote) =>
          idOf(subscription) === params.subscriptionId && status === "active";
        return all.find(isIts) ?? null;
      },
      undo: ({ params, subject, attempt }, { attach }) =>
        filed(release, {
          subject: `${subject}:${attach.id}`,
          attempt: 1,
          params: { ...params, scheduleId: attach.id, wish: `attempt ${attempt}` },
        }),
    },
    {
      name: "plan",
      answer: record({ id: text }),
      touches: (_operation, { attach }) => attach.id,
      request: (operation, { attach }) => ({
        method: "POST",
        path: `/v1/subscription_schedules/${attach.id}`,
        params: {
          end_behavior: "release",
          metadata: marks(operation, {}),
          proration_behavior: "none",
          phases: [asItIs(attach.phase), asItWillBe(operation.params, attach.phase)],
        },
      }),
      holds: ({ phases, status }, { params }) => {
        const last = Array.isArray(phases) && phases.length > 1 ? fieldsOf(phases.at(-1)).items : undefined;
        const items = Array.isArray(last) ? last.map((item) => quantityOf(fieldsOf(item))) : [];
        return status === "active" && isSameSold(items, params.after);
      },
    },
  ],
  // What is planned is told when the schedule is seen: by this answer, or by an event before it.
  answered: async () => ({}),
  refused: async ({ tx }, view, refusal) => {
    const owners = await ownersOf(tx, [view.params.customerId]);
    return changeFailed(view, refusal, owners.get(view.params.customerId)?.id ?? null);
  },
});

/** "You need to pass in all current and future phases", and nothing of what was not named stays. */
function asItIs({ start, end, trialEnd, items, discounts, taxRates }: Phase) {
  return {
    start_date: start,
    end_date: end,
    ...(trialEnd !== null && { trial_end: trialEnd }),
    items: items.map(({ price, quantity, ...rest }) => ({ price, ...amountOf(quantity), ...ratesOf(rest) })),
    discounts: discounts.map((discount) => ({ discount })),
    ...(taxRates.length > 0 && { default_tax_rates: [...taxRates] }),
  };
}

/** For a period; then the schedule lets go of it, and it stays so. */
function asItWillBe({ after, discounts }: PlanParams, now: Phase) {
  const known = new Map(now.items.map((item) => [item.price, item]));
  const standing = now.discounts.map((discount): SentDiscount => ({ discount }));
  return {
    proration_behavior: "none",
    items: after.map(({ price, quantity }) => ({ price, ...amountOf(quantity), ...ratesOf(known.get(price)) })),
    discounts: [...standing, ...discounts].map((one) => ({ ...one })),
    ...(now.taxRates.length > 0 && { default_tax_rates: [...now.taxRates] }),
  };
}

const amountOf = (quantity: number | null) => (quantity === null ? {} : { quantity });

function ratesOf(item: Pick<Phase["items"][number], "discounts" | "taxRates"> | undefined) {
  const { discounts = [], taxRates = [] } = item ?? {};
  return {
    ...(discounts.length > 0 && { discounts: discounts.map((discount) => ({ discount })) }),
    ...(taxRates.length > 0 && { tax_rates: [...taxRates] }),
  };
}
