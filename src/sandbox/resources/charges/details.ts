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

export function bankDetails(unit: Unit, method: PaymentMethod, more: More): Details {
  const { type } = method;
  return { [type]: blockOf(unit, method, more), type } as Details; // Its schema is checked in every test.
}

interface More {
  readonly mandate: string | null;
  readonly generated: Generated | null;
}

function blockOf(unit: Unit, method: PaymentMethod, more: More): object {
  const reference = () => unit.world.ids.text(16);
  switch (method.type) {
    case "sepa_debit": {
      const { generated_from: _from, ...account } = method.sepa_debit ?? emptyAccount;
      return { ...account, expected_debit_date: takenOn(unit), mandate: more.mandate };
    }
    case "acss_debit":
      return { ...method.acss_debit, mandate: more.mandate };
    case "us_bank_account": {
      const {
        financial_connections_account: _link,
        networks: _nets,
        status_details: _no,
        ...account
      } = method.us_bank_account ?? {};
      return { ...account, mandate: more.mandate, payment_reference: null };
    }
    case "afterpay_clearpay":
      return { order_id: reference(), reference: null };
    case "alipay":
      return { buyer_id: reference(), fingerprint: reference(), transaction_id: reference() };
    case "klarna":
      return { payer_details: null, payment_method_category: "pay_later", preferred_locale: "en-US" };
    case "link":
      return { country: "US" };
    case "wechat_pay":
      return { fingerprint: reference(), transaction_id: reference() };
    case "ideal":
      return idealBlock(unit, method, more.generated);
    default:
      return bancontactBlock(method, more.generated);
  }
}

function takenOn(unit: Unit): string {
  return new Date(dueAt(unit, chargeWaits.debitTaken)).toISOString().slice(0, 10);
}

function idealBlock(unit: Unit, method: PaymentMethod, generated: Generated | null): object {
  return {
    bank: method.ideal?.bank ?? "ing",
    bic: method.ideal?.bic ?? "INGBNL2A",
    ...generatedFields(generated),
    iban_last4: generated?.method.sepa_debit?.last4 ?? null,
    transaction_id: unit.world.ids.text(16),
    verified_name: method.billing_details.name ?? "Jenny Rosen",
  };
}

function bancontactBlock(method: PaymentMethod, generated: Generated | null): object {
  return {
    bank_code: "VAPE",
    bank_name: "VAN DE PUT & CO",
    bic: "VAPEBE22",
    ...generatedFields(generated),
    iban_last4: generated?.method.sepa_debit?.last4 ?? "7061",
    preferred_language: "en",
    verified_name: method.billing_details.name ?? "Jenny Rosen",
  };
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
