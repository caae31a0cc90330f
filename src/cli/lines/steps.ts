// What becomes of orders, invoices and subscriptions, one line per step: when, what happened, to which, how much, and
// who did it.
import { formatMoney, type Money } from "#kit/money.ts";
import type { FactType } from "../../billing/api/index.ts";
import { type Entry, localTime } from "./all.ts";
import { inColumns, row, shortIds } from "./fit.ts";

const wordWidth = 10;
const orderWidth = 14; // "order_1004" with room for longer ones, of which the middle is left out
const amountWidth = 12;

/** What an entry of the log says of a step; of `who`, as much as fits. */
interface Step {
  readonly word: string;
  readonly color: "green" | "yellow" | "red";
  readonly who: (entry: Entry) => string;
}

const customer = ({ customerId }: Entry) => (customerId ? String(customerId) : "a guest");
const feature = (entry: Entry) => `${customer(entry)}, ${entry.feature}: ${entry.reason}`;
const nobody = () => "";
const good = (word: string, who: Step["who"]): Step => ({ word, color: "green", who });
const waiting = (word: string, who: Step["who"]): Step => ({ word, color: "yellow", who });
const bad = (word: string, who: Step["who"]): Step => ({ word, color: "red", who });

/** By the name of the log event, or the type of the fact; null for what another step says already. */
const steps: Readonly<Record<FactType | "order.created" | "shop.packed", Step | null>> = {
  "order.created": good("ordered", customer),
  "order.action_required": waiting("must act", (entry) => `${customer(entry)}, at the bank`),
  "order.processing": waiting("waits", () => "the bank takes a while"),
  "order.authorized": waiting("held", () => "the bank, until captured"),
  "order.incremented": waiting("held more", () => "the bank, until captured"),
  "order.captured": good("captured", customer),
  "order.released": waiting("let go", () => "the rest is held no more"),
  "order.paid": good("paid", customer),
  "order.failed": bad("refused", ({ declineCode, code }) => `the bank: ${declineCode ?? code}`),
  "order.charge_failed": bad("not charged", ({ reason, declineCode, code }) => String(declineCode ?? code ?? reason)),
  "order.mispaid": bad("mispaid", ({ expected }) => `${formatMoney(expected as Money)} expected`),
  "order.paid_after_cancel": bad("paid late", () => "canceled before: goes back"),
  "order.canceled": bad("canceled", ({ reason }) => String(reason ?? "")),
  "order.refunded": null, // The refund says it.
  "refund.succeeded": good("refunded", ({ refundId }) => `refund ${refundId}`),
  "refund.failed": bad("no refund", ({ refundId, reason }) => `refund ${refundId}: ${reason ?? "canceled"}`),
  "method.added": good("new method", customer),
  "method.removed": waiting("method off", customer),
  "method.default_changed": good("default", (entry) => `${customer(entry)}: ${entry.methodId ?? "none"}`),
  "method.expiring": waiting("expiring", (entry) => `${customer(entry)}, ${entry.expMonth}/${entry.expYear}`),
  "shop.packed": good("packed", () => "the shop"),
  "customer.tax_id_verified": good("verified", ({ customerId, type }) => `${type} of ${customerId}`),
  "customer.tax_id_unverified": bad("unverified", ({ customerId, type }) => `${type} of ${customerId}`),
  "invoice.finalized": waiting("invoiced", customer),
  "invoice.paid": good("paid", customer),
  "invoice.failed": bad("refused", ({ failure }) => `the bank: ${refusalOf(failure)}`),
  "invoice.action_required": waiting("must act", (entry) => `${customer(entry)}, at the bank`),
  "invoice.voided": bad("voided", nobody),
  "invoice.written_off": bad("written off", customer),
  "invoice.credited": good("credited", customer),
  "invoice.credit_voided": bad("uncredited", customer),
  "invoice.not_made": bad("not made", ({ declineCode, code, reason }) => String(declineCode ?? code ?? reason)),
  "invoice.not_done": bad("not done", ({ wish, declineCode, code, reason }) =>
    [wish, declineCode ?? code ?? reason].join(": "),
  ),
  "invoice.overdue": bad("overdue", customer),
  "subscription.action_required": waiting("to be paid", customer),
  "subscription.start_failed": bad("not subscribed", ({ reason }) => String(reason)),
  "subscription.started": good("subscribed", customer),
  "subscription.activated": good("active", customer),
  "subscription.changed": good("changed", customer),
  "subscription.change_pending": waiting("to be paid", (entry) => `${customer(entry)}: a change of plan`),
  "subscription.change_applied": null, // That it was changed says it.
  "subscription.change_expired": bad("not changed", (entry) => `${customer(entry)} did not pay`),
  "subscription.change_replaced": null, // The change that took its place says it.
  "subscription.change_scheduled": waiting("will change", ({ changesAt }) => String(changesAt)),
  "subscription.change_withdrawn": good("stays", customer),
  "subscription.change_failed": bad("not changed", ({ reason, declineCode, code }) =>
    String(declineCode ?? code ?? reason),
  ),
  "subscription.change_reverted": bad("put back", (entry) => `${customer(entry)} did not pay`),
  "subscription.change_differs": bad("differs", ({ invoiceId }) => `${invoiceId} from its preview`),
  "subscription.past_due": bad("past due", customer),
  "subscription.recovered": good("recovered", customer),
  "subscription.wish_failed": bad("not done", ({ wish, wishId }) => `${wish} ${wishId}`),
  "subscription.paused": waiting("paused", customer),
  "subscription.resumed": good("resumed", customer),
  "subscription.cancel_scheduled": waiting("will end", ({ cancelAt }) => String(cancelAt)),
  "subscription.cancel_withdrawn": good("goes on", customer),
  "subscription.ended": bad("ended", ({ reason }) => String(reason ?? "")),
  "access.granted": good("may use", feature),
  "access.changed": waiting("access", feature),
  "access.revoked": bad("no more", feature),
  "trial.ending": waiting("trial ends", ({ trialEnd }) => String(trialEnd)),
};

function refusalOf(failure: unknown): string {
  const { declineCode, code } = (failure ?? { code: "nothing to pay with" }) as { declineCode?: string; code: string };
  return declineCode ?? code;
}

/** The line of an entry that is a step, at most so wide; undefined for every other. */
export function stepLine(entry: Entry, width: number): string | undefined {
  const name = String(entry.event === "fact" ? entry.type : entry.event);
  const step = Object.hasOwn(steps, name) ? steps[name as keyof typeof steps] : undefined;
  if (!step) return undefined;
  const amount = entry.amount ? formatMoney(entry.amount as Money) : "";
  const columns = [
    { text: localTime(entry) },
    { text: step.word.padEnd(wordWidth), color: step.color },
    { text: inColumns(String(entry.orderId ?? entry.number ?? entry.subscriptionId ?? ""), orderWidth) },
    { text: amount.padStart(amountWidth) },
    { text: shortIds(step.who(entry)) },
  ];
  return row(columns, width);
}
