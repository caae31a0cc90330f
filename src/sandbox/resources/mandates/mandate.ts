// READ FIRST. A mandate is a payer's permission to debit one bank account, once or again and again. It ends when the
// account is detached, and when the bank says that it does not allow it any more. https://docs.stripe.com/api/mandates

import type Stripe from "stripe";
import { begin, defineMachine, move } from "../../kernel/state/machine.ts";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { among } from "../../kernel/state/writes.ts";
import { missingParameter, refusal } from "../../kernel/words/errors.ts";
import { hash, integer, text } from "../../kernel/words/params.ts";
import type { PaymentMethod } from "../payment_methods/index.ts";
import { mandateDefaults } from "./defaults.table.ts";
import { rows } from "./refusals.table.ts";

export type Mandate = Stored<Stripe.Mandate, "active" | "inactive">;

export const mandates = defineNoun<Mandate>({
  object: "mandate",
  prefixes: ["mandate"],
  indices: ["payment_method"],
  expandable: { payment_method: "payment_method" },
});

export const mandateMachine = defineMachine(mandates, (mandate) =>
  refusal(rows.mandateInactive, { mandate: mandate.id }),
)({
  create: { from: ["new"], to: { active: null } },
  end: { from: ["active"], to: { inactive: "mandate.updated" } },
});

export interface MandateDraft {
  readonly method: PaymentMethod;
  /** `mandate_data`; null when a browser has seen the payer agree. */
  readonly consent: Params | null;
  readonly referencePrefix: string;
  /** `mandate_options` of a Canadian debit. */
  readonly terms: Params;
  /** What it is good for when it is good for one payment only. */
  readonly singleUse: { readonly amount: number; readonly currency: string } | null;
}

export function createMandate(unit: Unit, draft: MandateDraft): Mandate {
  const { method, singleUse } = draft;
  const { type } = method;
  return begin(unit, mandateMachine, "create", "active", (status) => ({
    id: unit.world.ids.after("mandate_1", 23),
    object: "mandate",
    customer_acceptance: acceptanceOf(unit, draft.consent),
    livemode: false,
    ...(singleUse ? {} : { multi_use: {} }),
    payment_method: method.id,
    payment_method_details: { [type]: detailsOf(unit, draft), type } as Mandate["payment_method_details"],
    ...(singleUse ? { single_use: { ...singleUse } } : {}),
    status,
    type: singleUse ? "single_use" : "multi_use",
  }));
}

/** What the payer was told about the debits. */
function detailsOf(unit: Unit, { method, referencePrefix, terms }: MandateDraft): object {
  if (method.type === "us_bank_account") return {};
  if (method.type === "acss_debit") {
    return {
      interval_description: text(terms, "interval_description") ?? null,
      payment_schedule: text(terms, "payment_schedule") ?? "sporadic",
      transaction_type: text(terms, "transaction_type") ?? "personal",
    };
  }
  const random = unit.world.ids.text(referenceLength).toUpperCase();
  const reference = (referencePrefix + random).slice(0, Math.max(referenceLength, referencePrefix.length + 8));
  const source = unit.world.ids.text(24);
  return { reference, url: `https://hooks.stripe.com/adapter/sepa_debit/file/src_${source}/mandate` };
}

const referenceLength = mandateDefaults.referenceLength.value;

/** The newest one that may be used again. */
export function standingMandate(unit: Unit, method: string): Mandate | undefined {
  return mandatesOf(unit, method).findLast(({ status, type }) => status === "active" && type === "multi_use");
}

/** The newest one that stood and stands no more. */
export function endedMandate(unit: Unit, method: string): Mandate | undefined {
  return mandatesOf(unit, method).findLast(({ status, type }) => status === "inactive" && type === "multi_use");
}

export function endMandates(unit: Unit, method: string): void {
  for (const mandate of mandatesOf(unit, method)) {
    if (mandate.status === "active") move(unit, mandateMachine, mandate, "end", "inactive", {});
  }
}

