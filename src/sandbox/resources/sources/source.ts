// READ FIRST. A source is what came between tokens and payment methods: a card, or an account for SEPA debits. Stripe
// has closed all other kinds to new use long ago. https://docs.stripe.com/api/sources

import type Stripe from "stripe";
import { emit } from "../../kernel/state/emit.ts";
import { begin, defineMachine, move } from "../../kernel/state/machine.ts";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, change, mustRead, read } from "../../kernel/state/writes.ts";
import { missingParameter, noSuch, notPlayed, refusal } from "../../kernel/words/errors.ts";
import { refuseFractions } from "../../kernel/words/fractions.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { hash, text } from "../../kernel/words/params.ts";
import { shortDescriptor } from "../../kernel/words/texts.ts";
import { type BankAccount, bankAccounts, createBankAccount, isBankAccountSent } from "../bank_accounts/index.ts";
import { type Card, cardFromNumber, cards, methodFromNumber, renamed } from "../cards/index.ts";
import {
  addressOf,
  attach,
  billingDetailsOf,
  debitShape,
  detach,
  methodRefusals,
  type PaymentMethod,
  paymentMethods,
  sentIban,
} from "../payment_methods/index.ts";
import { bankAccountOfToken, cardOfToken } from "../tokens/index.ts";
import { rows } from "./refusals.table.ts";

type Status = "canceled" | "chargeable" | "consumed" | "failed" | "pending";

export type Source = Stored<Stripe.Source, Status>;

export const sources = defineNoun<Source>({ object: "source", prefixes: ["src"], indices: ["customer"] });

export const sourceMachine = defineMachine(sources, () => refusal(rows.sourceUnchargeable))({
  create: { from: ["new"], to: { chargeable: "source.chargeable" } },
  /** One that is on no customer pays once. */
  spend: { from: ["chargeable"], to: { consumed: null } },
  detach: { from: ["chargeable"], to: { consumed: null } },
});

export function createSource(unit: Unit, params: Params): Source {
  const type = text(params, "type") ?? (text(params, "token") ? "card" : undefined);
  if (type === undefined) throw missingParameter("type");
  if (type === "sepa_debit") return debitSource(unit, params);
  if (type !== "card") throw notPlayed(`sources of type ${type}`, "type");
  const token = text(params, "token");
  const number = hash(params, "card");
  if (!token && !number) throw missingParameter("card");
  const method = renamed(unit, token ? methodOfToken(unit, token) : methodFromNumber(unit, number ?? {}), "src");
  return begin(unit, sourceMachine, "create", "chargeable", (status) => cardShape(unit, params, method, status));
}

/** An account that may be debited: old clients told of its mandate by its reference. */
function debitSource(unit: Unit, params: Params): Source {
  const currency = text(params, "currency") ?? "eur";
  if (currency !== "eur")
    throw refusal(methodRefusals.methodTypeCurrency, { currency, currencies: "eur", type: "sepa_debit" });
  const iban = sentIban(params, "sepa_debit");
  const owner = hash(params, "owner");
  if (!owner || !text(owner, "name")) throw missingParameter("owner[name]");
  const draft = { iban, billingDetails: billingDetailsOf(owner), metadata: {}, allowRedisplay: "unspecified" };
  const method = renamed(unit, add(unit, paymentMethods, debitShape(unit, draft), null), "src");
  return begin(unit, sourceMachine, "create", "chargeable", (status) => {
    const shape = shapeOf(unit, { ...params, currency }, method, status);
    const { generated_from: _from, ...account } = method.sepa_debit ?? {};
    const mandate_url = `https://hooks.stripe.com/adapter/sepa_debit/file/${shape.id}/${shape.client_secret}`;
    const mandate_reference = unit.world.ids.text(16).toUpperCase();
    return { ...shape, sepa_debit: { ...account, mandate_reference, mandate_url } };
  });
}

export function updateSource(unit: Unit, params: Params, id: string): Source {
  const source = mustRead(unit, sources, id, "source");
  refuseFractions(params, source.currency ?? undefined);
  const owner = hash(params, "owner");
  return change(
    unit,
    sources,
    source,
    {
      metadata: { ...mergeMetadata(source.metadata ?? {}, params.metadata) },
      owner: owner ? ownerOf(owner, source.owner) : source.owner,
    },
    "customer.source.updated",
  );
}

