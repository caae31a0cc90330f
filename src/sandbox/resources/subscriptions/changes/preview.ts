// What a change would be billed, or what is billed next: the change is carried out, the invoice is shown as the draft
// that it would be, and nothing of it is kept. So a preview is the later invoice, since nothing else reckons it.
// https://docs.stripe.com/api/invoices/create_preview
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { mustReadParam, read } from "../../../kernel/state/writes.ts";
import { notPlayed, refusal } from "../../../kernel/words/errors.ts";
import { boolean, given, hash, integer, text } from "../../../kernel/words/params.ts";
import { draftBill, type Invoice, invoices } from "../../invoices/index.ts";
import type { BillNow } from "../billing/first.ts";
import { createdBy } from "../create.ts";
import { cancelSubscription } from "../life/cancel.ts";
import { nextBill } from "../life/turn.ts";
import { rows } from "../refusals.table.ts";
import { type Subscription, subscriptions } from "../subscription.ts";
import { updatedBy } from "../update.ts";
import { isChanging } from "./change.ts";

export function createPreview(unit: Unit, params: Params): Invoice {
  refuseUnplayed(params);
  const id = text(params, "subscription");
  const details = hash(params, "subscription_details") ?? {};
  if (id === undefined && text(params, "customer") === undefined) throw refusal(rows.previewOfNobody);
  const known = id === undefined ? undefined : mustReadParam(unit, subscriptions, id, "subscription");
  const invoice = known ? afterChange(unit, known, details) : ofNew(unit, params, details);
  if (invoice) return invoice;
  throw refusal(rows.nothingUpcoming, { customer: known?.customer ?? text(params, "customer") ?? "" });
}

const unplayed: readonly (readonly [param: string, what: string])[] = [
  ["customer_account", "customers as accounts"],
  ["customer_details", "previews for whoever is not a customer yet"],
  ["discounts", "discounts on previews"],
  ["invoice_items", "previews of invoice items"],
  ["on_behalf_of", "Connect"],
  ["schedule", "subscription schedules"],
  ["schedule_details", "subscription schedules"],
];

const unplayedDetails: readonly (readonly [param: string, what: string])[] = [
  ["billing_schedules", "billing schedules"],
  ["pause", "pausing subscriptions"],
  ["resume_at", "previews of subscriptions that are resumed"],
  ["start_date", "subscriptions that began in the past"],
];

function refuseUnplayed(params: Params): void {
  refuseAny(params, unplayed);
  refuseAny(hash(params, "subscription_details") ?? {}, unplayedDetails);
  if (boolean(hash(params, "automatic_tax") ?? {}, "enabled")) throw notPlayed("Stripe Tax", "automatic_tax");
  if (text(params, "preview_mode") === "recurring") throw notPlayed("previews of what recurs", "preview_mode");
}

function refuseAny(params: Params, list: typeof unplayed): void {
  const asked = list.find(([param]) => params[param] !== undefined && params[param] !== null);
  if (asked) throw notPlayed(asked[1], asked[0]);
}

/** Of what would be collected in the moment of the change the draft is enough. */
const draftOnly: BillNow = (unit, _subscription, bill) => ({ latest_invoice: draftBill(unit, bill).id, isPaid: true });

/** What the change is billed at once, else what its subscription is billed next. */
function afterChange(unit: Unit, before: Subscription, details: Params): Invoice | undefined {
  if (boolean(details, "cancel_now")) return newInvoice(unit, before, canceled(unit, before, details));
  const changed = updatedBy(unit, details, before.id, draftOnly);
  const invoice = newInvoice(unit, before, changed) ?? nextBill(unit, changed);
  const isProrated = isChanging(details) && text(details, "proration_behavior") !== "none";
  return invoice && isProrated ? dated(invoice, integer(details, "proration_date") ?? secondOf(unit)) : invoice;
}

/** A preview of prorations says from which second on they are (declared). */
function dated(invoice: Invoice, subscription_proration_date: number): Invoice {
  const { parent } = invoice;
  const details = parent?.subscription_details;
  if (!parent || !details) return invoice;
  return { ...invoice, parent: { ...parent, subscription_details: { ...details, subscription_proration_date } } };
}

function canceled(unit: Unit, { id }: Subscription, details: Params): Subscription {
  const prorate = text(details, "proration_behavior") !== "none";
  return cancelSubscription(unit, { invoice_now: true, prorate }, id);
}

function newInvoice(unit: Unit, { latest_invoice: known }: Subscription, { latest_invoice: id }: Subscription) {
  return id === null || id === known ? undefined : read(unit, invoices, id);
}

/** The first invoice of a subscription that does not exist. */
function ofNew(unit: Unit, params: Params, details: Params): Invoice | undefined {
  if (details.items === undefined) throw refusal(rows.previewOfNothing);
  const { customer, currency } = params;
  const { billing_cycle_anchor: anchor, ...rest } = details;
  const billing_cycle_anchor = integer(hash({ anchor }, "anchor") ?? {}, "timestamp");
  const { latest_invoice: id } = createdBy(
    unit,
    { ...rest, ...given({ billing_cycle_anchor, customer, currency }) },
    draftOnly,
  );
  return id === null ? undefined : read(unit, invoices, id);
}

/** Its id, and those of its lines, say that they are no more than previews (documented). */
export function shownAsPreview(answer: object): object {
  const { id, lines } = answer as { readonly id: string; readonly lines: { readonly data: readonly { id: string }[] } };
  const named = lines.data.reduce(
    (text, line) => text.replaceAll(line.id, line.id.replace("il_", "il_tmp_")),
    JSON.stringify(answer).replaceAll(id, `upcoming_${id}`),
  );
  return { ...JSON.parse(named), billing_reason: "upcoming" };
}
