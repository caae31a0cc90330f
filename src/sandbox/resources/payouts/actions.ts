// What happens to a payout: made by hand or by schedule, sent, arrived, failed, canceled, reversed.
import { emit } from "../../kernel/state/emit.ts";
import { assertMay, begin, move } from "../../kernel/state/machine.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { answered, orRefused, type Refused } from "../../kernel/state/tried.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { change, mustRead, read } from "../../kernel/state/writes.ts";
import { inWorld, laterAt } from "../../kernel/time/later.ts";
import { dueAt, laterBy } from "../../kernel/time/settlement.ts";
import { checkedCurrency } from "../../kernel/words/amounts.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { missingParameter, noSuch, refusal } from "../../kernel/words/errors.ts";
import { refuseFraction, wholePart } from "../../kernel/words/fractions.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { moneyText } from "../../kernel/words/money_text.ts";
import { integer, text } from "../../kernel/words/params.ts";
import { shortDescriptor } from "../../kernel/words/texts.ts";
import { availableIn, type BalanceTransaction, bookMovement, markPaid } from "../balance_transactions/index.ts";
import { payoutDefaults } from "./defaults.table.ts";
import { failingDestinations } from "./destinations.table.ts";
import { type Payout, payoutMachine, payouts } from "./payout.ts";
import { rows } from "./refusals.table.ts";
import { payoutWaits } from "./waits.table.ts";

export interface PayoutDraft {
  readonly amount: number;
  readonly currency: string;
  readonly description: string | null;
  readonly destination?: string;
  readonly isAutomatic: boolean;
  readonly isInstant: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly originalPayout?: string;
  readonly statementDescriptor: string | null;
}

export function createPayout(unit: Unit, params: Params): Payout {
  const currency = checkedCurrency(params);
  const amount = integer(params, "amount");
  if (amount === undefined) throw missingParameter("amount");
  const draft: PayoutDraft = {
    amount,
    currency,
    description: text(params, "description") ?? null,
    destination: text(params, "destination") ?? ownBank(unit),
    isAutomatic: false,
    isInstant: text(params, "method") === "instant",
    metadata: mergeMetadata({}, params.metadata),
    statementDescriptor: shortDescriptor(params) ?? null,
  };
  return answered(payOut(unit, draft)).payout;
}

export type PayingOut = { readonly outcome: "sent"; readonly payout: Payout } | Refused;

/**
 * The door of everybody who pays out: a caller, and the schedule. A refusal is a value and leaves nothing.
 * `const { outcome } = payOut(tick, { amount: 4_840, currency: "eur", … })`.
 */
export function payOut(unit: Unit, draft: PayoutDraft): PayingOut {
  return orRefused(unit, () => {
    const { amount, currency, destination = ownBank(unit) } = draft;
    if (amount < 1) throw refusal(common.belowMinimum, { limit: 1 }, { param: "amount" });
    refuseFraction(amount, currency, "amount");
    if (payable(amount, currency) !== amount) throw refusal(rows.payoutNotWhole, { currency: currency.toUpperCase() });
    if (destination !== ownBank(unit) && !(destination in failingDestinations)) {
      throw noSuch({ label: "external account" }, destination, { inPath: false, param: "destination" });
    }
    if (draft.isInstant) refuseLargeInstant(amount, currency);
    if (amount > availableIn(unit, currency)) throw refusal(rows.balanceInsufficient);
    return { outcome: "sent", payout: sendPayout(unit, draft) };
  });
}

const instantAmountMax: Readonly<Record<string, number>> = payoutDefaults.instantAmountMax.value;

function refuseLargeInstant(amount: number, currency: string): void {
  const limit = instantAmountMax[currency] ?? Infinity;
  if (amount > limit) throw refusal(rows.payoutTooLargeForInstant, { limit: moneyText(limit, currency) });
}

export function updatePayout(unit: Unit, params: Params, id: string): Payout {
  const payout = mustRead(unit, payouts, id, "payout");
  const metadata = { ...mergeMetadata(payout.metadata ?? {}, params.metadata) };
  return change(unit, payouts, payout, { metadata }, "payout.updated");
}

export function cancelPayout(unit: Unit, _params: Params, id: string): Payout {
  const payout = mustRead(unit, payouts, id, "payout");
  assertMay(payoutMachine, payout, "cancel");
  if (payout.automatic) throw refusal(rows.payoutAutomatic);
  return cancel(unit, payout);
}

function cancel(unit: Unit, payout: Payout): Payout {
  assertMay(payoutMachine, payout, "cancel");
  const back = giveBack(unit, payout, "payout_cancel");
  return move(unit, payoutMachine, payout, "cancel", "canceled", { failure_balance_transaction: back.id });
}

const reversalWindowMs = payoutDefaults.reversalWindowMs.value;

/** Debits the bank account; Stripe does so for connected accounts, the sandbox for everyone. */
export function reversePayout(unit: Unit, params: Params, id: string): Payout {
  const payout = mustRead(unit, payouts, id, "payout");
  assertMay(payoutMachine, payout, "reverse");
  if (payout.reversed_by !== null) throw refusal(rows.payoutReversed, { id, reversal: payout.reversed_by });
  if (payout.amount < 0 || payout.method === "instant") throw refusal(rows.payoutIrreversible, { id });
  const isTooOld = inWorld(unit).now > payout.arrival_date * 1000 + reversalWindowMs;
  if (isTooOld) throw refusal(rows.payoutReversalTooLate, { id });
  const reversal = sendPayout(unit, {
    amount: -payout.amount,
    currency: payout.currency,
    description: null,
    ...(payout.destination ? { destination: payout.destination } : {}),
    isAutomatic: false,
    isInstant: false,
    metadata: mergeMetadata({}, params.metadata),
    originalPayout: id,
    statementDescriptor: null,
  });
  const same = payout.status === "paid" ? "paid" : "in_transit";
  move(unit, payoutMachine, payout, "reverse", same, { reversed_by: reversal.id });
  return reversal;
}

