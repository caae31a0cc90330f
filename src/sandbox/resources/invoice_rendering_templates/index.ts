// Invoice rendering templates: how invoices are printed. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { archiveTemplate, createTemplate, retrieveTemplate, unarchiveTemplate, updateTemplate } from "./actions.ts";
import { rows } from "./refusals.table.ts";
import { type Template, templateMachine, templates } from "./template.ts";

export { chosenTemplate, refuseUnknownVersion } from "./actions.ts";
export { rows as templateRows } from "./refusals.table.ts";
export { templates } from "./template.ts";

const path = "/v1/invoice_rendering_templates";

/** What Stripe's dashboard writes. */
const own = {
  why: "Stripe's dashboard makes and changes templates; the sandbox has an address for that",
  evidence: "own",
  params: { object: { "metadata?": { map: "string" }, "nickname?": "string" } },
} as const;

export const invoiceRenderingTemplateResource = defineResource<Template>({
  noun: templates,
  machine: templateMachine,
  refusals: rows,
  routes: [
    { method: "POST", path, undeclared: own, run: createTemplate },
    { method: "GET", path, run: listTemplates },
    { method: "GET", path: `${path}/:id`, run: retrieveTemplate },
    { method: "POST", path: `${path}/:id`, undeclared: own, run: updateTemplate },
    { method: "POST", path: `${path}/:id/archive`, run: archiveTemplate },
    { method: "POST", path: `${path}/:id/unarchive`, run: unarchiveTemplate },
  ],
});

function listTemplates(unit: Unit, params: Params): object {
  return list(unit, templates, params, { url: path, filters: { status: params.status } });
}
