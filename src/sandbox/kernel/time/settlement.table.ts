// HOW LONG BANKS TAKE, as data and in this one place. Every row has two waits. `test`: as in Stripe's test mode, where
// days are seconds; the default. `real`: as money really moves, for whoever wants to see `processing` for days on a
// clock that is moved. Asked for by `createSandbox({ settlement: "real" })` or `bursar sandbox --settlement real`.

/** From now on: some milliseconds; or until the n-th midnight UTC; or until midnight UTC of the n-th banking day. */
export type Wait = { readonly ms: number } | { readonly midnights: number } | { readonly bankingDays: number };

/**
 * `docs`: in Stripe's documentation. `seen`: in logs of real accounts. `ours`: Stripe names a range or nothing at all,
 * and this is our pick.
 */
type Source = "docs" | "ours" | "seen";

export interface SettlementRow {
  /** What is waited for, as the reference names it. */
  readonly what: string;
  readonly test: Wait;
  readonly real: Wait;
  readonly source: { readonly test: Source; readonly real: Source };
}

type Sourced = readonly [wait: Wait, source: Source];

/** What is waited for, how long it takes in test mode, and how long it really takes. */
function row(what: string, [test, testSource]: Sourced, [real, realSource]: Sourced): SettlementRow {
  return { what, test, real, source: { test: testSource, real: realSource } };
}

const seconds = (count: number): Wait => ({ ms: count * 1_000 });
const minutes = (count: number): Wait => ({ ms: count * 60_000 });
const days = (count: number): Wait => ({ ms: count * 86_400_000 });
const midnights = (count: number): Wait => ({ midnights: count });
const bankingDays = (count: number): Wait => ({ bankingDays: count });
const atOnce: Wait = { ms: 0 };

export const settlementTable = {
  // SEPA debits. https://docs.stripe.com/payments/sepa-debit: funds after six banking days, a refusal within five; and
  // https://support.stripe.com/questions/sepa-direct-debit-payments: up to fourteen in bad cases. In test mode the
  // accounts called "delayed" answer after three minutes at least, the others "quickly".
  debitTaken: row(
    "a SEPA debit is taken from the account (expected_debit_date)",
    [atOnce, "ours"],
    [bankingDays(2), "ours"],
  ),
  debitPaid: row("a SEPA debit is paid", [seconds(2), "ours"], [bankingDays(6), "docs"]),
  debitRefused: row("a SEPA debit is refused", [seconds(2), "ours"], [bankingDays(5), "docs"]),
  delayedDebitPaid: row("a SEPA debit of a delayed account is paid", [minutes(3), "docs"], [bankingDays(14), "docs"]),
  delayedDebitRefused: row(
    "a SEPA debit of a delayed account is refused",
    [minutes(3), "docs"],
    [bankingDays(14), "docs"],
  ),
  /** Without a reason within eight weeks; this is their middle. */
  debitDisputed: row("a paid SEPA debit is disputed by its payer", [atOnce, "docs"], [days(28), "ours"]),

  // The balance transaction of an asynchronous capture follows the charge: within an hour at the latest, says
  // https://docs.stripe.com/payments/payment-intents/asynchronous-capture; after two or three seconds, say logs.
  captureBooked: row("the balance transaction of an asynchronous capture", [seconds(2), "seen"], [seconds(2), "seen"]),

  /** Until money of a charge is available, where `delay_days_override` does not say. An American account's. */
  moneyMatures: row("money of a charge becomes available", [midnights(7), "seen"], [bankingDays(2), "docs"]),

  // Refunds. https://docs.stripe.com/refunds
  /** To a bank account, "three to four business days". */
  bankRefundArrives: row("a refund to a bank account succeeds", [minutes(1), "ours"], [bankingDays(4), "docs"]),
  /** Of the card whose refunds stay pending. */
  pendingRefundArrives: row("a pending refund to a card succeeds", [minutes(1), "ours"], [bankingDays(5), "ours"]),
  /** Of the card whose refunds fail late: up to thirty days. */
  refundFails: row("a refund fails that had succeeded", [minutes(1), "ours"], [days(30), "docs"]),

  // Disputes of cards. https://docs.stripe.com/disputes/how-disputes-work
  fraudWarned: row("an early fraud warning", [atOnce, "docs"], [days(1), "ours"]),
  /** Within 120 days. */
  cardDisputed: row("a card payment is disputed", [atOnce, "docs"], [days(14), "ours"]),
  /** Stripe names seven to twenty-one days, by the network. */
  answerDue: row("evidence is due", [midnights(9), "ours"], [midnights(21), "docs"]),
  /** After that day has passed without an answer: until then Stripe passes on what comes late, and says `past_due`. */
  answerMissed: row("an unanswered dispute is lost, from that day on", [days(1), "ours"], [days(1), "ours"]),
  /** An inquiry that nobody takes further ends after 120 days. */
  inquiryLapses: row("an unanswered inquiry is closed", [midnights(10), "ours"], [days(120), "ours"]),
  /** The words of https://docs.stripe.com/testing#disputes decide soon; banks take 60 to 75 days. */
  wordsDecide: row(
    "evidence with the words of Stripe's testing page decides",
    [minutes(1), "ours"],
    [days(60), "docs"],
  ),
  bankDecides: row("other evidence decides", [days(60), "ours"], [days(60), "docs"]),

  // Payouts. https://docs.stripe.com/payouts
  payoutLeaves: row("a payout leaves", [midnights(1), "ours"], [bankingDays(1), "ours"]),
  payoutArrives: row("a payout arrives, from then on", [days(1), "ours"], [bankingDays(1), "docs"]),
  instantPayoutLeaves: row("an instant payout leaves", [minutes(1), "ours"], [minutes(1), "ours"]),
  /** "Typically within 30 minutes". */
  instantPayoutArrives: row("an instant payout arrives, from then on", [minutes(29), "docs"], [minutes(29), "docs"]),
  /** A bank that does not know the account sends the money back, maybe after the payout was called paid. */
  payoutReturns: row("a payout that fails comes back, from then on", [days(1), "ours"], [bankingDays(5), "docs"]),
} as const satisfies Readonly<Record<string, SettlementRow>>;

export type SettlementName = keyof typeof settlementTable;
