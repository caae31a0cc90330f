// READ FIRST. How invoices are printed, by name and version. Stripe's dashboard makes and changes them, so that no SDK
// does; here a seed or an address of the sandbox's own does. Archived ones stay where they are named, and are not named
// anew. https://docs.stripe.com/invoicing/invoice-rendering-template
import type Stripe from "stripe";
import { defineMachine } from "../../kernel/state/machine.ts";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { rows } from "./refusals.table.ts";

export type Template = Stored<Stripe.InvoiceRenderingTemplate, "active" | "archived">;

export const templates = defineNoun<Template>({
  object: "invoice_rendering_template",
  prefixes: ["inrtem"],
  label: "invoice rendering template",
});

export const templateMachine = defineMachine(templates, ({ id, status }) =>
  refusal(rows.templateStands, { id, status }),
)({
  create: { from: ["new"], to: { active: null } },
  archive: { from: ["active"], to: { archived: null } },
  unarchive: { from: ["archived"], to: { active: null } },
});
