// The looks of the fields: themes, the Appearance API's variables and rules, and the Card Element's `style` option.

/** @type {Record<string, Record<string, string>>} */
const themes = {
  stripe: {
    colorPrimary: "#0570de",
    colorBackground: "#ffffff",
    colorText: "#30313d",
    colorTextSecondary: "#5f6472",
    colorTextPlaceholder: "#6c7180",
    colorDanger: "#c0123c",
    colorBorder: "#cfd5de",
    shadow: "0 1px 1px rgba(0, 0, 0, 0.03), 0 3px 6px rgba(0, 0, 0, 0.02)",
  },
  night: {
    colorPrimary: "#85d996",
    colorBackground: "#30313d",
    colorText: "#ffffff",
    colorTextSecondary: "#c9ccd6",
    colorTextPlaceholder: "#a3a7b3",
    colorDanger: "#ff9ea9",
    colorBorder: "#424353",
    shadow: "0 2px 4px rgba(0, 0, 0, 0.5)",
  },
  flat: {
    colorPrimary: "#0570de",
    colorBackground: "#f1f1f1",
    colorText: "#30313d",
    colorTextSecondary: "#5f6472",
    colorTextPlaceholder: "#666a76",
    colorDanger: "#c0123c",
    colorBorder: "#f1f1f1",
    shadow: "none",
  },
};

const systemFont = '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, Helvetica, Arial, sans-serif';

const common = { fontFamily: systemFont, fontSizeBase: "16px", spacingUnit: "4px", borderRadius: "5px" };

/**
 * @typedef {{ theme?: string, variables?: Record<string, string>, labels?: string, inputs?: string,
 *   disableAnimations?: boolean, rules?: Record<string, Record<string, string>> }} Appearance
 */

