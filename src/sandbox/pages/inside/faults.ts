// What goes wrong on purpose: the standing rules, and a form for new ones.
import { html } from "hono/html";
import { callFaultKinds, deliveryFaultKinds, type Fault, type FaultRule } from "../../kernel/faults.ts";
import type { PageRoute } from "../../kernel/pages.ts";
import type { Inside } from "./inside.ts";
import { table, twins, type View } from "./layout.ts";
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
    return { json: faults.add(rule as FaultRule), back: "/-/faults" }; // add() refuses what is no kind.
  } catch (error) {
    if (error instanceof RangeError) return { refusal: error.message };
    throw error;
  }
}

/** One by its id, or all. */
export function removeFault({ faults }: Inside, { id }: Fields): Outcome {
  if (!id) faults.clear();
  else if (!faults.remove(id)) return { refusal: `There is no fault ${id} any more.` };
  return { json: { data: faults.list() }, back: "/-/faults" };
}

function showFaults(inside: Inside): View {
  const faults = inside.faults.list();
  const rows = faults.map((fault) => [
    fault.kind,
    whereText(fault),
    fault.chance === undefined ? "always" : `${fault.chance * 100} %`,
    fault.left === undefined ? "without an end" : `${fault.left} more`,
    `${fault.happened} times`,
    html`<form method="post" action="/-/faults/remove">${tokenField(inside)}
<input type="hidden" name="id" value="${fault.id}"><button>Remove</button></form>`,
  ]);
  const kinds = [...callFaultKinds, ...deliveryFaultKinds].map((kind) => html`<option>${kind}</option>`);
  return {
    title: "Faults",
    json: { data: faults, kinds: { calls: callFaultKinds, deliveries: deliveryFaultKinds } },
    body: html`<form class="form" method="post" action="/-/faults">${tokenField(inside)}
<label>What <select name="kind">${kinds}</select></label>
<label>Method <select name="method"><option value="">any</option><option>GET</option><option>POST</option>
<option>DELETE</option></select></label>
<label>Path <input name="path" placeholder="/v1/refunds/:id"></label>
<label>Event type <input name="type" placeholder="charge.*"></label>
<label>Times <input name="times" type="number" min="1" placeholder="1"></label>
<label>Chance <input name="chance" type="number" min="0" max="1" step="any" placeholder="1"></label>
<label>Milliseconds <input name="ms" type="number" min="0" placeholder="1000"></label>
<button>Add</button></form>
<h2>Standing</h2>${table(["What", "Where", "Chance", "Left", "Happened", ""], rows)}`,
  };
}

function whereText({ method, path, type, ms }: Fault): string {
  const parts = [method, path, type, ms === undefined ? undefined : `${ms} ms`].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(" ") : "anywhere";
}
