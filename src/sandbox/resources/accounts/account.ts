// READ FIRST. The account behind a key, as a company in test mode sees its own: everything enabled, nothing asked for.
// It is read only and not stored: what it says follows from the key and from what was set elsewhere.
// https://docs.stripe.com/api/accounts

import type Stripe from "stripe";
import { starred } from "../../kernel/state/accounts.ts";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { payoutTerms } from "../balance_transactions/index.ts";
import { methodTypes, playedType } from "../payment_methods/index.ts";

export type ShownAccount = Stored<Omit<Stripe.Account, "deleted">>;

export const accounts = defineNoun<ShownAccount>({ object: "account", prefixes: ["acct"] });

/** Stripe gives company particulars and requirements of connected accounts only; of the own one it leaves them out. */
export function currentAccount(unit: Unit): ShownAccount {
  const capabilities = [...methodTypes.flatMap((type) => playedType(type)?.capability ?? []), "transfers"].sort();
  const { home } = unit.world;
  return {
    id: unit.account.id,
    object: "account",
    business_profile: businessProfile,
    business_type: "company",
    capabilities: Object.fromEntries(capabilities.map((name) => [name, "active"])),
    charges_enabled: true,
    controller: { type: "account" },
    country: home.country,
    default_currency: home.currency,
    details_submitted: true,
    email: null,
    payouts_enabled: true,
    settings: settingsOf(unit),
    type: "standard",
  };
}

function settingsOf(unit: Unit): NonNullable<ShownAccount["settings"]> {
  const { declinesOn } = unit.world;
  const decline_on = {
    avs_failure: declinesOn.includes("avs_failure"),
    cvc_failure: declinesOn.includes("cvc_failure"),
  };
  return {
    ...settings,
    card_payments: { ...settings.card_payments, decline_on },
    payouts: payoutTerms(unit) as AccountPayouts, // But for its readonly lists.
  };
}

type AccountPayouts = NonNullable<NonNullable<ShownAccount["settings"]>["payouts"]>;

/** By its own id the account finds itself; of any other Stripe does not even say whether it exists. */
export function retrieveAccount(unit: Unit, _params: Params, id: string): ShownAccount {
  if (id === unit.account.id) return currentAccount(unit);
  throw refusal(common.accountUnknown, { key: starred(unit.account.key), account: id });
}

const businessProfile: NonNullable<ShownAccount["business_profile"]> = {
  annual_revenue: null,
  estimated_worker_count: null,
  mcc: null,
  minority_owned_business_designation: null,
  name: "Sandbox",
  product_description: null,
  specified_commercial_transactions_act_url: null,
  support_address: null,
  support_email: null,
  support_phone: null,
  support_url: null,
  url: null,
};

const settings: NonNullable<ShownAccount["settings"]> = {
  branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
  card_issuing: { tos_acceptance: { date: null, ip: null } },
  card_payments: {
    decline_on: { avs_failure: false, cvc_failure: false },
    statement_descriptor_prefix: null,
    statement_descriptor_prefix_kana: null,
    statement_descriptor_prefix_kanji: null,
  },
  dashboard: { display_name: "Sandbox", timezone: "Etc/UTC" },
  invoices: { default_account_tax_ids: null, hosted_payment_method_save: "offer" },
  payments: {
    statement_descriptor: null,
    statement_descriptor_kana: null,
    statement_descriptor_kanji: null,
    statement_descriptor_prefix_kana: null,
    statement_descriptor_prefix_kanji: null,
  },
  sepa_debit_payments: {},
};
