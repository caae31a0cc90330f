// An invoice is void: nobody pays it any more.
import { move } from "../../../kernel/state/machine.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { mustRead, read } from "../../../kernel/state/writes.ts";
import { planNoMore } from "../../../kernel/time/later.ts";
import { moveBalance } from "../../customer_balance_transactions/index.ts";
import { customers } from "../../customers/index.ts";
import { advancesNoMore, type Invoice, invoiceMachine, invoices } from "../invoice.ts";
import { closeAttached } from "./attached.ts";
import { closeDefault } from "./default_payment.ts";
import { sayUpdated } from "./updated.ts";

/** Nobody can pay it any more, and what it took of the customer's balance goes back. */
export function voidInvoice(unit: Unit, id: string): Invoice {
  const invoice = mustRead(unit, invoices, id);
  closeAttached(unit, id);
  closeDefault(unit, id, { cancellation_reason: "void_invoice" });
  giveBack(unit, invoice);
  planNoMore(unit, invoices, id);
  const said = unit.events.length;
  const after = move(unit, invoiceMachine, invoice, "void", "void", {
    ...advancesNoMore,
    status_transitions: { ...invoice.status_transitions, voided_at: secondOf(unit) },
  });
  sayUpdated(unit, after, invoice, said);
  return after;
}

function giveBack(unit: Unit, { id, currency, customer, ending_balance, starting_balance }: Invoice): void {
  const applied = (ending_balance ?? starting_balance) - starting_balance;
  if (applied === 0) return;
  const owner = read(unit, customers, customer); // Who was deleted has no balance any more.
  if (owner) moveBalance(unit, owner, { amount: -applied, currency, invoice: id, type: "unapplied_from_invoice" });
}
