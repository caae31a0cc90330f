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
 * @typedef {{ theme?: string, variables?: Record<string, string>,
 *   rules?: Record<string, Record<string, string>> }} Appearance
 */

/** @param {string} name */
function cssName(name) {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
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

const payment = `
  .Grid { display: grid; grid-template-columns: 1fr 1fr; gap: calc(var(--spacing-unit) * 3); }
  .Field { min-width: 0; }
  .Field--wide { grid-column: 1 / -1; }
  .Field[hidden] { display: none; }
  .Label { display: block; margin-bottom: var(--spacing-unit); font-size: 0.875em; color: var(--color-text); }
  .InputBox { position: relative; }
  .Input { width: 100%; padding: calc(var(--spacing-unit) * 3); line-height: 1.25; color: var(--color-text);
    background: var(--color-background); border: 1px solid var(--color-border); border-radius: var(--border-radius);
    box-shadow: var(--shadow); outline: none; transition: border-color 0.15s, box-shadow 0.15s; appearance: none; }
  .Input::placeholder { color: var(--color-text-placeholder); opacity: 1; }
  .Input:focus { border-color: var(--color-primary);
    box-shadow: 0 0 0 3px color-mix(in srgb, var(--color-primary) 25%, transparent), var(--shadow); }
  .Input--invalid, .Input--invalid:focus { color: var(--color-danger); border-color: var(--color-danger); }
  .Input--invalid { box-shadow: 0 0 0 1px var(--color-danger); }
  .Input--invalid:focus { box-shadow: 0 0 0 3px color-mix(in srgb, var(--color-danger) 25%, transparent); }
  .Adornment { position: absolute; inset-block: 0; inset-inline-end: calc(var(--spacing-unit) * 3); display: flex;
    align-items: center; gap: 4px; pointer-events: none; color: var(--color-text-secondary); }
  select.Input { padding-inline-end: 26px; text-overflow: ellipsis; }
  .Field--country .Adornment { inset-inline-end: 10px; }
  select.Input option { color: #30313d; background: #ffffff; }
  .Tabs { grid-column: 1 / -1; display: flex; gap: calc(var(--spacing-unit) * 2); min-width: 0; margin: 0; padding: 0;
    border: 0; }
  .Tabs[hidden], .Terms[hidden] { display: none; }
  .Tab { flex: 1 1 0; display: block; padding: calc(var(--spacing-unit) * 3); text-align: center; cursor: pointer;
    color: var(--color-text-secondary); background: var(--color-background); border: 1px solid var(--color-border);
    border-radius: var(--border-radius); box-shadow: var(--shadow); }
  .Tab--selected { color: var(--color-primary); border-color: var(--color-primary);
    box-shadow: 0 0 0 1px var(--color-primary), var(--shadow); }
  .Tab:focus-within { box-shadow: 0 0 0 3px color-mix(in srgb, var(--color-primary) 25%, transparent), var(--shadow); }
  .TabInput { position: absolute; width: 1px; height: 1px; opacity: 0; }
  .Terms { grid-column: 1 / -1; margin: 0; font-size: 0.8125em; line-height: 1.4; color: var(--color-text-secondary); }
  .Error { margin: var(--spacing-unit) 0 0; font-size: 0.875em; color: var(--color-danger); }
  .Error:empty { display: none; }
  @media (max-width: 280px) { .Grid { grid-template-columns: 1fr; } }
  @media (prefers-reduced-motion: reduce) { .Input { transition: none; } }
  @media (forced-colors: active) { .Input:focus, .Tab:focus-within { outline: 2px solid Highlight; } }
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
  return [`:root { ${declared.join(" ")} }`, base, payment, ...rules].join("\n");
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
