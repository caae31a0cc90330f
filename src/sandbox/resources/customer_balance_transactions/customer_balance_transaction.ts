// READ FIRST. A customer's balance is the sum of these: below zero it is their credit, above zero what they owe. Each
// movement is final; only its description and metadata may change. https://docs.stripe.com/billing/customer/balance
import type Stripe from "stripe";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { add, change } from "../../kernel/state/writes.ts";
import { balanceIn, type Customer, customers, withBalance } from "../customers/index.ts";

export type CustomerBalanceTransaction = Stored<Stripe.CustomerBalanceTransaction>;

export const customerBalanceTransactions = defineNoun<CustomerBalanceTransaction>({
  object: "customer_balance_transaction",
  prefixes: ["cbtxn"],
  indices: ["customer", "invoice"],
  expandable: { checkout_session: null, credit_note: "credit_note", customer: "customer", invoice: null },
});

export interface Movement {
  /** Below zero credits the customer. */
  readonly amount: number;
  readonly currency: string;
  readonly type: CustomerBalanceTransaction["type"];
  readonly creditNote?: string | null;
  readonly description?: string | null;
  readonly invoice?: string | null;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The one way in which a balance changes. The first currency that a customer is billed in is theirs. */
export function moveBalance(unit: Unit, before: Customer, movement: Movement): CustomerBalanceTransaction {
  const { amount, currency } = movement;
  const changes = withBalance(before, currency, balanceIn(before, currency) + amount);
  return record(unit, change(unit, customers, before, changes, "customer.updated"), movement);
}

/** Writes down what the balance has become already. */
export function record(unit: Unit, customer: Customer, movement: Movement): CustomerBalanceTransaction {
  const { amount, currency, type, creditNote = null, description = null, invoice = null, metadata = {} } = movement;
  const transaction: CustomerBalanceTransaction = {
    id: unit.world.ids.after("cbtxn_1", 23),
    object: "customer_balance_transaction",
    amount,
    checkout_session: null,
    created: secondOf(unit),
    credit_note: creditNote,
    currency,
    customer: customer.id,
    customer_account: null,
    description,
    ending_balance: balanceIn(customer, currency),
    invoice,
    livemode: false,
    metadata: { ...metadata },
    type,
  };
  return add(unit, customerBalanceTransactions, transaction, null);
}
