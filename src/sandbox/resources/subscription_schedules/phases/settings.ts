// What a phase says, or a schedule of all of its phases, of how its subscription is collected and described.
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { given, hash, integer, text, textOrNull } from "../../../kernel/words/params.ts";
import { refuseUnplayed, type Unplayed } from "../../../kernel/words/unplayed.ts";
import { automaticTax, defaultMethod, printedFields } from "../../invoices/index.ts";
import { thresholdsOf } from "../../subscriptions/index.ts";
import type { DefaultSettings } from "../schedule.ts";
import type { Phase, PhaseInvoiceSettings } from "./phase.ts";

const unplayed: Unplayed = [
  ["application_fee_percent", "Connect"],
  ["on_behalf_of", "Connect"],
  ["transfer_data", "Connect"],
];

function refuseUnplayedSettings(sent: Params): void {
  refuseUnplayed(sent, unplayed);
  const settings = hash(sent, "invoice_settings") ?? {};
  const isOfAccount = text(hash(settings, "issuer") ?? {}, "type") === "account";
  refuseUnplayed({ issuer: isOfAccount ? settings.issuer : null }, [["issuer", "Connect"]]);
}

export const blankSettings: DefaultSettings = {
  application_fee_percent: null,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null },
  billing_cycle_anchor: "automatic",
  billing_thresholds: null,
  collection_method: "charge_automatically",
  default_payment_method: null,
  default_source: null,
  description: null,
  invoice_settings: {
    account_tax_ids: null,
    custom_fields: null,
    days_until_due: null,
    description: null,
    footer: null,
    issuer: { type: "self" },
  },
  on_behalf_of: null,
  transfer_data: null,
};

/** What was sent over what was there. */
export function settingsOf(unit: Unit, params: Params, before: DefaultSettings, customer: string): DefaultSettings {
  const sent = hash(params, "default_settings");
  if (!sent) return before;
  refuseUnplayedSettings(sent);
  const settings = hash(sent, "invoice_settings");
  return {
    ...before,
    ...given({
      automatic_tax: automaticTax(sent),
      billing_cycle_anchor: text(sent, "billing_cycle_anchor"),
      billing_thresholds: thresholdsOf(sent, before.billing_thresholds, "default_settings"),
      collection_method: text(sent, "collection_method"),
      default_payment_method: defaultMethod(unit, sent, customer),
      description: textOrNull(sent, "description"),
      invoice_settings: settings && {
        ...before.invoice_settings,
        ...settings,
        ...printedFields(unit, settings, "default_settings[invoice_settings]"),
      },
    }),
  };
}

type Settings = Pick<
  Phase,
  | ("application_fee_percent" | "automatic_tax" | "billing_cycle_anchor" | "billing_thresholds" | "collection_method")
  | ("default_payment_method" | "description" | "invoice_settings" | "on_behalf_of" | "transfer_data")
>;

interface OfPhase {
  /** `phases[0]` */
  readonly at: string;
  readonly customer: string;
}

/** Null where it says nothing: then that of the schedule counts. */
export function phaseSettings(unit: Unit, sent: Params, { at, customer }: OfPhase): Settings {
  refuseUnplayedSettings(sent);
  const settings = hash(sent, "invoice_settings");
  return {
    application_fee_percent: null,
    ...given({ automatic_tax: automaticTax(sent) }),
    billing_cycle_anchor: text(sent, "billing_cycle_anchor") ?? null,
    billing_thresholds: thresholdsOf(sent, null, at) ?? null,
    collection_method: text(sent, "collection_method") ?? null,
    default_payment_method: defaultMethod(unit, sent, customer) ?? null,
    description: text(sent, "description") ?? null,
    invoice_settings: settings ? invoiceSettings(unit, settings, `${at}[invoice_settings]`) : null,
    on_behalf_of: null,
    transfer_data: null,
  };
}

function invoiceSettings(unit: Unit, sent: Params, at: string): PhaseInvoiceSettings {
  return {
    account_tax_ids: null,
    custom_fields: null,
    days_until_due: integer(sent, "days_until_due") ?? null,
    description: text(sent, "description") ?? null,
    footer: text(sent, "footer") ?? null,
    issuer: hash(sent, "issuer") ? { type: "self" } : null,
    ...printedFields(unit, sent, at),
  };
}
