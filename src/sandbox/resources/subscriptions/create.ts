// How a subscription begins: its items, its anchor, its first invoice, and what became of paying that. All of it is one
// call, so the subscription is stored as it is at the end of it, and its event comes before those of the invoice.
import { tellFirst } from "../../kernel/state/emit.ts";
import { begin } from "../../kernel/state/machine.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { read } from "../../kernel/state/writes.ts";
import { checkedCurrency } from "../../kernel/words/amounts.ts";
import { missingParameter, noSuch, refusal } from "../../kernel/words/errors.ts";
import { refuseFractions } from "../../kernel/words/fractions.ts";
import { text } from "../../kernel/words/params.ts";
import { type Customer, customers, rememberTransaction, turnCurrency } from "../customers/index.ts";
import { anchoring, startOf } from "./anchor.ts";
import { type BillNow, billFirst, billNow } from "./billing/first.ts";
import { subscriptionDefaults } from "./defaults.table.ts";
import { firstDiscounts, leftAfter } from "./discounts.ts";
import { metadataOf, refuseUnplayedTerms, termsOf, writtenFields } from "./fields.ts";
import { addBeside } from "./items/beside.ts";
import { refuseUnclearTrials } from "./items/clear_trials.ts";
import { refuseMixed, usualCurrency } from "./items/currency.ts";
import {
  intervalOf,
  laterItems,
  type NamedItem,
  namedItems,
  newItem,
  refuseOtherCurrency,
  refuseUnfit,
  shortestOf,
} from "./items/named.ts";
import { alignedPeriod, cutShort, during, periodOf } from "./items/periods.ts";
import { inItems } from "./items/shorthand.ts";
import { refuseUntaxed } from "./items/taxed.ts";
import { endingOf } from "./life/ending.ts";
import { filePending, pendingOf } from "./life/pending.ts";
import { fileTrialEnd } from "./life/trial_end.ts";
import { fileExpiry, fileTurn } from "./life/turn.ts";
import { livingOf } from "./list.ts";
import { modeOf } from "./mode.ts";
import { rows } from "./refusals.table.ts";
import { blankSubscription } from "./shape.ts";
import { holding, type Subscription, subscriptionMachine } from "./subscription.ts";
import { trialEndOf } from "./trial.ts";

export function createSubscription(unit: Unit, params: Params): Subscription {
  return createdBy(unit, params, { bill: billNow });
}

interface Creating {
  /** How what is due at once is billed; a preview and a schedule do it in another way. */
  readonly bill: BillNow;
  /** The one that begins it. */
  readonly schedule?: string | null;
}

export function createdBy(unit: Unit, sent: Params, { bill, schedule = null }: Creating): Subscription {
  const params = inItems(sent);
  const customer = customerOf(unit, params);
  const named = namedItems(unit, params);
  if (named.length === 0) throw refusal(rows.itemsMissing);
  const currency = params.currency === undefined ? usualCurrency(unit, named, customer) : checkedCurrency(params);
  refuseFractions(params, currency);
  refuseUnplayedTerms(params);
  if (text(params, "payment_behavior") === "pending_if_incomplete") throw refusal(rows.pendingFromTheStart);
  refuseOtherCurrency([...named, ...laterItems(unit, named)], currency);
  refuseMixed(unit, customer, currency);
  const made = draftOf(unit, params, { customer, named, currency });
  refuseUntaxed(unit, params, made);
  refuseUnclearTrials(unit, made);
  const draft = { ...made, discounts: firstDiscounts(unit, params, made), schedule };
  if (draft.trial_end !== null) rememberTransaction(unit, customer.id);
  turnCurrency(unit, customer.id, currency);
  const said = unit.events.length;
  addBeside(unit, params, draft);
  const { status, ...first } = billFirst(unit, draft, { params, bill });
  const subscription = begin(unit, subscriptionMachine, "create", status, (now) => ({
    ...draft,
    ...first,
    ...leftAfter(unit, draft, first.latest_invoice),
    status: now,
  }));
  tellFirst(unit, said);
  if (status === "incomplete") fileExpiry(unit, subscription);
  fileTurn(unit, subscription);
  fileTrialEnd(unit, subscription);
  filePending(unit, subscription);
  return subscription;
}

/** A customer who is not there is a 404 here (recorded). */
function customerOf(unit: Unit, params: Params): Customer {
  const id = text(params, "customer");
  if (id === undefined) throw missingParameter("customer");
  const customer = read(unit, customers, id);
  if (!customer) throw noSuch(customers, id, { inPath: true, param: "customer" });
  refuseTooMany(unit, customer);
  return customer;
}

/** On a test clock there are fewer. */
function refuseTooMany(unit: Unit, { id, test_clock: clock }: Customer): void {
  const { perCustomerMax, perCustomerOnClockMax } = subscriptionDefaults;
  const living = livingOf(unit, id).length;
  const limit = perCustomerMax.value;
  if (living >= limit) throw refusal(rows.subscriptionsTooMany, { limit });
  if (!clock || unit.world.billing.testClocks === "unlimited" || living < perCustomerOnClockMax.value) return;
  throw refusal(rows.subscriptionsOnClockTooMany, { limit: perCustomerOnClockMax.value });
}

interface Chosen {
  readonly customer: Customer;
  readonly named: readonly NamedItem[];
  readonly currency: string;
}

function draftOf(unit: Unit, params: Params, { customer, named, currency }: Chosen): Subscription {
  const created = secondOf(unit);
  const id = unit.world.ids.after("sub_1", 23);
  const mode = modeOf(unit, params);
  const list = named.map(({ price }) => price);
  refuseUnfit(list, mode.type);
  refuseUnfit(
    laterItems(unit, named).map(({ price }) => price),
    mode.type,
  );
  const interval = shortestOf(list.map(intervalOf)) ?? { interval: "month", interval_count: 1 };
  const start = startOf(unit, params);
  const trialEnd = trialEndOf(unit, params, list) ?? null;
  // Classic begins to be billed now, flexible has been billed since (documented).
  const isFlexible = mode.type === "flexible";
  const anchored = anchoring(unit, params, { interval, natural: isFlexible ? start : created, start, trialEnd });
  const items = named.map((one) => {
    const whole = alignedPeriod(unit, anchored.billing_cycle_anchor, { price: one.price.id }, created);
    // A trial begins now (documented).
    const from = isFlexible && trialEnd === null ? Math.max(start, whole.start) : created;
    const period = { start: from, end: anchored.trial_end ?? whole.end };
    const subscription = { id, currency, customer: customer.id, discounts: [], discountedSince: start };
    return newItem(unit, one, { subscription, period });
  });
  const blank: Subscription = {
    ...blankSubscription,
    id,
    ...anchored,
    billing_mode: mode,
    created,
    currency,
    customer: customer.id,
    ...holding(items),
    ...termsOf(params, { collection_method: "charge_automatically", days_until_due: null }),
    metadata: metadataOf(params),
    start_date: start,
    status: "incomplete",
    test_clock: unit.timeline.id,
  };
  const written = { ...blank, ...writtenFields(unit, params, blank) };
  const ending = { ...written, ...pendingOf(unit, params), ...endingOf(unit, params, written) };
  const isCut = anchored.trial_end === null && text(params, "proration_behavior") !== "none";
  return isCut
    ? { ...ending, ...holding(ending.items.map((item) => during(item, cutShort(ending, periodOf(item))))) }
    : ending;
}
