// The types of payment methods that the sandbox plays, and what distinguishes them. `home` stands for the currency of the
// account's own country; limits are those of accounts in the United States.
// https://docs.stripe.com/payments/payment-methods/payment-method-support

import { type Default, usual } from "../../kernel/words/defaults.ts";

export interface MethodType {
  /** As the payer reads it. */
  readonly name: string;
  /** Who says whether it is paid: a card's bank at once, the payer on another page, or the payer's bank days later. */
  readonly decidedBy: "card" | "page" | "bank";
  /** Null where any will do; `home` is the account's own. */
  readonly currencies: readonly string[] | null;
  /** Of the accounts that can have it, where not all can. */
  readonly countries?: readonly string[];
  /** By currency, in its smallest unit: outside of it the type is not offered. */
  readonly limits?: Readonly<Record<string, { readonly min: number; readonly max: number }>>;
  /** `capture_method=manual`. */
  readonly mayBeHeld: boolean;
  /** `allow_redirects=never` takes it off. */
  readonly isRedirect: boolean;
  /** What is saved with a customer: the method itself, a bank account that it leaves behind, or nothing. */
  readonly saves: "itself" | "sepa_debit" | null;
  /** Whether an account offers it that nobody has set up. */
  readonly isUsual: boolean;
  /** Its capability, where an account has one. */
  readonly capability?: string;
}

const page = { decidedBy: "page", isRedirect: true, saves: null, isUsual: false } as const;
const bank = { decidedBy: "bank", mayBeHeld: false, isRedirect: false, saves: "itself", isUsual: false } as const;

function type(value: MethodType): Default<MethodType> {
  return usual(`what is paid by ${value.name}`, value, "documented");
}

/** In the order in which an intent lists them: seen in answers of 2025 and 2026. */
export const methodTypeTable = {
  card: type({
    name: "Card",
    decidedBy: "card",
    currencies: null,
    mayBeHeld: true,
    isRedirect: false,
    saves: "itself",
    isUsual: true,
    capability: "card_payments",
  }),
  // https://docs.stripe.com/payments/acss-debit
  acss_debit: type({
    ...bank,
    name: "Pre-authorized debit",
    currencies: ["cad", "usd"],
    countries: ["CA", "US"],
    capability: "acss_debit_payments",
  }),
  // https://docs.stripe.com/payments/afterpay-clearpay
  afterpay_clearpay: type({
    ...page,
    name: "Afterpay",
    currencies: ["home"],
    countries: ["AU", "CA", "GB", "NZ", "US"],
    limits: { usd: { min: 1_00, max: 4_000_00 } },
    mayBeHeld: true,
    capability: "afterpay_clearpay_payments",
  }),
  // https://docs.stripe.com/payments/alipay
  alipay: type({ ...page, name: "Alipay", currencies: ["cny", "home"], mayBeHeld: false }),
  bancontact: type({
    ...page,
    name: "Bancontact",
    currencies: ["eur"],
    mayBeHeld: false,
    saves: "sepa_debit",
    isUsual: true,
    capability: "bancontact_payments",
  }),
  ideal: type({
    ...page,
    name: "iDEAL",
    currencies: ["eur"],
    mayBeHeld: false,
    saves: "sepa_debit",
    isUsual: true,
    capability: "ideal_payments",
  }),
  // https://docs.stripe.com/payments/klarna
  klarna: type({ ...page, name: "Klarna", currencies: ["home"], mayBeHeld: true, capability: "klarna_payments" }),
  // Offered where redirects are not: its payers are known by their e-mail address. https://docs.stripe.com/payments/link
  link: type({
    ...page,
    name: "Link",
    currencies: null,
    mayBeHeld: true,
    isRedirect: false,
    saves: "itself",
    capability: "link_payments",
  }),
  sepa_debit: type({
    ...bank,
    name: "SEPA Debit",
    currencies: ["eur"],
    isUsual: true,
    capability: "sepa_debit_payments",
  }),
  // https://docs.stripe.com/payments/ach-direct-debit
  us_bank_account: type({
    ...bank,
    name: "US bank account",
    currencies: ["usd"],
    countries: ["US"],
    capability: "us_bank_account_ach_payments",
  }),
  // Its payers scan a code and never leave the page. https://docs.stripe.com/payments/wechat-pay
  wechat_pay: type({ ...page, name: "WeChat Pay", currencies: ["cny", "home"], mayBeHeld: false, isRedirect: false }),
};

export type PlayedType = keyof typeof methodTypeTable;