export function adoptSource(unit: Unit, source: Source, customer: string): Source {
  attach(unit, { customer }, source.id);
  const adopted = change(unit, sources, source, { customer }, null);
  emit(unit, "customer.source.created", adopted);
  return adopted;
}

/** Off its customer a source is used up; it stays readable. */
export function detachSource(unit: Unit, source: Source): Source {
  const method = read(unit, paymentMethods, source.id);
  const detached = move(unit, sourceMachine, source, "detach", "consumed", { customer: undefined });
  emit(unit, "customer.source.deleted", detached);
  if (method?.customer) detach(unit, {}, method.id);
  return detached;
}

/** What clients before PaymentMethods keep on a customer. */
export type AnySource = BankAccount | Card | Source;

/** What `source` says in a parameter: a token, something stored, or the card or bank account itself. */
export function sentSource(unit: Unit, sent: unknown, param = "source"): AnySource {
  if (isBankAccountSent(sent)) return createBankAccount(unit, sent, param);
  if (typeof sent === "object" && sent !== null) return cardFromNumber(unit, sent as Params); // Forms hold hashes only.
  const id = String(sent);
  if (id.startsWith("tok_")) return cardOfToken(unit, id, param);
  if (id.startsWith("btok_")) return bankAccountOfToken(unit, id, param);
  const found = read(unit, cards, id) ?? read(unit, sources, id) ?? read(unit, bankAccounts, id);
  if (!found) throw noSuch({ label: "source" }, id, { inPath: false, param });
  return found;
}

/** A payment was made with it. */
export function spendSource(unit: Unit, source: Card | Source): void {
  if (source.object !== "source" || source.customer) return;
  move(unit, sourceMachine, source as Source, "spend", "consumed", {});
}

function methodOfToken(unit: Unit, token: string): PaymentMethod {
  return mustRead(unit, paymentMethods, cardOfToken(unit, token, "token").id);
}

function cardShape(unit: Unit, params: Params, method: PaymentMethod, status: Status): Source {
  const { card } = method;
  return {
    ...shapeOf(unit, params, method, status),
    card: {
      address_line1_check: card?.checks?.address_line1_check ?? null,
      address_zip_check: card?.checks?.address_postal_code_check ?? null,
      brand: card?.brand ?? null,
      country: card?.country ?? null,
      cvc_check: card?.checks?.cvc_check ?? null,
      dynamic_last4: null,
      exp_month: card?.exp_month ?? null,
      exp_year: card?.exp_year ?? null,
      fingerprint: card?.fingerprint ?? "",
      funding: card?.funding ?? null,
      last4: card?.last4 ?? null,
      name: method.billing_details.name,
      three_d_secure: "optional",
      tokenization_method: null,
    },
  };
}

/** Without the hash that is named after the type. */
function shapeOf(unit: Unit, params: Params, method: PaymentMethod, status: Status): Source {
  return {
    id: method.id,
    object: "source",
    allow_redisplay: "unspecified",
    amount: null,
    client_secret: unit.world.ids.after("src_client_secret_", 24),
    created: unit.created,
    currency: text(params, "currency") ?? null,
    flow: "none",
    livemode: false,
    metadata: { ...mergeMetadata({}, params.metadata) },
    owner: ownerOf(hash(params, "owner") ?? {}, null),
    statement_descriptor: shortDescriptor(params) ?? null,
    status,
    type: method.type as Source["type"],
    usage: text(params, "usage") ?? "reusable",
  };
}

function ownerOf(sent: Params, before: Source["owner"]): Source["owner"] {
  const address = hash(sent, "address");
  return {
    address: address ? addressOf(address) : (before?.address ?? null),
    email: text(sent, "email") ?? before?.email ?? null,
    name: text(sent, "name") ?? before?.name ?? null,
    phone: text(sent, "phone") ?? before?.phone ?? null,
    verified_address: null,
    verified_email: null,
    verified_name: null,
    verified_phone: null,
  };
}
