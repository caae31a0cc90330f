// The tabs of the Payment Element, when there is more than one way to pay: radio buttons, so that arrow keys choose.
import { makeNode } from "./fields.js";

/** @type {Record<string, string>} */
const methodLabels = { card: "Card", sepa_debit: "SEPA Debit" };

/**
 * @param {Document} document
 * @param {{ entry: import("./entry.js").PaymentEntry, onFocus: () => void, onBlur: () => void,
 *   onKey: (key: string) => void }} options
 */
export function createMethodTabs(document, { entry, onFocus, onBlur, onKey }) {
  const node = /** @type {HTMLFieldSetElement} */ (makeNode(document, "fieldset", "Tabs"));
  const legend = makeNode(document, "legend", "Hidden", "Payment method");
  /** @type {{ type: string, radio: HTMLInputElement, tab: HTMLElement }[]} */
  let tabs = [];

  /** @param {string} type */
  function makeTab(type) {
    const radio = document.createElement("input");
    radio.type = "radio";
    radio.name = "method";
    radio.value = type;
    radio.className = "TabInput";
    radio.addEventListener("change", () => entry.set("method", type));
    radio.addEventListener("focus", onFocus);
    radio.addEventListener("blur", onBlur);
    radio.addEventListener("keydown", ({ key }) => {
      if (key === "Escape" || key === "Enter") onKey(key);
    });
    const tab = makeNode(document, "label", "Tab");
    tab.append(radio, makeNode(document, "span", "TabLabel", methodLabels[type] ?? type));
    return { type, radio, tab };
  }

  function sync() {
    const types = entry.isAsked("method") ? entry.types() : [];
    if (types.join() !== tabs.map(({ type }) => type).join()) {
      tabs = types.map(makeTab);
      node.replaceChildren(legend, ...tabs.map(({ tab }) => tab));
    }
    for (const { type, radio, tab } of tabs) {
      radio.checked = type === entry.values.method;
      tab.className = radio.checked ? "Tab Tab--selected" : "Tab";
    }
    node.hidden = !entry.isAsked("method");
  }

  sync();
  const focus = () => tabs.find(({ radio }) => radio.checked)?.radio.focus();
  return { part: /** @type {const} */ ("method"), node, input: node, sync, focus };
}

/**
 * What the customer agrees to with a debit.
 * @param {Document} document @param {import("./entry.js").PaymentEntry} entry @param {string} business
 */
export function createDebitTerms(document, entry, business) {
  const text =
    `By providing your payment information and confirming, you allow ${business} and Stripe, its payment service ` +
    "provider, to send instructions to your bank to debit your account, and your bank to follow them. You are " +
    "entitled to a refund from your bank, claimed within 8 weeks from the debit.";
  const node = makeNode(document, "p", "Terms", text);
  const sync = () => {
    node.hidden = entry.values.method !== "sepa_debit";
  };
  sync();
  return { node, sync };
}
