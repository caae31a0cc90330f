// The next invoice of a schedule: as it is, as it would be after an update, or of one that does not exist. The schedule
// is made, updated or begun, and nothing of that is kept. https://docs.stripe.com/api/invoices/create_preview
import { secondMs } from "#kit/clock.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { mustReadParam, read } from "../../kernel/state/writes.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { given, hash, text } from "../../kernel/words/params.ts";
import { type Invoice, invoices } from "../invoices/index.ts";
import {
  billLater,
  createPreview,
  isRecurring,
  nextBill,
  type Previewed,
  previewOf,
  recurring,
  type Subscription,
} from "../subscriptions/index.ts";
import { draftOf } from "./create.ts";
import { beginSubscription } from "./life/start.ts";
import { listAt } from "./phases/items.ts";
import { rows } from "./refusals.table.ts";
import { isOpen, type Schedule, schedules, subscriptionIn } from "./schedule.ts";
import { revisedBy } from "./update.ts";

export function previewInvoice(unit: Unit, params: Params): Previewed {
  const details = hash(params, "schedule_details");
  const known = namedSchedule(unit, params);
  if (!known && !details) return createPreview(unit, params);
  const whose = known && { customer: known.customer, currency: known.phases[0]?.currency ?? "" };
  return previewOf(unit, params, {
    known: whose,
    upcoming: ({ customer, currency }) => {
      const { invoice, subscription } = known
        ? afterUpdate(unit, known, details)
        : firstOf(unit, draftOf(unit, newSchedule(details ?? {}, { customer, currency })));
      const isOfPeriod = isRecurring(params) && subscription;
      return isOfPeriod ? recurring(unit, subscription, { customer, currency, details: {} }) : invoice;
    },
  });
}

function namedSchedule(unit: Unit, params: Params): Schedule | undefined {
  const id = text(params, "schedule");
  if (id === undefined) return undefined;
  const known = mustReadParam(unit, schedules, id, "schedule");
  const customer = text(params, "customer") ?? known.customer;
  if (customer !== known.customer) throw refusal(rows.previewOfOtherSchedule, { schedule: id });
  return known;
}

interface Whose {
  readonly customer: string;
  readonly currency: string | undefined;
}

/** Where its first phase begins, it begins. */
function newSchedule({ proration_behavior: _none, ...details }: Params, { currency, customer }: Whose): Params {
  const [first = {}, ...others] = listAt(details, "phases");
  const { start_date, ...phase } = first;
  return { ...details, customer, ...given({ start_date }), phases: [{ ...given({ currency }), ...phase }, ...others] };
}

interface Next {
  readonly invoice: Invoice | undefined;
  readonly subscription: Subscription | undefined;
}

/** What the update bills at once, else what is billed next. */
function afterUpdate(unit: Unit, known: Schedule, details: Params | undefined): Next {
  const before = subscriptionIn(unit, known)?.latest_invoice;
  const schedule = details ? revisedBy(unit, details, known.id, billLater) : known;
  if (schedule.status === "not_started") return firstOf(unit, schedule);
  const subscription = subscriptionIn(unit, schedule);
  if (!subscription || !isOpen(schedule)) return { invoice: undefined, subscription: undefined };
  const { latest_invoice: latest } = subscription;
  const isBilled = latest !== before && latest !== null;
  return { invoice: isBilled ? read(unit, invoices, String(latest)) : nextBill(unit, subscription), subscription };
}

/** Of a subscription that does not exist. */
function firstOf(unit: Unit, schedule: Schedule): Next {
  const start = Math.max(secondOf(unit), schedule.phases[0]?.start_date ?? 0);
  const subscription = beginSubscription({ ...unit, now: start * secondMs }, schedule);
  return { invoice: read(unit, invoices, String(subscription.latest_invoice ?? "")), subscription };
}
