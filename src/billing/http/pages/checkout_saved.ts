// What the checkout page offers of the cards that its order's customer has saved: one of them, or another way to pay,
// and to save a card by a tick of one's own. https://docs.stripe.com/payments/save-during-payment
import { html } from "hono/html";

type Html = ReturnType<typeof html>;

export interface SavedCard {
  readonly id: string;
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
  readonly isDefault: boolean;
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
export function savedChoices(saved: readonly SavedCard[] | null): Html | "" {
  if (!saved?.length) return "";
  const first = saved.find(({ isDefault }) => isDefault) ?? saved[0];
  return html`<fieldset class="choices">
    <legend>Your saved cards</legend>
    ${saved.map((card) => choice({ value: card.id, isChosen: card === first, ...textsOf(card) }))}
    ${choice({ value: "", isChosen: false, title: "Another way to pay", note: "" })}
  </fieldset>` as Html;
}

function textsOf({ brand, last4, expMonth, expYear }: SavedCard): { title: string; note: string } {
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
