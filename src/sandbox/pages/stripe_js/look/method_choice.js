// Where the customer chooses how to pay, when there is more than one way: tabs, or an accordion whose chosen item holds
// the fields. Both are radio buttons, so that arrow keys choose.

import { isTrainFrom } from "../trains.js";
import { makeNode } from "./fields.js";

/**
 * @typedef {{ type: "tabs" | "accordion", isCollapsed: boolean | undefined, hasRadios: boolean,
 *   isSpaced: boolean }} PaymentLayout
 */

/** @type {Record<string, string>} */
const methodLabels = {
  afterpay_clearpay: "Afterpay",
  alipay: "Alipay",
  bancontact: "Bancontact",
  card: "Card",
  ideal: "iDEAL",
  klarna: "Klarna",
  link: "Link",
  sepa_debit: "SEPA Debit",
  wechat_pay: "WeChat Pay",
};

/** Their payers leave the page. */
const visited = ["afterpay_clearpay", "alipay", "bancontact", "ideal", "klarna", "link"];

/**
 * Since basil an accordion where the page does not say, before that tabs.
 * https://docs.stripe.com/changelog/basil/2025-03-31/default-layout-of-payment-element
 * @param {any} option @param {string} train @returns {PaymentLayout}
 */
export function layoutOf(option, train) {
  const given = typeof option === "string" ? { type: option } : (option ?? {});
  const usual = isTrainFrom(train, "basil") ? "accordion" : "tabs";
  return {
    type: given.type === "tabs" || given.type === "accordion" ? given.type : usual,
    isCollapsed: given.defaultCollapsed,
    // It was a boolean before it had words.
    hasRadios: given.radios !== "never" && given.radios !== false,
    isSpaced: given.spacedAccordionItems === true,
  };
}

/**
 * Whether nothing is chosen at first: in an accordion of several ways, unless the page says otherwise.
 * @param {PaymentLayout} layout @param {readonly string[]} types @param {string} train
 */
export function isCollapsedAtFirst(layout, types, train) {
  const usual = layout.type === "accordion" && types.length > 1 && isTrainFrom(train, "basil");
  return layout.isCollapsed ?? usual;
}

/**
 * @typedef {{ entry: import("../entry/method_entries.js").PaymentEntry, layout: PaymentLayout, grid: HTMLElement,
 *   onFocus: () => void, onBlur: () => void, onKey: (key: string) => void }} ChoiceOptions
 */

/**
 * The choice, and the grid of fields where it belongs: in the chosen item of an accordion, else below the choice.
 * @param {Document} document @param {ChoiceOptions} options
 */
export function createMethodChoice(document, options) {
  const { entry, layout, grid } = options;
  const isAccordion = layout.type === "accordion";
  const looks = isAccordion ? `Accordion${layout.isSpaced ? " Accordion--spaced" : ""}` : "Tabs";
  const node = /** @type {HTMLFieldSetElement} */ (makeNode(document, "fieldset", looks));
  const legend = makeNode(document, "legend", "Hidden", "Payment method");
  const error = makeNode(document, "p", "Error");
  error.id = "Field-methodError";
  error.setAttribute("role", "alert");
  const root = makeNode(document, "div", "Root");
  root.append(node);
  /** @type {ReturnType<typeof makeChoice>[]} */
  let choices = [];

  function sync() {
    const types = entry.isAsked("method") ? entry.types() : [];
    if (types.join() !== choices.map(({ type }) => type).join()) {
      choices = types.map((type) => makeChoice(document, type, options));
      node.replaceChildren(legend, ...choices.map(({ item }) => item), error);
    }
    tellProblem();
    for (const choice of choices) choice.sync();
    node.hidden = !entry.isAsked("method");
    const chosen = choices.find(({ type }) => type === entry.values.method);
    const home = chosen?.panel ?? root;
    if (grid.parentElement !== home) home.append(grid);
    grid.hidden = entry.values.method === "";
  }

  function tellProblem() {
    const problem = entry.shownProblem("method")?.message ?? "";
    if (error.textContent !== problem) error.textContent = problem;
    if (problem) node.setAttribute("aria-describedby", error.id);
    else node.removeAttribute("aria-describedby");
  }

  sync();
  return {
    part: /** @type {const} */ ("method"),
    root,
    node,
    input: node,
    sync,
    focus: () => (choices.find(({ radio }) => radio.checked) ?? choices[0])?.radio.focus(),
  };
}

/**
 * One way to pay: a tab, or an item of the accordion with a panel.
 * @param {Document} document @param {string} type @param {ChoiceOptions} options
 */
function makeChoice(document, type, { entry, layout, onFocus, onBlur, onKey }) {
  const isAccordion = layout.type === "accordion";
  const kind = isAccordion ? "AccordionItem" : "Tab";
  const radio = document.createElement("input");
  radio.type = "radio";
  radio.name = "method";
  radio.value = type;
  radio.className = isAccordion && layout.hasRadios ? "RadioInput" : "HiddenInput";
  radio.addEventListener("change", () => entry.set("method", type));
  radio.addEventListener("focus", onFocus);
  radio.addEventListener("blur", onBlur);
  radio.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" || key === "Enter") onKey(key);
  });
  const label = makeNode(document, "label", isAccordion ? "AccordionLabel" : "Tab");
  label.append(radio, makeNode(document, "span", "TabLabel", methodLabels[type] ?? type));
  const panel = isAccordion ? makeNode(document, "div", "AccordionPanel") : undefined;
  const item = isAccordion ? makeNode(document, "div", kind) : label;
  if (panel) item.append(label, panel);
  return {
    type,
    radio,
    item,
    panel,
    sync() {
      radio.checked = type === entry.values.method;
      item.className = radio.checked ? `${kind} ${kind}--selected` : kind;
      if (panel) panel.hidden = !radio.checked;
    },
  };
}

/**
 * What the customer agrees to with a debit, and what comes after a visit to a bank.
 * @param {Document} document @param {import("../entry/method_entries.js").PaymentEntry} entry
 * @param {{ business: string, isDebitSaid: boolean }} options
 */
export function createTerms(document, entry, { business, isDebitSaid }) {
  const debit =
    `By providing your payment information and confirming, you allow ${business} and Stripe, its payment service ` +
    "provider, to send instructions to your bank to debit your account, and your bank to follow them. You are " +
    "entitled to a refund from your bank, claimed within 8 weeks from the debit.";
  const visit = "After submission, you will be redirected to securely complete next steps.";
  const node = makeNode(document, "p", "Terms");
  const sync = () => {
    const { method } = entry.values;
    node.textContent = visited.includes(method) ? visit : method === "sepa_debit" && isDebitSaid ? debit : "";
    node.hidden = node.textContent === "";
  };
  sync();
  return { node, sync };
}
