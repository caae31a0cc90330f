// What an invoice does by itself when `auto_advance` is on: after its hour as a draft it is finalized, then paid or
// sent. The hour counts from when whoever listens has heard of the draft; nobody is waited for longer than three days.
// https://docs.stripe.com/invoicing/integration/automatic-advancement-collection
import { emit } from "../../../kernel/state/emit.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import { tried } from "../../../kernel/state/tried.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { change, read } from "../../../kernel/state/writes.ts";
import { inTimeOf, laterAt } from "../../../kernel/time/later.ts";
import { refusal, StripeError } from "../../../kernel/words/errors.ts";
import { boolean, integer } from "../../../kernel/words/params.ts";
import { type Event, isHeard, subjectOf } from "../../events/index.ts";
import { invoiceDefaults } from "../defaults.table.ts";
import { finalize } from "../finalize.ts";
import { type Invoice, invoices, memoryOf } from "../invoice.ts";
import { rows } from "../refusals.table.ts";
import { methodOf, payWith, sayUnpaid } from "./pay.ts";
import { nothingToPayWith } from "./retries.ts";
import type { Attempted } from "./settled.ts";

type Advance = Pick<Invoice, "auto_advance" | "automatically_finalizes_at" | "next_payment_attempt">;

const { collectedAfterMs, draftSeconds, finalizesAheadMsMax, heldMsMax, listenedMs } = invoiceDefaults;

/** Switched off and on again, the hour still counts from the beginning (recorded). */
export function advanceBy(unit: Unit, params: Params, invoice: Invoice): Advance {
  const sent = integer(params, "automatically_finalizes_at");
  const isOn = boolean(params, "auto_advance") ?? (sent !== undefined || invoice.auto_advance === true);
  const off = { automatically_finalizes_at: null, next_payment_attempt: null };
  if (!isOn) return { auto_advance: false, ...off };
  const { next_payment_attempt } = invoice;
  if (invoice.status !== "draft") return { auto_advance: true, automatically_finalizes_at: null, next_payment_attempt };
  if (sent !== undefined && (sent * 1000 < unit.now || sent * 1000 > unit.now + finalizesAheadMsMax.value)) {
    throw refusal(rows.finalizesTooLate);
  }
  const at = sent ?? invoice.automatically_finalizes_at ?? invoice.created + draftSeconds.value;
  const isCharged = invoice.collection_method === "charge_automatically";
  return { auto_advance: true, automatically_finalizes_at: at, next_payment_attempt: isCharged ? at - 1 : null };
}

export function fileFinalization(unit: Unit, { id, automatically_finalizes_at: at }: Invoice): void {
  if (at !== null) laterAt(unit, at * 1000, finalizeByItself, id);
}

/** Who was told of it with a 2xx has an hour from then on: of the test clock's, where it hangs on one. */
export function startHour(delivery: Unit, _before: Event, event: Event): void {
  if (event.type !== "invoice.created" || !isHeard(event)) return;
  const invoice = read(delivery, invoices, subjectOf(event));
  if (!invoice || invoice.webhooks_delivered_at !== null) return;
  const unit = inTimeOf(delivery, invoice);
  const heard = change(unit, invoices, invoice, { webhooks_delivered_at: secondOf(unit) }, null);
  if (heard.automatically_finalizes_at !== null) laterAt(unit, hourEnds(heard), finalizeByItself, heard.id);
}

/** Not heard of by everybody, it waits for three days. */
function hourEnds({ automatically_finalizes_at: planned, created, webhooks_delivered_at: heard }: Invoice): number {
  const last = created * 1000 + heldMsMax.value;
  const earliest = heard === null ? last : Math.min(heard * 1000 + listenedMs.value, last);
  return Math.max(Number(planned) * 1000, earliest);
}

export function finalizeByItself(unit: Unit, id: string): void {
  const invoice = read(unit, invoices, id);
  if (invoice?.status !== "draft" || invoice.automatically_finalizes_at === null) return;
  const at = hourEnds(invoice);
  if (unit.now < at) laterAt(unit, at, finalizeByItself, id);
  else finalizeNow(unit, invoice);
}

function finalizeNow(unit: Unit, invoice: Invoice): void {
  const done = tried(unit, () => finalize(unit, invoice));
  if (done instanceof StripeError) {
    const last_finalization_error = done.fields as Invoice["last_finalization_error"];
    change(unit, invoices, invoice, { last_finalization_error }, "invoice.finalization_failed");
  } else if (done.status === "open") {
    if (done.collection_method === "send_invoice") emit(unit, "invoice.sent", done);
    else collectByItself(unit, done.id);
  }
}

/** What was finalized by hand is charged an hour later (documented). */
export function fileCollection(unit: Unit, { id, collection_method }: Invoice): void {
  if (collection_method === "charge_automatically")
    laterAt(unit, unit.now + collectedAfterMs.value, collectByItself, id);
}

export function collectByItself(unit: Unit, id: string): void {
  const invoice = read(unit, invoices, id);
  if (invoice?.status !== "open" || !invoice.auto_advance || invoice.attempted) return;
  collect(unit, invoice);
}

function collect(unit: Unit, invoice: Invoice): void {
  const done = payWith(unit, invoice, {});
  // A decline has been said by its intent.
  const isSaid = done.outcome !== "refused" || done.error.keep;
  if (!isSaid) sayUnpaid(unit, invoice, { attempt: oneMore(invoice), failure: nothingToPayWith });
}

function oneMore({ attempt_count: count }: Invoice): Attempted {
  return { attempted: true, attempt_count: count + 1 };
}

/** It has failed: that it is tried again is planned. */
export function fileRetry(unit: Unit, _before: Invoice, { id, next_payment_attempt: at }: Invoice): void {
  if (at !== null) laterAt(unit, at * 1000, retryByItself, id);
}

/** A method that was declined for good is not tried again; that it was time to is counted all the same (documented). */
export function retryByItself(unit: Unit, id: string): void {
  const invoice = read(unit, invoices, id);
  const at = invoice?.next_payment_attempt ?? null;
  if (invoice?.status !== "open" || !invoice.auto_advance || at === null || unit.now < at * 1000) return;
  const failure = memoryOf(invoice).failure ?? nothingToPayWith;
  const method = methodOf(unit, invoice);
  const isTried = method !== undefined && !(failure.isHard && method === failure.method);
  if (isTried) collect(unit, invoice);
  else sayUnpaid(unit, invoice, { attempt: oneMore(invoice), failure });
}
