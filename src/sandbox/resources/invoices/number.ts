// The number that an invoice gets when it is finalized, whatever becomes of it then. Each customer has a sequence of
// their own, or the account has one for all. https://docs.stripe.com/invoicing/customize#invoice-numbering
import { defineNoun, type StripeObject } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, change, mustRead, read } from "../../kernel/state/writes.ts";
import { customers } from "../customers/index.ts";
import { invoiceDefaults } from "./defaults.table.ts";
import type { Invoice } from "./invoice.ts";

/** The account's own sequence, one per account; stored when it is first used. */
interface Sequence extends StripeObject {
  readonly object: "invoice_numbering";
  readonly prefix: string;
  readonly next: number;
}

const sequences = defineNoun<Sequence>({ object: "invoice_numbering", prefixes: ["invoice_numbering"] });

export function nextNumber(unit: Unit, { customer }: Invoice): string {
  const { prefix, next } =
    unit.world.billing.numbering === "account_level" ? nextOfAccount(unit) : nextOf(unit, customer);
  return `${prefix}-${String(next).padStart(invoiceDefaults.numberDigits.value, "0")}`;
}

interface Numbered {
  readonly prefix: string;
  readonly next: number;
}

function nextOf(unit: Unit, id: string): Numbered {
  const customer = mustRead(unit, customers, id);
  const { invoice_prefix, next_invoice_sequence: next = 1 } = customer;
  change(unit, customers, customer, { next_invoice_sequence: next + 1 }, null);
  return { prefix: String(invoice_prefix), next };
}

function nextOfAccount(unit: Unit): Numbered {
  const id = sequences.object;
  const first = { id, object: sequences.object, prefix: unit.world.ids.text(8).toUpperCase(), next: 1 };
  const { prefix, next } = read(unit, sequences, id) ?? add(unit, sequences, first, null);
  change(unit, sequences, mustRead(unit, sequences, id), { next: next + 1 }, null);
  return { prefix, next };
}
