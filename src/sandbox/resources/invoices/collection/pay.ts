// An invoice is paid with a method: because somebody asks for it, or by itself. What became of the payment is heard
// from its intent, whoever confirmed that: here, or the payer with Stripe.js.
import { emit } from "../../../kernel/state/emit.ts";
import { assertMay } from "../../../kernel/state/machine.ts";
import { signal } from "../../../kernel/state/reactions.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import { orRefused, type Refused } from "../../../kernel/state/tried.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { change, mustRead, read, readById } from "../../../kernel/state/writes.ts";
import { inTimeOf } from "../../../kernel/time/later.ts";
import { common } from "../../../kernel/words/errors.table.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { boolean, given, text } from "../../../kernel/words/params.ts";
import { type Customer, customers } from "../../customers/index.ts";
import { type InvoicePayment, paymentWith } from "../../invoice_payments/index.ts";
import { type Payment, type PaymentIntent, payIntent, paymentIntents } from "../../payment_intents/index.ts";
import {
  cardOf,
  materialise,
  memoryOf as methodMemory,
  needsPayer,
  type PaymentMethod,
} from "../../payment_methods/index.ts";
import { finalize } from "../finalize.ts";
import { type Failure, type Invoice, invoiceMachine, invoices, remembering, subscriptionOf } from "../invoice.ts";
import { rows } from "../refusals.table.ts";
import { spend } from "./attached.ts";
import { openDefault } from "./default_payment.ts";
import { failureOf, isExhausted, nextTry } from "./retries.ts";
import { type Attempted, markPaidOutOfBand, takePayment } from "./settled.ts";
import { sayUpdated } from "./updated.ts";

/** A draft is finalized first, and both is one moment (recorded). */
export function payInvoice(unit: Unit, params: Params, id: string): Invoice {
  const before = mustRead(unit, invoices, id);
  const invoice = before.status === "draft" ? finalize(unit, before) : before;
  if (invoice !== before && invoice.status === "paid") return invoice;
  assertMay(invoiceMachine, invoice, "pay");
  if (boolean(params, "paid_out_of_band")) return markPaidOutOfBand(unit, invoice);
  const done = payWith(unit, invoice, params);
  if (done.outcome === "refused") throw done.error;
  if (done.outcome === "action_required")
    throw refusal(rows.actionRequired, {}, { keep: true, payment_intent: done.intent });
  return mustRead(unit, invoices, id);
}

/** The door of everybody who wants an open invoice to be paid. What it came to stands on the invoice afterwards. */
export function payWith(unit: Unit, invoice: Invoice, params: Params): Payment | Refused {
  return orRefused(unit, () => {
    const payment = openPaymentOf(unit, invoice);
    const intent = mustRead(unit, paymentIntents, payment.payment.payment_intent);
    const method = methodFor(unit, invoice, params);
    // Who has to be asked is asked, although nobody may be there: the payer finds the question with the invoice.
    const offSession = (boolean(params, "off_session") ?? true) && !mustAsk(method);
    const asked = given({ mandate: text(params, "mandate") });
    return payIntent(unit, intent, { ...asked, payment_method: method.id, off_session: offSession });
  });
}

function mustAsk(method: PaymentMethod): boolean {
  return method.type === "card" && needsPayer(cardOf(method), methodMemory(method).isSetUp);
}

/** Every invoice that asks for something has one until it is paid or voided. */
function openPaymentOf(unit: Unit, { id, status }: Invoice): InvoicePayment {
  const payment = openDefault(unit, id);
  if (!payment) throw refusal(common.moveImpossible, { action: "pay", id, status });
  return payment;
}

/**
 * What it would be paid with: nothing of a customer who was deleted.
 * https://docs.stripe.com/billing/payment-methods/setting#payment-method-priority
 */
export function methodOf(unit: Unit, invoice: Invoice): string | undefined {
  const customer = read(unit, customers, invoice.customer);
  return customer && firstMethod(invoice, subscriptionAt(unit, invoice), customer);
}

function methodFor(unit: Unit, invoice: Invoice, params: Params): PaymentMethod {
  const sent = text(params, "payment_method") ?? text(params, "source");
  const id = sent ?? methodOf(unit, invoice);
  if (id === undefined) throw refusal(rows.methodMissing);
  const param = sent !== undefined && text(params, "payment_method") === undefined ? "source" : "payment_method";
  return materialise(unit, id, { inPath: false, param });
}

/** Whatever names methods of its own. */
type Payer = Pick<Invoice, "default_payment_method" | "default_source">;

