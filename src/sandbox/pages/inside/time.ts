// The sandbox's clock, and what waits for it.
import { html } from "hono/html";
import { dayMs, hourMs, minuteMs } from "#kit/clock.ts";
import type { PageRoute } from "../../kernel/wire/pages.ts";
import type { Inside } from "./inside.ts";
import { badge, type Html, linkedText, table, timeHtml, twins, type View } from "./layout.ts";
import { isKnownTo } from "./objects/accounts.ts";
import { type Fields, type Outcome, tokenField } from "./write.ts";

const linesShown = 50; // A screen or two.
const advanceMaxMs = 400 * dayMs; // A year of renewals and some more, in one step.
const units = { minutes: minuteMs, hours: hourMs, days: dayMs } as const;

export function timePages(inside: Inside): PageRoute[] {
  return twins("/-/time", () => showTime(inside));
}

/** `{ "count": 3, "unit": "days" }`. What is due on the way happens on the way, in its order. */
export async function advanceTime({ advance, world }: Inside, fields: Fields): Promise<Outcome> {
  if (!advance) return { refusal: "The clock of this sandbox cannot be moved." };
  const unit = units[fields.unit as keyof typeof units] as number | undefined;
  const ms = Number(fields.count) * (unit ?? Number.NaN);
  if (!(ms > 0 && ms <= advanceMaxMs)) {
    return { refusal: `Time moves forward, by minutes, hours or days, and by ${advanceMaxMs / dayMs} days at most.` };
  }
  await advance(Math.round(ms));
  return { json: { now: world.timeline.now() }, back: "/-/time" };
}

function showTime(inside: Inside): View {
  const { world, history } = inside;
  const { now, target } = world.timeline.stand();
  const next = world.timeline.nextAt() ?? null;
  const due = next === null ? "Nothing waits for a later time." : html`The next thing is due at ${timeHtml(next)} UTC.`;
  const isKnown = isKnownTo(inside);
  const lines = history.newest(linesShown);
  const rows = lines.map(({ at, kind, id, text }) => [
    timeHtml(at),
    badge(kind),
    linkedText(id, isKnown),
    linkedText(text, isKnown),
  ]);
  return {
    title: "Time",
    json: { now, next, advancing_to: target, canMove: inside.advance !== undefined, newest: lines },
    body: html`<p class="big">${timeHtml(now)} UTC</p>
<p class="soft">${target === null ? due : html`On its way to ${timeHtml(target)} UTC.`}</p>
${inside.advance ? advanceForm(inside) : html`<p class="soft">The clock of this sandbox cannot be moved.</p>`}
<h2>What happened last</h2>${table(["When (UTC)", "What", "Object", "How"], rows, "Nothing has happened yet.")}`,
  };
}

function advanceForm(inside: Inside): Html {
  return html`<form class="form" method="post" action="/-/time/advance">${tokenField(inside)}
<label>Forward by <input name="count" type="number" min="1" value="1" required></label>
<label>Unit <select name="unit">${Object.keys(units).map((unit) => html`<option>${unit}</option>`)}</select></label>
<button>Move the clock</button></form>`;
}
