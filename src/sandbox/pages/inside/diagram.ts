// A machine as a drawing: states in columns by how many moves they are from the beginning, moves as curves.
import { html } from "hono/html";
import type { MachineRow } from "./inside.ts";
import type { Html } from "./layout.ts";

export interface Edge {
  readonly action: string;
  readonly from: string;
  readonly to: string;
  readonly event: string | null;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

const boxWidth = 190;
const boxHeight = 44;
const columnWidth = 380;
const rowHeight = 96;
const margin = 40;
/** Moves within a column bow out to its right. */
const bowWidth = 150;

export function edgesOf({ actions }: MachineRow): Edge[] {
  return Object.entries(actions).flatMap(([action, { from, to }]) =>
    from.flatMap((source) =>
      Object.entries(to).map(([end, event]) => ({ action, from: source, to: end, event: event ?? null })),
    ),
  );
}

export function diagramOf(machine: MachineRow, counts: Readonly<Record<string, number>>): Html {
  const edges = edgesOf(machine);
  const places = placesOf(edges);
  const all = [...places.values()];
  const width = Math.max(...all.map(({ x }) => x)) + boxWidth + bowWidth;
  const height = Math.max(...all.map(({ y }) => y)) + boxHeight + margin;
  const marker = `tip-${machine.noun.object}`;
  // Several actions between the same two states share a curve.
  const curves = Map.groupBy(
    edges.filter(({ from, to }) => from !== to),
    ({ from, to }) => `${from} ${to}`,
  );
  return html`<div class="scroll"><svg viewBox="0 0 ${width} ${height}" width="${width}" role="img"
aria-label="States of ${machine.noun.object}">
<defs><marker id="${marker}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>
${[...curves.values()].map((group, nth) => curveOf(group, nth, places, marker))}
${[...places].map(([state, place]) => boxOf(state, place, counts[state] ?? 0, edges))}
</svg></div>`;
}

/** Breadth first from "new". */
function placesOf(edges: readonly Edge[]): Map<string, Place> {
  const depth = new Map<string, number>([["new", 0]]);
  for (const [state, level] of depth) {
    // The map grows while it is walked: what is reached first is nearest.
    for (const { from, to } of edges) if (from === state && !depth.has(to)) depth.set(to, level + 1);
  }
  for (const { from, to } of edges) for (const state of [from, to]) if (!depth.has(state)) depth.set(state, 1);
  const rows = new Map<number, number>();
  const places = new Map<string, Place>();
  for (const [state, level] of depth) {
    const row = rows.get(level) ?? 0;
    rows.set(level, row + 1);
    places.set(state, { x: margin + level * columnWidth, y: margin + row * rowHeight });
  }
  return places;
}

function boxOf(state: string, { x, y }: Place, count: number, edges: readonly Edge[]): Html {
  const middle = x + boxWidth / 2;
  const loops = edges.filter(({ from, to }) => from === state && to === state).map(({ action }) => action);
  const label = state === "new" ? state : html`${state} <tspan class="count">${count}</tspan>`;
  return html`<g><rect x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" rx="8"/>
<text x="${middle}" y="${y + 27}">${label}</text>
${loops.length > 0 ? actionText(middle, y + boxHeight + 14, `↻ ${loops.join(", ")}`) : ""}</g>`;
}

function curveOf(
  group: readonly Edge[],
  nth: number,
  places: ReadonlyMap<string, Place>,
  marker: string,
): Html | string {
  const [first] = group;
  const from = first && places.get(first.from);
  const to = first && places.get(first.to);
  if (!from || !to) return "";
  const isForward = to.x > from.x;
  const isSameColumn = to.x === from.x;
  const startX = isForward || isSameColumn ? from.x + boxWidth : from.x;
  const endX = isForward ? to.x : to.x + boxWidth;
  // Ways back run a little lower, so that they do not lie on the ways forward.
  const shift = isForward ? -6 : 8;
  const startY = from.y + boxHeight / 2 + shift;
  const endY = to.y + boxHeight / 2 + shift;
  const bend = isSameColumn ? 40 + Math.abs(endY - startY) / 4 : (endX - startX) / 2;
  const xs = [startX, startX + bend, isSameColumn ? endX + bend : endX - bend, endX] as const;
  const ys = [startY, startY, endY, endY] as const;
  // Neighbours wear their names at different places of their way.
  const share = 0.28 + 0.16 * (nth % 4);
  const line = `M${xs[0]} ${ys[0]} C${xs[1]} ${ys[1]} ${xs[2]} ${ys[2]} ${xs[3]} ${ys[3]}`;
  const names = [...new Set(group.map(({ action }) => action))].join(", ");
  return html`<path d="${line}" marker-end="url(#${marker})"/>
${actionText(Math.round(pointOf(xs, share)), Math.round(pointOf(ys, share)) + 4, names)}`;
}

type Four = readonly [number, number, number, number];

/** One coordinate of a cubic curve. */
function pointOf([a, b, c, d]: Four, share: number): number {
  const rest = 1 - share;
  return rest ** 3 * a + 3 * rest ** 2 * share * b + 3 * rest * share ** 2 * c + share ** 3 * d;
}

function actionText(x: number, y: number, text: string): Html {
  return html`<text class="action" x="${x}" y="${y}">${text}</text>`;
}