/** The first that is named by what is billed, what it is billed for, and who is billed. */
export function firstMethod(invoice: Payer | null, subscription: Payer | null, customer: Customer) {
  const { default_source, invoice_settings } = customer;
  const own = { default_payment_method: invoice_settings.default_payment_method, default_source };
  return namedBy(invoice) ?? namedBy(subscription) ?? namedBy(own);
}

type Naming = { readonly [field in keyof Payer]: unknown };

function namedBy(payer: Naming | null): string | undefined {
  if (typeof payer?.default_payment_method === "string") return payer.default_payment_method;
  return typeof payer?.default_source === "string" ? payer.default_source : undefined;
}

/** It stands above invoices, so it is found by its id. */
function subscriptionAt(unit: Unit, invoice: Invoice): Payer | null {
  const id = subscriptionOf(invoice);
  return id === null ? null : ((readById(unit, id) as Payer | undefined) ?? null); // A subscription has both.
}

/**
 * Somebody, or nobody, has tried to pay with the intent of an open invoice. The first attempt of any kind counts, later
 * ones only when nobody asked for them (documented); a question to the payer counts for a caller as no attempt yet
 * (recorded).
 */
export function followAttempt(unit: Unit, _before: PaymentIntent, intent: PaymentIntent): void {
  const isCounted = (count: number) => unit.request === null || (count === 0 && intent.status !== "requires_action");
  follow(unit, intent, ({ attempt_count: count }) => (isCounted(count) ? count + 1 : count));
}

/** What was tried has ended, one way or the other. */
export function followEnd(unit: Unit, _before: PaymentIntent, intent: PaymentIntent): void {
  follow(unit, intent, ({ attempt_count: count }) => count);
}

function follow(payer: Unit, intent: PaymentIntent, count: (invoice: Invoice) => number): void {
  const payment = paymentWith(payer, intent.id);
  if (payment?.is_default) followDefault(payer, payment, { intent, count });
  else if (intent.status === "succeeded") spend(payer, intent); // What else becomes of it says nothing of invoices.
}

interface Tried {
  readonly intent: PaymentIntent;
  /** How often it has been tried, by now. */
  readonly count: (invoice: Invoice) => number;
}

function followDefault(payer: Unit, payment: InvoicePayment, { intent, count }: Tried): void {
  const invoice = payment.status === "open" ? read(payer, invoices, payment.invoice) : undefined;
  if (!invoice) return;
  const unit = inTimeOf(payer, invoice);
  const attempt = { attempted: true, attempt_count: count(invoice) };
  if (intent.status === "succeeded") takePayment(unit, invoice, { payment, amount: intent.amount_received, attempt });
  else if (intent.status === "processing") waitForBank(unit, invoice, attempt);
  else if (intent.status === "requires_action" || intent.last_payment_error)
    sayUnpaid(unit, invoice, {
      attempt,
      failure: failureOf(unit, intent),
      isAsking: intent.status === "requires_action",
    });
}

function waitForBank(unit: Unit, invoice: Invoice, attempt: Attempted): void {
  sayUpdated(unit, change(unit, invoices, invoice, { ...attempt, next_payment_attempt: null }, null), invoice);
}

interface Unpaid {
  readonly attempt: Attempted;
  readonly failure: Failure;
  /** Its payer has been asked something. */
  readonly isAsking?: boolean;
}

/** `invoice.payment_failed` comes after what it failed by, `invoice.updated` last (recorded). */
export function sayUnpaid(unit: Unit, invoice: Invoice, { attempt, failure, isAsking = false }: Unpaid): void {
  const { next_payment_attempt: planned } = invoice;
  // What somebody tries in between changes nothing about what is planned.
  const isKept = planned !== null && attempt.attempt_count === invoice.attempt_count;
  const next = isKept ? planned : nextTry(unit, { ...invoice, ...attempt }, failure);
  const changes = { ...attempt, next_payment_attempt: next, ...remembering(invoice, { failure }) };
  const after = change(unit, invoices, invoice, changes, null);
  if (isAsking) emit(unit, "invoice.payment_action_required", after);
  emit(unit, "invoice.payment_failed", after);
  const isChanged = invoice.attempted !== after.attempted || invoice.attempt_count !== after.attempt_count;
  if (isChanged || next !== planned) sayUpdated(unit, after, invoice);
  signal(unit, invoices, "fail", invoice, after);
  if (isExhausted(unit, after, failure)) signal(unit, invoices, "exhaust", invoice, after);
}
