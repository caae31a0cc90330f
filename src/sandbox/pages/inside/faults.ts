// What goes wrong on purpose: the standing rules, and a form for new ones.
import { html } from "hono/html";
import { isProblem } from "#kit/problems.ts";
import { callFaults, chargeFaults, clockFaults, deliveryFaults } from "../../kernel/records/fault_kinds.ts";
import {
  callFaultKinds,
  chargeFaultKinds,
  clockFaultKinds,
  deliveryFaultKinds,
  type Fault,
  type FaultRule,
  faultKinds,
} from "../../kernel/records/faults.ts";
import type { PageRoute } from "../../kernel/wire/pages.ts";
import type { Inside } from "./inside.ts";
import { type Cell, type Html, table, twins, type View } from "./layout.ts";
import { type Fields, type Outcome, tokenField } from "./write.ts";

export function faultPages(inside: Inside): PageRoute[] {
  return twins("/-/faults", () => showFaults(inside));
}

/** From a form or from JSON: `{ "kind": "slow", "path": "/v1/refunds", "times": 2, "ms": 500 }`. */
export function addFault({ faults }: Inside, fields: Fields): Outcome {
  const number = (name: string) => (fields[name] ? Number(fields[name]) : undefined);
  const rule = {
    kind: fields.kind ?? "",
    method: fields.method || undefined,
    path: fields.path || undefined,
    type: fields.type || undefined,
    times: number("times"),
    chance: number("chance"),
    ms: number("ms"),
  };
  try {
    return { json: faults.add(rule as FaultRule), back: "/-/faults" }; // add() refuses what is not a kind.
  } catch (error) {
    if (isProblem(error)) return { refusal: error.message };
    throw error;
  }
}

/** One by its id, or all. */
export function removeFault({ faults }: Inside, { id }: Fields): Outcome {
  if (!id) faults.clear();
  else if (!faults.remove(id)) return { refusal: `There is no fault ${id} any more.` };
  return { json: { data: faults.list() }, back: "/-/faults" };
}

const meanings = { ...callFaults, ...deliveryFaults, ...chargeFaults, ...clockFaults };

function showFaults(inside: Inside): View {
  const faults = inside.faults.list();
  const [calls, deliveries, charges, clocks] = [callFaultKinds, deliveryFaultKinds, chargeFaultKinds, clockFaultKinds];
  const kinds = { calls, deliveries, charges, clocks };
  return {
    title: "Faults",
    json: { data: faults, kinds },
    body: html`<p class="soft">What goes wrong on purpose: with calls of the API, with deliveries to webhook
endpoints, and with advances of test clocks. Whatever is left empty is any, always, or the number shown.</p>
${addForm(inside)}
<h2>Standing</h2>${table(
      ["What", "Where", "Chance", "Left", "Happened", "Remove"],
      faults.map((fault) => rowOf(inside, fault)),
      "Nothing goes wrong.",
    )}
${faults.length > 1 ? html`<p>${removeForm(inside, "", "Remove all")}</p>` : ""}
<h2>Kinds</h2>${table(
      ["What", "What happens"],
      faultKinds.map((kind) => [html`<code>${kind}</code>`, meanings[kind]]),
    )}`,
  };
}

function addForm(inside: Inside): Html {
  const options = (kinds: readonly string[]) => kinds.map((kind) => html`<option>${kind}</option>`);
  return html`<form class="form" method="post" action="/-/faults">${tokenField(inside)}
<label>What <select name="kind"><optgroup label="Calls">${options(callFaultKinds)}</optgroup>
<optgroup label="Deliveries">${options(deliveryFaultKinds)}</optgroup>
<optgroup label="Cards">${options(chargeFaultKinds)}</optgroup>
<optgroup label="Test clocks">${options(clockFaultKinds)}</optgroup></select></label>
<label>Method of a call <select name="method"><option value="">any</option><option>GET</option><option>POST</option>
<option>DELETE</option></select></label>
<label>Path of a call <input name="path" placeholder="/v1/refunds/:id"></label>
<label>Event type of a delivery <input name="type" placeholder="charge.*"></label>
<label>Times <input class="short" name="times" type="number" min="1" placeholder="1"></label>
<label>Chance <input class="short" name="chance" type="number" min="0" max="1" step="any" placeholder="1"></label>
<label>Milliseconds <input class="short" name="ms" type="number" min="0" placeholder="1000"></label>
<button>Add</button></form>`;
}

function rowOf(inside: Inside, fault: Fault): Cell[] {
  return [
    html`<code>${fault.kind}</code>`,
    whereText(fault),
    fault.chance === undefined ? "always" : `${fault.chance * 100} %`,
    fault.left === undefined ? "without an end" : `${fault.left} more`,
    fault.happened === 1 ? "once" : `${fault.happened} times`,
    removeForm(inside, fault.id, "Remove"),
  ];
}

/** Without an id, all. */
function removeForm(inside: Inside, id: string, name: string): Html {
  const label = id === "" ? name : `${name} ${id}`;
  return html`<form method="post" action="/-/faults/remove">${tokenField(inside)}
<input type="hidden" name="id" value="${id}"><button aria-label="${label}">${name}</button></form>`;
}

function whereText({ method, path, type, ms }: Fault): string {
  const parts = [method, path, type, ms === undefined ? undefined : `${ms} ms`].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(" ") : "anywhere";
}
