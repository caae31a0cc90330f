// Every machine as a picture and as a table, with how many objects stand in each state now.
import { html } from "hono/html";
import { living } from "../../kernel/store/store.ts";
import type { PageRoute } from "../../kernel/wire/pages.ts";
import { diagramOf, edgesOf } from "./diagram.ts";
import type { Inside, MachineRow } from "./inside.ts";
import { table, twins, type View } from "./layout.ts";

export function machinePages(inside: Inside): PageRoute[] {
  return twins("/-/machines", () => showMachines(inside));
}

function showMachines(inside: Inside): View {
  const shown = inside.machines.map((machine) => ({ machine, counts: countsOf(inside, machine) }));
  const names = shown.map(({ machine }) => machine.noun.object);
  return {
    title: "Machines",
    json: {
      data: shown.map(({ machine, counts }) => ({ object: machine.noun.object, counts, actions: machine.actions })),
    },
    body: html`<p class="soft">Drawn from the tables that the sandbox runs by. A ring: the action may begin in this
state. An arrow: it may lead there. The number: how many objects of all accounts stand there now.</p>
<ul class="chips" aria-label="Machines">${names.map((name) => html`<li><a href="#${name}">${name}</a></li>`)}</ul>
${shown.map(
  ({ machine, counts }) => html`<h2 id="${machine.noun.object}">${machine.noun.object}</h2>
${diagramOf(machine, counts)}
<details><summary>Its moves and their events</summary>${table(
    ["Action", "From", "To", "Event"],
    edgesOf(machine).map(({ action, from, to, event }) => [action, from, to, event ?? ""]),
  )}</details>`,
)}`,
  };
}

function countsOf({ world }: Inside, { noun }: MachineRow): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const account of world.accounts.byId.values()) {
    for (const object of living(account.collections.get(noun.object))) {
      if (!("status" in object)) continue;
      const status = String(object.status);
      counts[status] = (counts[status] ?? 0) + 1;
    }
  }
  return counts;
}
