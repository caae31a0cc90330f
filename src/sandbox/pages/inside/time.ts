// The sandbox's clock, what waits for it, and what waits for each test clock.
import { html } from "hono/html";
import { dayMs, hourMs, type Instant, minuteMs, secondMs } from "#kit/clock.ts";
import { type Coming, coming } from "../../kernel/time/coming.ts";
import type { PageRoute } from "../../kernel/wire/pages.ts";
import { monthsAfter } from "../../reckoning/months.ts";
import type { Inside } from "./inside.ts";
import { badge, type Html, linkedText, objectLink, table, timeHtml, twins, type View } from "./layout.ts";
import { isKnownTo } from "./objects/accounts.ts";
import { type Fields, type Outcome, tokenField } from "./write.ts";

const linesShown = 50; // A screen or two.
const dueShown = 20; // Of each clock; what comes after them is as far away as it is long.
const clocksShown = 20;
const advanceMaxMs = 400 * dayMs; // A year of renewals and some more, in one step.
const spans = { minutes: minuteMs, hours: hourMs, days: dayMs } as const;
const unmoved = "The clock of this sandbox cannot be moved.";
const units = [...Object.keys(spans), "months"];

export function timePages(inside: Inside): PageRoute[] {
  return twins("/-/time", () => showTime(inside));
}

/** `{ "count": 3, "unit": "days" }` or `{ "to": "next" }`. What is due on the way happens on the way, in its order. */
export async function advanceTime(inside: Inside, fields: Fields): Promise<Outcome> {
  const { advance, world } = inside;
  if (!advance) return { refusal: unmoved };
  const target = fields.to === "next" ? dueOn(inside, null, 1)[0]?.at : instantAfter(world.timeline.now(), fields);
  if (target === undefined) return { refusal: "Nothing waits for a later time." };
  const ms = target - world.timeline.now();
  if (!(ms >= 0 && ms <= advanceMaxMs)) {
    return { refusal: `Time moves forward, by ${units.join(", ")}, and by ${advanceMaxMs / dayMs} days at most.` };
  }
  await advance(Math.round(ms));
  return { json: { now: world.timeline.now() }, back: "/-/time" };
}

/** Not a number where that is none. */
function instantAfter(now: Instant, { count: text, unit }: Fields): Instant {
  const count = Number(text) > 0 ? Number(text) : Number.NaN;
  if (unit === "months") return monthsAfter(Math.floor(now / secondMs), count) * secondMs + (now % secondMs);
  return now + count * (spans[unit as keyof typeof spans] ?? Number.NaN); // Any other name is none of them.
}

function dueOn({ world }: Inside, clock: string | null, count: number): Coming[] {
  return coming(world, count, ({ timeline }) => timeline === clock);
}

/** A line of time, and what is due on it; the world's has no name. */
function standingOf(inside: Inside, clock: string | null) {
  const { now, target } = inside.world.timelines.of(clock)?.stand() ?? { now: 0, target: null };
  return { now, advancing_to: target, due: dueOn(inside, clock, dueShown) };
}

function showTime(inside: Inside): View {
  const { world, history } = inside;
  const own = standingOf(inside, null);
  const ids = [...world.timelines.stands()].flatMap(([id]) => id ?? []).slice(-clocksShown);
  const clocks = ids.map((clock) => ({ clock, ...standingOf(inside, clock) }));
  const lines = history.newest(linesShown);
  const isKnown = isKnownTo(inside);
  const rows = lines.map(({ at, kind, id, text }) => [
    timeHtml(at),
    badge(kind),
    linkedText(id, isKnown),
    linkedText(text, isKnown),
  ]);
  const next = own.due[0]?.at ?? null;
  return {
    title: "Time",
    json: { ...own, next, canMove: inside.advance !== undefined, clocks, newest: lines },
    body: html`${clockHtml(own, isKnown)}
${inside.advance ? advanceForms(inside, own.due[0]) : html`<p class="soft">${unmoved}</p>`}
${clocks.map(({ clock, ...one }) => html`<h2>Test clock ${objectLink(clock)}</h2>${clockHtml(one, isKnown)}`)}
<h2>What happened last</h2>${table(["When (UTC)", "What", "Object", "How"], rows, "Nothing has happened yet.")}`,
  };
}

type Standing = ReturnType<typeof standingOf>;

function clockHtml({ now, advancing_to: target, due }: Standing, isKnown: (id: string) => boolean): Html {
  const rows = due.map(({ at, object, what }) => [timeHtml(at), object ? linkedText(object, isKnown) : "", what]);
  return html`<p class="big">${timeHtml(now)} UTC</p>
${target === null ? "" : html`<p class="soft">On its way to ${timeHtml(target)} UTC.</p>`}
${table(["Due (UTC)", "Object", "What"], rows, "Nothing waits for a later time.")}
${due.length < dueShown ? "" : html`<p class="soft">These are the first ${dueShown}.</p>`}`;
}

function advanceForms(inside: Inside, next: Pick<Coming, "at"> | undefined): Html {
  const form = (fields: Html) =>
    html`<form class="form" method="post" action="/-/time/advance">${tokenField(inside)}${fields}</form>`;
  const step = (unit: string, name: string) =>
    form(html`<input type="hidden" name="unit" value="${unit}"><button name="count" value="1">${name}</button>`);
  return html`<div class="steps">
${next ? form(html`<button name="to" value="next">To what is due next</button>`) : ""}
${step("days", "A day on")}${step("months", "A month on")}</div>
${form(html`<label>Forward by <input name="count" type="number" min="1" value="1" required></label>
<label>Unit <select name="unit">${units.map((unit) => html`<option>${unit}</option>`)}</select></label>
<button>Move the clock</button>`)}`;
}