/** Charged with decimals, paid out without. https://docs.stripe.com/currencies#special-cases */
const paidOutWhole: readonly string[] = ["huf", "twd"];

/** What of an amount the currency's banks can be paid. */
export function payable(amount: number, currency: string): number {
  return paidOutWhole.includes(currency) ? amount - (amount % 100) : wholePart(amount, currency);
}

/** Takes the money out of the balance and puts the way of the payout on the agenda. */
function sendPayout(unit: Unit, draft: PayoutDraft): Payout {
  const names = draft.isInstant ? instant : standard;
  const id = unit.world.ids.after("po_1", 23);
  const movement = bookMovement(unit, {
    amount: -draft.amount,
    fee: 0,
    currency: draft.currency,
    description: draft.description ?? "STRIPE PAYOUT",
    source: id,
    type: "payout",
    available: draft.amount > 0 ? "at once" : "as usual",
  });
  const arrivalDate = Math.floor(arrivalOf(unit, names) / 1000);
  const payout = begin(unit, payoutMachine, "create", "pending", (status) =>
    shapeOf(unit, draft, { id, status, movement: movement.id, arrivalDate }),
  );
  if (draft.isAutomatic) markPaid(unit, movement, id);
  laterBy(unit, names.leaves, sendOff, id);
  return payout;
}

const standard = { leaves: payoutWaits.payoutLeaves, arrives: payoutWaits.payoutArrives };
const instant = { leaves: payoutWaits.instantPayoutLeaves, arrives: payoutWaits.instantPayoutArrives };

function arrivalOf(unit: Unit, names: typeof standard | typeof instant): number {
  return dueAt(unit, names.arrives, dueAt(unit, names.leaves));
}

export function sendOff(unit: Unit, id: string): void {
  const payout = read(unit, payouts, id);
  if (payout?.status !== "pending") return;
  move(unit, payoutMachine, payout, "send", "in_transit", {});
  const arrives = dueAt(unit, payout.method === "instant" ? instant.arrives : standard.arrives);
  const returns = failureOf(payout) ? dueAt(unit, payoutWaits.payoutReturns) : undefined;
  if (returns === undefined || arrives < returns) laterAt(inWorld(unit), arrives, arrive, id);
  if (returns !== undefined) laterAt(inWorld(unit), returns, failPayout, id);
}

export function arrive(unit: Unit, id: string): void {
  const payout = read(unit, payouts, id);
  if (payout?.status !== "in_transit") return;
  const reconciliation = payout.automatic ? "completed" : payout.reconciliation_status;
  const paid = move(unit, payoutMachine, payout, "arrive", "paid", {
    reconciliation_status: reconciliation,
    trace_id: { status: "supported", value: unit.world.ids.text(15) },
  });
  if (payout.automatic) emit(unit, "payout.reconciliation_completed", paid);
}

/** The bank sends the money back, and with it goes a reversal that has not been handed in yet. */
export function failPayout(unit: Unit, id: string): void {
  const payout = read(unit, payouts, id);
  const failure = payout && failureOf(payout);
  if (!failure || (payout.status !== "in_transit" && payout.status !== "paid")) return;
  const back = giveBack(unit, payout, "payout_failure");
  move(unit, payoutMachine, payout, "fail", "failed", {
    failure_balance_transaction: back.id,
    failure_code: failure.code,
    failure_message: failure.message,
  });
  const reversal = payout.reversed_by === null ? undefined : read(unit, payouts, payout.reversed_by);
  if (reversal?.status === "pending") cancel(unit, reversal);
}

/** The amount goes back to where it came from, at once. */
function giveBack(unit: Unit, payout: Payout, type: "payout_cancel" | "payout_failure"): BalanceTransaction {
  return bookMovement(unit, {
    amount: payout.amount,
    fee: 0,
    currency: payout.currency,
    description: payout.description ?? "STRIPE PAYOUT",
    source: payout.id,
    type,
    available: "at once",
  });
}

function failureOf({ amount, destination }: Payout) {
  return amount > 0 ? failingDestinations[destination ?? ""] : undefined;
}

function ownBank(unit: Unit): string {
  return unit.account.id.replace(/^acct_/, "ba_");
}

interface Placed {
  readonly id: string;
  readonly status: Payout["status"];
  readonly movement: string;
  readonly arrivalDate: number;
}

function shapeOf(unit: Unit, draft: PayoutDraft, placed: Placed): Payout {
  return {
    id: placed.id,
    object: "payout",
    amount: draft.amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: placed.arrivalDate,
    automatic: draft.isAutomatic,
    balance_transaction: placed.movement,
    created: unit.created,
    currency: draft.currency,
    description: draft.description,
    destination: draft.destination ?? ownBank(unit),
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: { ...draft.metadata },
    method: draft.isInstant ? "instant" : "standard",
    original_payout: draft.originalPayout ?? null,
    payout_method: null,
    reconciliation_status: draft.isAutomatic ? "in_progress" : "not_applicable",
    reversed_by: null,
    source_type: "card",
    statement_descriptor: draft.statementDescriptor,
    status: placed.status,
    trace_id: { status: "pending", value: null },
    type: "bank_account",
  };
}
