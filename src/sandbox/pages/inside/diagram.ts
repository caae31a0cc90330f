// A machine as a drawing: every state is a row, every action a wire that runs down past the rows, with a ring where it
// may begin and an arrow into each row it may lead to. An action leads from each of its beginnings to each of its ends,
// so one wire tells all of it, nothing crosses, and the drawing is as narrow as the page needs it.
import { html } from "hono/html";
import type { MachineRow } from "./inside.ts";
import type { Html } from "./layout.ts";

export interface Edge {
  readonly action: string;
  readonly from: string;
  readonly to: string;
  readonly event: string | null;
}

export function edgesOf({ actions }: MachineRow): Edge[] {
  return Object.entries(actions).flatMap(([action, { from, to }]) =>
    from.flatMap((source) =>
      Object.entries(to).map(([end, event]) => ({ action, from: source, to: end, event: event ?? null })),
    ),
  );
}

/** From the beginning to the ends: by how many moves a state is away from "new", and states without a way on last. */
export function statesOf(edges: readonly Edge[]): string[] {
  const depth = new Map<string, number>([["new", 0]]);
  for (const [state, level] of depth) {
    // The map grows while it is walked: what is reached first is nearest.
    for (const { from, to } of edges) if (from === state && !depth.has(to)) depth.set(to, level + 1);
  }
  const states = [...new Set([...depth.keys(), ...edges.flatMap(({ from, to }) => [from, to])])];
  const isFinal = (state: string) => edges.every(({ from, to }) => from !== state || to === state);
  const rank = (state: string) => (isFinal(state) ? 1_000 : 0) + (depth.get(state) ?? 1);
  return states.sort((a, b) => rank(a) - rank(b));
}

export function diagramOf(machine: MachineRow, counts: Readonly<Record<string, number>>): Html {
  const states = statesOf(edgesOf(machine));
  const actions = Object.entries(machine.actions);
  const rows = states.map((state, row) => {
    const cells = actions.map(([action, { from, to }]) => {
      const isEnd = Object.hasOwn(to, state);
      const touched = states.flatMap((other, at) => (from.includes(other) || Object.hasOwn(to, other) ? [at] : []));
      return cellOf({
        action,
        isBeginning: from.includes(state),
        isEnd,
        event: to[state] ?? null,
        isAbove: row > Math.min(...touched) && row <= Math.max(...touched),
        isBelow: row >= Math.min(...touched) && row < Math.max(...touched),
      });
    });
    return html`<tr><th scope="row">${stateLabel(state, counts[state] ?? 0)}</th>${cells}</tr>`;
  });
  const heads = actions.map(([action]) => html`<th scope="col"><span>${action}</span></th>`);
  return html`<table class="wires"><caption class="hidden">States and actions of ${machine.noun.object}</caption>
<thead><tr><th scope="col">State</th>${heads}</tr></thead><tbody>${rows}</tbody></table>`;
}

/** Where a name may break when there is little room. */
function stateLabel(state: string, count: number): Html {
  const words = state.split("_");
  const name = words.map((word, at) => (at < words.length - 1 ? html`${word}_<wbr>` : word));
  return state === "new" ? html`<i>new</i>` : html`<b class="count">${count}</b> ${name}`;
}

interface Cell {
  readonly action: string;
  readonly isBeginning: boolean;
  readonly isEnd: boolean;
  readonly event: string | null;
  /** Whether the wire goes on above and below this row. */
  readonly isAbove: boolean;
  readonly isBelow: boolean;
}

function cellOf({ action, isBeginning, isEnd, event, isAbove, isBelow }: Cell): Html {
  const says = [
    isBeginning ? `${action} may begin here` : "",
    isEnd ? `${action} may lead here${event ? ` and send ${event}` : ""}` : "",
  ].filter((part) => part !== "");
  const wire = [isAbove ? "above" : "", isBelow ? "below" : ""].join(" ").trim();
  if (says.length === 0) return html`<td class="${wire}"></td>`;
  const text = says.join("; ");
  return html`<td class="${wire}" title="${text}"><svg viewBox="0 0 24 24" aria-hidden="true">
${isEnd ? html`<path class="line" d="M12 12H0"/><path class="tip" d="M-7 12 0 8v8z"/>` : ""}
${isBeginning ? html`<circle cx="12" cy="12" r="4.5"/>` : ""}</svg><span class="hidden">${text}</span></td>`;
}
