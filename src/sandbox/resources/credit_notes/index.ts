// Credit notes: what invoices were too much. The folder's only door.
import { listed } from "../../kernel/state/embeds.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { creditLinesOf } from "../credit_note_line_items/index.ts";
import { shippingTaxesOn } from "../invoices/index.ts";
import { listNoteLines, listNotes, listPreviewLines, notesPath, updateNote, voidNote } from "./actions.ts";
import { type CreditNote, creditNoteMachine, creditNotes } from "./credit_note.ts";
import { creditNoteDefaults } from "./defaults.table.ts";
import { creditNoteExtras } from "./extras.table.ts";
import { issueNote } from "./issue.ts";
import { rows } from "./refusals.table.ts";
import { creditNoteVersions } from "./versions.ts";

const path = notesPath;

/** Nothing of a preview is kept, and it is shown as it would be. */
const asShown = (answer: object) => answer;

export const creditNoteResource = defineResource<CreditNote>({
  noun: creditNotes,
  machine: creditNoteMachine,
  defaults: creditNoteDefaults,
  extras: creditNoteExtras,
  refusals: rows,
  versions: creditNoteVersions,
  embeds: [
    shippingTaxesOn(creditNotes),
    listed(creditNotes, "lines", { isUncounted: true, find: creditLinesOf, urlOf: (id) => `${path}/${id}/lines` }),
  ],
  routes: [
    { method: "POST", path, run: issueNote },
    { method: "GET", path, run: listNotes },
    { method: "GET", path: `${path}/preview`, run: issueNote, preview: asShown },
    { method: "GET", path: `${path}/preview/lines`, run: listPreviewLines, preview: asShown },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, creditNotes, id) },
    { method: "POST", path: `${path}/:id`, run: updateNote },
    { method: "GET", path: `${path}/:id/lines`, run: listNoteLines },
    { method: "POST", path: `${path}/:id/void`, run: voidNote },
  ],
});