/** @param {string} name */
function cssName(name) {
  return name.replace(/[A-Z]|\d+(?=X)/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A class with its state or pseudo-class; Stripe takes no other selectors either. */
const ruleSelector = /^\.[A-Za-z][\w-]*(?:::?[a-z-]+)*$/;

/** Keeps a page's value from ending its own declaration. @param {unknown} value */
function cssValue(value) {
  return String(value).replace(/[{};<]/g, "");
}

/** @param {string} selector @param {Record<string, unknown>} declarations */
function cssRule(selector, declarations) {
  const lines = Object.entries(declarations).filter(([, value]) => typeof value !== "object");
  return `${selector} { ${lines.map(([name, value]) => `${cssName(name)}: ${cssValue(value)};`).join(" ")} }`;
}

const base = `
  * { box-sizing: border-box; }
  html, body { margin: 0; background: transparent; }
  body { padding: 4px; overflow: hidden; font-family: var(--font-family); font-size: var(--font-size-base);
    color: var(--color-text); -webkit-font-smoothing: antialiased; }
  form { margin: 0; }
  input, select { font: inherit; color: inherit; margin: 0; }
  .Hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .Icon { display: block; flex: none; }
`;

// A variable of the Appearance API that the page does not set falls back on a broader one; the names before endive's
// (spacingGridRow, colorIcon, …) still count. https://docs.stripe.com/elements/appearance-api#commonly-used-variables
const payment = `
  :root { --row-gap: var(--grid-row-spacing, var(--spacing-grid-row, calc(var(--spacing-unit) * 3)));
    --column-gap: var(--grid-column-spacing, var(--spacing-grid-column, calc(var(--spacing-unit) * 3)));
    --input-border: 1px solid var(--input-color-border, var(--color-border));
    --ring: var(--focus-box-shadow, 0 0 0 3px color-mix(in srgb, var(--color-primary) 25%, transparent)); }
  body { line-height: var(--font-line-height, normal); font-weight: var(--font-weight-normal, 400); }
  .Grid { display: grid; grid-template-columns: 1fr 1fr; gap: var(--row-gap) var(--column-gap); }
  .Grid[hidden] { display: none; }
  .Field { min-width: 0; position: relative; }
  .Field--wide { grid-column: 1 / -1; }
  .Field[hidden] { display: none; }
  .Label { display: block; margin-bottom: var(--label-spacing, var(--spacing-unit));
    font-size: var(--label-font-size, var(--font-size-sm, 0.875em)); font-weight: var(--label-font-weight, inherit);
    color: var(--label-color-text, var(--color-text)); }
  .InputBox { position: relative; }
  .Input { width: 100%; padding: calc(var(--spacing-unit) * 3); line-height: 1.25; color: var(--color-text);
    background: var(--color-background); border: var(--input-border); border-radius: var(--border-radius);
    box-shadow: var(--input-box-shadow, var(--shadow)); outline: none; appearance: none;
    transition: border-color 0.15s, box-shadow 0.15s; }
  .Input::placeholder { color: var(--color-text-placeholder); opacity: 1; }
  .Input:focus { border-color: var(--input-focus-color-border, var(--color-primary));
    box-shadow: var(--input-focus-box-shadow, var(--ring), var(--shadow)); outline: var(--focus-outline, none); }
  .Input--invalid, .Input--invalid:focus { color: var(--color-danger); border-color: var(--color-danger); }
  .Input--invalid { box-shadow: 0 0 0 1px var(--color-danger); }
  .Input--invalid:focus { box-shadow: 0 0 0 3px color-mix(in srgb, var(--color-danger) 25%, transparent); }
  .Adornment { position: absolute; inset-block: 0; inset-inline-end: calc(var(--spacing-unit) * 3); display: flex;
    align-items: center; gap: 4px; pointer-events: none;
    color: var(--icon-color, var(--color-icon, var(--color-text-secondary))); }
  .Field--cvc .Adornment { color: var(--icon-card-cvc-color, var(--color-icon-card-cvc,
    var(--icon-color, var(--color-icon, var(--color-text-secondary))))); }
  select.Input { padding-inline-end: 26px; text-overflow: ellipsis; }
  .Field--country .Adornment { inset-inline-end: 10px; color: var(--icon-chevron-down-color,
    var(--color-icon-chevron-down, var(--icon-color, var(--color-icon, var(--color-text-secondary))))); }
  select.Input option { color: #30313d; background: #ffffff; }
  .Tabs, .Accordion { min-width: 0; margin: 0; padding: 0; border: 0; }
  .Tabs { display: flex; flex-wrap: wrap; gap: var(--tab-spacing, var(--spacing-tab, calc(var(--spacing-unit) * 2)));
    margin-bottom: var(--row-gap); }
  .Tabs[hidden], .Accordion[hidden], .AccordionPanel[hidden], .Terms[hidden] { display: none; }
  .Tab { flex: 1 1 22%; display: block; padding: calc(var(--spacing-unit) * 3); text-align: center; cursor: pointer;
    white-space: nowrap;
    color: var(--color-text-secondary); background: var(--color-background); border: 1px solid var(--color-border);
    border-radius: var(--border-radius); box-shadow: var(--shadow); }
  .Tab--selected { color: var(--color-primary); border-color: var(--color-primary);
    box-shadow: 0 0 0 1px var(--color-primary), var(--shadow); }
  .Tab:has(:focus-visible) { box-shadow: var(--ring), var(--shadow); }
  .HiddenInput { position: absolute; width: 1px; height: 1px; opacity: 0; }
  .AccordionItem { background: var(--color-background); border: 1px solid var(--color-border);
    box-shadow: var(--shadow); }
  .AccordionItem + .AccordionItem { border-top: 0; }
  .AccordionItem:first-of-type { border-start-start-radius: var(--border-radius);
    border-start-end-radius: var(--border-radius); }
  .AccordionItem:last-of-type { border-end-start-radius: var(--border-radius);
    border-end-end-radius: var(--border-radius); }
  .Accordion--spaced { display: grid;
    gap: var(--accordion-item-spacing, var(--spacing-accordion-item, calc(var(--spacing-unit) * 2))); }
  .Accordion--spaced .AccordionItem { border: 1px solid var(--color-border); border-radius: var(--border-radius); }
  .AccordionLabel { display: flex; align-items: center; gap: calc(var(--spacing-unit) * 3); cursor: pointer;
    padding: calc(var(--spacing-unit) * 4); font-weight: var(--accordion-item-label-font-weight, 500);
    font-size: var(--accordion-item-label-font-size, inherit);
    color: var(--accordion-item-label-color-text, var(--color-text-secondary)); }
  .AccordionItem--selected .AccordionLabel { color: var(--accordion-item-label-selected-color-text,
    var(--color-primary)); font-weight: var(--accordion-item-label-selected-font-weight, 500); }
  .AccordionLabel:has(:focus-visible) { box-shadow: var(--ring); border-radius: var(--border-radius); }
  .RadioInput { flex: none; width: 16px; height: 16px; accent-color: var(--color-primary); outline: none; }
  .AccordionPanel { padding: 0 calc(var(--spacing-unit) * 4) calc(var(--spacing-unit) * 4); }
  .Terms { grid-column: 1 / -1; margin: 0; font-size: var(--font-size-xs, 0.8125em); line-height: 1.4;
    color: var(--color-text-secondary); }
  .Error { margin: var(--spacing-unit) 0 0; font-size: var(--font-size-sm, 0.875em); color: var(--color-danger); }
  .Error:empty { display: none; }
  @media (max-width: 280px) { .Grid { grid-template-columns: 1fr; } }
  @media (prefers-reduced-motion: reduce) { .Input, .Label { transition: none; } }
  @media (forced-colors: active) {
    .Input:focus, .Tab:focus-within, .AccordionLabel:focus-within { outline: 2px solid Highlight; }
  }
`;

/** The label stands in the field, and above its text once there is one. */
const floatingLabels = `
  .Label { position: absolute; z-index: 1; margin: 0; pointer-events: none; transform-origin: 0 0; max-width: 90%;
    inset-block-start: calc(var(--spacing-unit) * 3 + 1px); inset-inline-start: calc(var(--spacing-unit) * 3 + 1px);
    overflow: hidden; white-space: nowrap; text-overflow: ellipsis; line-height: 1.25;
    font-size: var(--label-font-size, 1em); transition: transform 0.15s; }
  .Label--resting { color: var(--label-color-text, var(--color-text-placeholder)); }
  .Label--floating { color: var(--label-color-text, var(--color-text-secondary));
    transform: translateY(calc(var(--spacing-unit) * -1.75)) scale(0.75); }
  .Input { padding-block: calc(var(--spacing-unit) * 4.5) calc(var(--spacing-unit) * 1.5); }
  .Input:not(:focus)::placeholder { color: transparent; }
`;

/** What belongs together stands together, without space between. */
const condensedInputs = `
  .Grid { gap: 0; }
  .Field--country, .Field--name, .Field--iban, .Field--email, .Field--line1, .Terms { margin-top: var(--row-gap); }
  .Field--number .Input { border-end-start-radius: 0; border-end-end-radius: 0; }
  .Field--expiry, .Field--cvc { margin-top: -1px; }
  .Field--cvc { margin-inline-start: -1px; }
  .Field--expiry .Input { border-start-start-radius: 0; border-start-end-radius: 0; border-end-end-radius: 0; }
  .Field--cvc .Input { border-start-start-radius: 0; border-start-end-radius: 0; border-end-start-radius: 0; }
  .Field--country:not(:has(+ .Field--postal[hidden])) .Input { border-start-end-radius: 0; border-end-end-radius: 0; }
  .Field--postal { margin-top: var(--row-gap); margin-inline-start: -1px; }
  .Field--postal .Input { border-start-start-radius: 0; border-end-start-radius: 0; }
  .Input:focus { position: relative; z-index: 1; }
`;

const inline = `
  body { font-size: 16px; color: #32325d; }
  .Row { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 10px; }
  .Row .Field { flex: 0 0 auto; min-width: 0; }
  .Row .Field--number { flex: 1 1 175px; display: flex; align-items: center; gap: 10px; }
  .Row .Field--expiry { width: 72px; } .Row .Field--cvc { width: 50px; } .Row .Field--postal { width: 84px; }
  .Row .Field[hidden] { display: none; }
  .Rest { display: flex; gap: 10px; margin-inline-start: auto; }
  .InputBox { flex: 1 1 auto; min-width: 0; }
  .Input { width: 100%; padding: 1px 0; line-height: 1.2; border: 0; background: none; outline: none; }
  .Input::placeholder { color: #6b7294; opacity: 1; }
  .Input:focus-visible { text-decoration: none; }
  .Input--invalid { color: #c0123c; }
  .Adornment { color: #6b7294; }
  @media (max-width: 410px) { .Row .Field--number { flex-basis: 100%; } .Rest { margin-inline-start: 34px; } }
  @media (forced-colors: active) { .Input:focus { outline: 2px solid Highlight; } }
`;

/** The sheet of a Payment Element. @param {Appearance} [appearance] */
export function paymentStyles(appearance = {}) {
  const variables = { ...common, ...(themes[appearance.theme ?? "stripe"] ?? themes.stripe), ...appearance.variables };
  const declared = Object.entries(variables).map(([name, value]) => `--${cssName(name)}: ${cssValue(value)};`);
  const rules = Object.entries(appearance.rules ?? {})
    .filter(([selector]) => ruleSelector.test(selector))
    .map(([selector, style]) => cssRule(selector, style));
  const isCondensed = appearance.inputs === "condensed";
  // "auto" is above the fields that stand apart, and in those that stand together.
  const isFloating = appearance.labels === "floating" || (isCondensed && appearance.labels !== "above");
  return [
    `:root { ${declared.join(" ")} }`,
    base,
    payment,
    ...(isFloating ? [floatingLabels] : []),
    ...(isCondensed ? [condensedInputs] : []),
    ...(appearance.disableAnimations === true ? ["* { transition: none !important; }"] : []),
    ...rules,
  ].join("\n");
}

/** The sheet of a Card Element or of one of its parts. @param {Record<string, Record<string, any>>} [style] */
export function inlineStyles(style = {}) {
  const rules = [];
  for (const [state, suffix] of Object.entries({
    base: "",
    complete: "--complete",
    empty: "--empty",
    invalid: "--invalid",
  })) {
    const declarations = style[state] ?? {};
    rules.push(cssRule(`.Input${suffix}`, declarations));
    if (declarations.iconColor) rules.push(cssRule(".Adornment", { color: declarations.iconColor }));
    for (const [pseudo, inner] of Object.entries(declarations)) {
      if (/^:{1,2}[a-z-]+$/.test(pseudo) && typeof inner === "object")
        rules.push(cssRule(`.Input${suffix}${pseudo}`, inner));
    }
  }
  return [
    `:root { --font-family: ${systemFont}; --font-size-base: 16px; --color-text: #32325d; }`,
    base,
    inline,
    ...rules,
  ].join("\n");
}