/** Failures after which the bank takes no debit under the same mandate. https://docs.stripe.com/payments/sepa-debit */
export const failuresThatEndMandates: ReadonlySet<string> = new Set([
  "account_closed",
  "authorization_revoked",
  "bank_account_restricted",
  "debit_authorization_not_match",
  "debit_disputed",
  "debit_not_authorized",
  "invalid_account_number",
  "recipient_deceased",
]);

/** `payment_method_options[sepa_debit][mandate_options][reference_prefix]`, as it is sent and as an intent keeps it. */
export function referencePrefixOf(given: { readonly payment_method_options?: unknown }): string | undefined {
  const options = hash(hash({ ...given }, "payment_method_options") ?? {}, "sepa_debit") ?? {};
  return text(hash(options, "mandate_options") ?? {}, "reference_prefix");
}

/** `payment_method_options[acss_debit][mandate_options]`, as it is sent and as an intent keeps it. */
export function debitTermsOf(given: { readonly payment_method_options?: unknown }): Params {
  const options = hash(hash({ ...given }, "payment_method_options") ?? {}, "acss_debit") ?? {};
  return hash(options, "mandate_options") ?? {};
}

/** A Canadian payer is told when and for whom; a server has to say so. https://docs.stripe.com/payments/acss-debit */
export function checkDebitTerms({ type }: PaymentMethod, terms: Params): void {
  if (type !== "acss_debit") return;
  const schedule = text(terms, "payment_schedule");
  const isRegular = schedule === "interval" || schedule === "combined";
  for (const name of ["payment_schedule", "transaction_type", ...(isRegular ? ["interval_description"] : [])]) {
    if (!text(terms, name)) throw missingParameter(`payment_method_options[acss_debit][mandate_options][${name}]`);
  }
}

export function checkedReferencePrefix(params: Params): string | undefined {
  const prefix = referencePrefixOf(params);
  if (prefix === undefined || /^(?!STRIPE)[A-Z0-9/_\-&. ]{1,12}$/.test(prefix)) return prefix;
  throw refusal(rows.mandatePrefixInvalid, { prefix });
}

/** Refuses what is not complete: a server has to say where and with what the payer agreed. */
export function checkConsent(unit: Unit, params: Params): Params | undefined {
  const acceptance = hash(hash(params, "mandate_data") ?? {}, "customer_acceptance");
  if (!acceptance) return undefined;
  const at = "mandate_data[customer_acceptance]";
  const type = text(acceptance, "type") ?? (unit.isPublishable ? "online" : undefined);
  if (!type) throw missingParameter(`${at}[type]`);
  if (type === "offline") return { ...acceptance, type };
  const online = hash(acceptance, "online");
  // Stripe sees for itself where a browser is.
  if (unit.isPublishable) return { ...acceptance, online: { ...seenOnline, ...online }, type };
  if (!online) throw missingParameter(`${at}[online]`);
  if (!text(online, "ip_address")) throw missingParameter(`${at}[online][ip_address]`);
  if (!text(online, "user_agent")) throw missingParameter(`${at}[online][user_agent]`);
  return { ...acceptance, type };
}

function acceptanceOf(unit: Unit, consent: Params | null): Mandate["customer_acceptance"] {
  const accepted_at = (consent && integer(consent, "accepted_at")) ?? unit.created;
  if (consent?.type === "offline") return { accepted_at, offline: {}, type: "offline" };
  const online = { ...seenOnline, ...(consent ? hash(consent, "online") : {}) };
  const { ip_address, user_agent } = online;
  return { accepted_at, online: { ip_address, user_agent }, type: "online" };
}

const seenOnline = { ip_address: "127.0.0.1", user_agent: "Mozilla/5.0" };

function mandatesOf(unit: Unit, method: string): Mandate[] {
  return among(unit, mandates, "payment_method", method);
}
