import { dayMs, minuteMs } from "#kit/clock.ts";
import { checkedCurrency } from "../../kernel/amounts.ts";
import { refusal } from "../../kernel/errors.ts";
import { assertMay, begin, move } from "../../kernel/machine.ts";
import { mergeMetadata } from "../../kernel/metadata.ts";
import { integer, text } from "../../kernel/params.ts";
import type { Params } from "../../kernel/resource.ts";
import { change, emit, later, mustRead, read, type Unit } from "../../kernel/unit.ts";
import {
  availableIn,
  type BalanceTransaction,
  balanceCurrencies,
  bookMovement,
  isLastOfDay,
  markPaid,
  unpaid,
} from "../balance_transactions/index.ts";
import { type Payout, payoutMachine, payouts } from "./payout.ts";
import { payoutInterval } from "./settings.ts";

/** A standard payout leaves the next midnight and arrives a day later; an instant one takes minutes. */
const instantMs = { leaves: minuteMs, arrives: 30 * minuteMs };

interface Draft {
  readonly amount: number;
  readonly currency: string;
  readonly description: string | null;
  readonly isAutomatic: boolean;
  readonly isInstant: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly statementDescriptor: string | null;
}

export function createPayout(unit: Unit, params: Params): Payout {
  const currency = checkedCurrency(params);
  const amount = integer(params, "amount") ?? 0;
  if (amount < 1) throw refusal("belowMinimum", { limit: 1 }, { param: "amount" });
  if (amount > availableIn(unit, currency)) throw refusal("balanceInsufficient");
  return send(unit, {
    amount,
    currency,
    description: text(params, "description") ?? null,
    isAutomatic: false,
    isInstant: text(params, "method") === "instant",
    metadata: mergeMetadata({}, params.metadata),
    statementDescriptor: text(params, "statement_descriptor") ?? null,
  });
}

export function updatePayout(unit: Unit, params: Params, id: string): Payout {
  const payout = mustRead(unit, payouts, id, "payout");
  const metadata = { ...mergeMetadata(payout.metadata ?? {}, params.metadata) };
  return change(unit, payouts, payout, { metadata }, "payout.updated");
}

/** The money is back at once. */
export function cancelPayout(unit: Unit, _params: Params, id: string): Payout {
  const payout = mustRead(unit, payouts, id, "payout");
  if (payout.automatic) throw refusal("payoutNotCancelable", { id, status: payout.status });
  assertMay(payoutMachine, payout, "cancel");
  const back = bookMovement(unit, {
    amount: payout.amount,
    fee: 0,
    currency: payout.currency,
    description: "STRIPE PAYOUT",
    source: payout.id,
    type: "payout_cancel",
    isAtOnce: true,
  });
  return move(unit, payoutMachine, payout, "cancel", "canceled", { failure_balance_transaction: back.id });
}

/** Once all that was due has become available, the schedule takes it. */
export function payOutDaily(unit: Unit, matured: BalanceTransaction): void {
  if (!isLastOfDay(unit, matured) || payoutInterval(unit) !== "daily") return;
  later(unit, 0, payOutDue);
}

export function payOutDue(unit: Unit): void {
  for (const currency of balanceCurrencies(unit)) payOutAll(unit, currency);
}

function payOutAll(unit: Unit, currency: string): void {
  const carried = unpaid(unit, currency);
  const amount = carried.reduce((sum, transaction) => sum + transaction.net, 0);
  if (amount < 1) return;
  const payout = send(unit, {
    amount,
    currency,
    description: "STRIPE PAYOUT",
    isAutomatic: true,
    isInstant: false,
    metadata: {},
    statementDescriptor: null,
  });
  for (const transaction of carried) markPaid(unit, transaction, payout.id);
}

function send(unit: Unit, draft: Draft): Payout {
  const now = unit.world.clock.now();
  const midnight = (Math.floor(now / dayMs) + 1) * dayMs;
  const leaves = draft.isInstant ? now + instantMs.leaves : midnight;
  const arrives = draft.isInstant ? now + instantMs.arrives : midnight + dayMs;
  const id = `po_1${unit.world.ids.text(23)}`;
  const movement = bookMovement(unit, {
    amount: -draft.amount,
    fee: 0,
    currency: draft.currency,
    description: draft.description ?? "STRIPE PAYOUT",
    source: id,
    type: "payout",
    isAtOnce: true,
  });
  const payout = begin(unit, payoutMachine, "create", "pending", (status) =>
    shapeOf(unit, draft, { id, status, movement: movement.id, arrivalDate: Math.floor(arrives / 1000) }),
  );
  if (draft.isAutomatic) markPaid(unit, movement, id);
  later(unit, leaves - now, sendOff, id, arrives);
  return payout;
}

export function sendOff(unit: Unit, id: string, arrives: number): void {
  const payout = read(unit, payouts, id);
  if (payout?.status !== "pending") return;
  move(unit, payoutMachine, payout, "send", "in_transit", {});
  later(unit, arrives - unit.world.clock.now(), arrive, id);
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

interface Placed {
  readonly id: string;
  readonly status: Payout["status"];
  readonly movement: string;
  readonly arrivalDate: number;
}

function shapeOf(unit: Unit, draft: Draft, placed: Placed): Payout {
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
    destination: unit.account.id.replace(/^acct_/, "ba_"),
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: { ...draft.metadata },
    method: draft.isInstant ? "instant" : "standard",
    original_payout: null,
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
