// `payment_method_details`: what the bank tells about the attempt, by the type of the method.
import type Stripe from "stripe";
import type { Unit } from "../../kernel/state/unit.ts";
import { dueAt } from "../../kernel/time/settlement.ts";
import type { PaymentMethod } from "../payment_methods/index.ts";
import { chargeWaits } from "./waits.table.ts";

/** The account behind a redirect, when it may be debited later. */
export interface Generated {
  readonly method: PaymentMethod;
  readonly mandate: string;
}

type Details = NonNullable<Stripe.Charge["payment_method_details"]>;

export function bankDetails(
  unit: Unit,
  method: PaymentMethod,
  more: { mandate: string | null; generated: Generated | null },
): Details {
  const { type } = method;
  switch (type) {
    case "sepa_debit": {
      const { generated_from: _from, ...account } = method.sepa_debit ?? emptyAccount;
      const expected_debit_date = new Date(dueAt(unit, chargeWaits.debitTaken)).toISOString().slice(0, 10);
      return { sepa_debit: { ...account, expected_debit_date, mandate: more.mandate }, type };
    }
    case "ideal":
      return {
        ideal: {
          bank: method.ideal?.bank ?? "ing",
          bic: method.ideal?.bic ?? "INGBNL2A",
          ...generatedFields(more.generated),
          iban_last4: more.generated?.method.sepa_debit?.last4 ?? null,
          transaction_id: unit.world.ids.text(16),
          verified_name: method.billing_details.name ?? "Jenny Rosen",
        },
        type,
      } as Details;
    default:
      return {
        bancontact: {
          bank_code: "VAPE",
          bank_name: "VAN DE PUT & CO",
          bic: "VAPEBE22",
          ...generatedFields(more.generated),
          iban_last4: more.generated?.method.sepa_debit?.last4 ?? "7061",
          preferred_language: "en",
          verified_name: method.billing_details.name ?? "Jenny Rosen",
        },
        type,
      };
  }
}

function generatedFields(generated: Generated | null) {
  return {
    generated_sepa_debit: generated?.method.id ?? null,
    generated_sepa_debit_mandate: generated?.mandate ?? null,
  };
}

const emptyAccount = {
  bank_code: null,
  branch_code: null,
  country: null,
  fingerprint: null,
  generated_from: null,
  last4: null,
} as const;
