// What is due of a total once the customer's balance has had its say. A balance below zero is what the customer has to
// their credit, above zero what they owe; the next invoice takes it whole.
// https://docs.stripe.com/billing/customer/balance

export interface Settling {
  readonly total: number;
  readonly startingBalance: number;
  /** The least that can be charged in the currency. */
  readonly minimum: number;
}

export interface Settled {
  readonly amountDue: number;
  readonly endingBalance: number;
  /** The movements of the balance, in their order; their sum is the difference of the two balances. */
  readonly movements: readonly Movement[];
}

export interface Movement {
  readonly type: "applied_to_invoice" | "invoice_too_small";
  readonly amount: number;
  readonly endingBalance: number;
}

/**
 * A total below zero is credited. What would be due and cannot be charged waits in the balance: a total of 1 makes
 * nothing due and a balance of 1, and the next invoice begins with it (recorded).
 */
export function settle({ total, startingBalance, minimum }: Settling): Settled {
  const sum = total + startingBalance;
  const applied = Math.min(sum, 0);
  const isTooSmall = sum > 0 && sum < minimum;
  const endingBalance = isTooSmall ? sum : applied;
  const movements: Movement[] = [
    { type: "applied_to_invoice", amount: applied - startingBalance, endingBalance: applied },
    { type: "invoice_too_small", amount: endingBalance - applied, endingBalance },
  ];
  return {
    amountDue: isTooSmall ? 0 : sum - applied,
    endingBalance,
    movements: movements.filter(({ amount }) => amount !== 0),
  };
}
