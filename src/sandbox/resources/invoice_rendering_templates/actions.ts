// What happens to a template: made and changed by the sandbox's own addresses, looked at, archived and taken back.
import { begin, move } from "../../kernel/state/machine.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { change, mustRead, mustReadParam } from "../../kernel/state/writes.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { integer, textOrNull } from "../../kernel/words/params.ts";
import { rows } from "./refusals.table.ts";
import { type Template, templateMachine, templates } from "./template.ts";

export function createTemplate(unit: Unit, params: Params): Template {
  return begin(unit, templateMachine, "create", "active", (status) => ({
    id: unit.world.ids.after("inrtem_1", 23),
    object: "invoice_rendering_template",
    created: unit.created,
    livemode: false,
    metadata: { ...mergeMetadata({}, params.metadata) },
    nickname: textOrNull(params, "nickname") ?? null,
    status,
    version: 1,
  }));
}

/** Each change is a version more. */
export function updateTemplate(unit: Unit, params: Params, id: string): Template {
  const before = mustRead(unit, templates, id);
  if (before.status === "archived") throw refusal(rows.templateArchived, { id });
  const nickname = textOrNull(params, "nickname");
  return change(
    unit,
    templates,
    before,
    {
      metadata: { ...mergeMetadata(before.metadata ?? {}, params.metadata) },
      nickname: nickname === undefined ? before.nickname : nickname,
      version: before.version + 1,
    },
    null,
  );
}

export function retrieveTemplate(unit: Unit, params: Params, id: string): Template {
  const template = mustRead(unit, templates, id);
  const version = integer(params, "version");
  if (version === undefined) return template;
  refuseUnknownVersion(template, version, "version");
  return { ...template, version };
}

export function archiveTemplate(unit: Unit, _params: Params, id: string): Template {
  return move(unit, templateMachine, mustRead(unit, templates, id), "archive", "archived", {});
}

export function unarchiveTemplate(unit: Unit, _params: Params, id: string): Template {
  return move(unit, templateMachine, mustRead(unit, templates, id), "unarchive", "active", {});
}

/** One that may be named anew: it is there and active. */
export function chosenTemplate(unit: Unit, id: string, param: string): Template {
  const template = mustReadParam(unit, templates, id, param);
  if (template.status === "archived") throw refusal(rows.templateArchived, { id }, { param });
  return template;
}

export function refuseUnknownVersion({ id, version: latest }: Template, version: number, param: string): void {
  if (version < 1 || version > latest) throw refusal(rows.templateWithoutVersion, { id, version, latest }, { param });
}
