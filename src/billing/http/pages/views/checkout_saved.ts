// What the checkout page offers of what its order's customer has saved: a card, a bank account, or another way to pay;
// and to save a card by a tick of one's own. https://docs.stripe.com/payments/save-during-payment
import { html } from "hono/html";
import type { Method, MethodCard, Order } from "../../../api/index.ts";

type Html = ReturnType<typeof html>;

export interface SavedMethod {
  readonly id: string;
  readonly last4: string;
  /** Null: it is a bank account, debited under the mandate that was given when it was saved. */
  readonly card: MethodCard | null;
  readonly isDefault: boolean;
}

const debitCurrency = "eur";

/**
 * Those that can pay this order. A saved account pays only euros, and nothing of it can be held; its mandate stands, so
 * that the payer gives none anew. https://docs.stripe.com/payments/sepa-debit
 */
export function payableWith(methods: readonly Method[], { total, capture }: Order): readonly SavedMethod[] {
  const takesDebits = total.currency === debitCurrency && capture === "automatic";
  return methods
    .filter(({ type, card }) => card !== null || (takesDebits && type === "sepa_debit"))
    .map(({ id, last4, card, isDefault }) => ({ id, last4: last4 ?? "", card, isDefault }));
}

/** https://docs.stripe.com/api/payment_methods/object#payment_method_object-card-brand */
const brands: Readonly<Record<string, string>> = {
  amex: "American Express",
  cartes_bancaires: "Cartes Bancaires",
  diners: "Diners Club",
  discover: "Discover",
  eftpos_au: "eftpos",
  interac: "Interac",
  jcb: "JCB",
  mastercard: "Mastercard",
  unionpay: "UnionPay",
  visa: "Visa",
};

/** Their default is chosen already, else the newest. */
export function savedChoices(saved: readonly SavedMethod[] | null): Html | "" {
  if (!saved?.length) return "";
  const first = saved.find(({ isDefault }) => isDefault) ?? saved[0];
  return html`<fieldset class="choices">
    <legend>${saved.every(({ card }) => card !== null) ? "Your saved cards" : "Your saved cards and accounts"}</legend>
    ${saved.map((one) => choice({ value: one.id, isChosen: one === first, ...textsOf(one) }))}
    ${choice({ value: "", isChosen: false, title: "Another way to pay", note: "" })}
  </fieldset>` as Html;
}

function textsOf({ card, last4 }: SavedMethod): { title: string; note: string } {
  if (card === null) return { title: `Bank account ending in ${last4}`, note: "Debited under the mandate you gave" };
  const { brand, expMonth, expYear } = card;
  const title = `${brands[brand] ?? "Card"} ending in ${last4}`;
  return { title, note: `Expires ${String(expMonth).padStart(2, "0")}/${expYear}` };
}

function choice(one: { value: string; isChosen: boolean; title: string; note: string }): Html {
  return html`<label class="choice">
    <input type="radio" name="method" value="${one.value}" ${one.isChosen ? "checked" : ""} />
    <span>${one.title}${one.note ? html`<small>${one.note}</small>` : ""}</span>
  </label>` as Html;
}

/** Not ticked: saving is the payer's own wish. */
export function saveConsent(): Html {
  return html`<label class="choice" id="save-row">
    <input type="checkbox" id="save" />
    <span
      >Save this card for later<small>The shop may charge it for what you agree on with them, also later.</small></span
    >
  </label>` as Html;
}
