// A renewal is announced some days before, with the invoice that it would be. The account chooses how many days; what
// is not collected, ends first, or is renewed more often than that is not announced.
// https://docs.stripe.com/billing/subscriptions/webhooks
import { dayMs, secondMs } from "#kit/clock.ts";
import { emitShown, thisMoment } from "../../../kernel/state/emit.ts";
import { imagined } from "../../../kernel/state/tried.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { read } from "../../../kernel/state/writes.ts";
import { besideOf, composed, objectOf, oneOrSeveral, type Shown, several } from "../../../kernel/store/shown.ts";
import { laterAt } from "../../../kernel/time/later.ts";
import type { Invoice } from "../../invoices/index.ts";
import type { LineItem } from "../../line_items/index.ts";
import { memoryOf, type Subscription, subscriptions } from "../subscription.ts";
import { nextBill } from "./turn.ts";

/** The instant of it lies ahead, or it has been announced already. */
export function fileUpcoming(unit: Unit, _before: Subscription, subscription: Subscription): void {
  const at = announcedAt(unit, subscription);
  if (at > unit.now) laterAt(unit, at, sayUpcoming, subscription.id);
}

function announcedAt(unit: Unit, subscription: Subscription): number {
  return memoryOf(subscription).periodEnd * secondMs - unit.world.billing.upcomingDays * dayMs;
}

export function sayUpcoming(unit: Unit, id: string): void {
  const subscription = read(unit, subscriptions, id);
  if (!subscription || announcedAt(unit, subscription) > unit.now || !isAnnounced(subscription)) return;
  const after = imagined(unit, () => {
    const bill = nextBill(unit, subscription);
    return bill && shownUnnamed(unit, bill);
  });
  if (after) emitShown(unit, "invoice.upcoming", { after });
}

function isAnnounced(subscription: Subscription): boolean {
  const { cancel_at: end, pause_collection: pause, status } = subscription;
  const isRunning = status === "active" || status === "trialing" || status === "past_due";
  return isRunning && pause === null && (end === null || end > memoryOf(subscription).periodEnd);
}

/** Nobody can ask for it, so it has no id, and its lines have one of their own kind (declared). */
function shownUnnamed(unit: Unit, bill: Invoice): Shown {
  const beside = besideOf(thisMoment(unit, bill));
  const object: Unnamed = { ...bill, id: undefined, billing_reason: "upcoming" };
  if (!beside?.lines) return composed(object, beside);
  const { shown, total } = several(beside.lines);
  return composed(object, { ...beside, lines: oneOrSeveral(shown.map(unnamedLine), total) });
}

function unnamedLine(shown: Shown): Shown {
  const line = objectOf(shown) as LineItem;
  const unnamed: LineItem = { ...line, id: line.id.replace("il_", "il_tmp_"), invoice: null };
  return composed(unnamed, besideOf(shown));
}

type Unnamed = Omit<Invoice, "id"> & { readonly id: undefined };
