// Stripe.js as one classic script. It is written as small browser modules in stripe_js/ and joined here when the server
// starts, so that source and package need no build step. What must stay true: the order below is the order of
// dependence, and top-level names are unique across the files (both tested).
import { readFileSync } from "node:fs";

export const scriptFiles = [
  "form.js",
  "api.js",
  "emitter.js",
  "trains.js",
  "entry/cards.js",
  "entry/iban.js",
  "entry/countries.js",
  "entry/entry.js",
  "entry/method_entries.js",
  "entry/contact_entries.js",
  "look/icons.js",
  "look/styles.js",
  "look/texts.js",
  "look/frame.js",
  "look/fields.js",
  "look/method_choice.js",
  "look/view.js",
  "elements/place.js",
  "elements/element_base.js",
  "elements/inert_element.js",
  "elements/change_event.js",
  "elements/typed_element.js",
  "elements/offer.js",
  "elements/kinds.js",
  "elements/members.js",
  "elements/group.js",
  "calls/challenge.js",
  "calls/method_params.js",
  "calls/payment_methods.js",
  "calls/intents.js",
  "calls/method_names.js",
  "stripe.js",
] as const;

/** Joins the modules: without their import and export words, in one function of their own. */
function joinScript(readFile: (name: string) => string): string {
  const parts = scriptFiles.map((name) => {
    const source = readFile(name)
      .replace(/^import [^;]*;$/gm, "")
      .replace(/^export /gm, "");
    return `// ${name}\n${source.trim()}\n`;
  });
  return `(() => {\n"use strict";\n${parts.join("\n")}\ninstall();\n})();\n`;
}

/** The script from the files beside this one. */
export function readScript(): string {
  return joinScript((name) => readFileSync(new URL(`./stripe_js/${name}`, import.meta.url), "utf8"));
}
