// Stripe.js as one classic script. It is written as small browser modules in stripe_js/ and joined here when the server
// starts, so that source and package need no build step. What must stay true: the order below is the order of
// dependence, and top-level names are unique across the files (both tested).
import { readFileSync } from "node:fs";

export const scriptFiles = [
  "cards.js",
  "iban.js",
  "form.js",
  "api.js",
  "emitter.js",
  "base_entry.js",
  "entry.js",
  "contacts.js",
  "countries.js",
  "icons.js",
  "styles.js",
  "element_base.js",
  "fields.js",
  "trains.js",
  "method_choice.js",
  "frame.js",
  "card_element.js",
  "elements.js",
  "challenge.js",
  "payment_methods.js",
  "intents.js",
  "method_names.js",
  "stripe.js",
] as const;

/** Joins the modules: without their import and export words, in one function of their own. */
export function joinScript(readFile: (name: string) => string): string {
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
