// What an object's noun tells of it, and what is due of it next.
import { html } from "hono/html";
import { secondMs } from "#kit/clock.ts";
import { createIds } from "#kit/ids.ts";
import { formatMoney } from "#kit/money.ts";
import { seededRandom } from "#kit/random.ts";
import { unstruck } from "../../../kernel/records/faults.ts";
import type { Account } from "../../../kernel/state/accounts.ts";
import type { Chapter, Fact, Told } from "../../../kernel/state/appearance.ts";
import type { StripeObject } from "../../../kernel/state/noun.ts";
import { drop, tickUnit } from "../../../kernel/state/unit.ts";
import { type Coming, coming, subjectOf } from "../../../kernel/time/coming.ts";
import type { Inside } from "../inside.ts";
import { badge, type Cell, type Html, linkedText, table, timeHtml } from "../layout.ts";

const dueShown = 20; // What comes after them is as far away as it is long.
const rowsShown = 24; // The newest: two years by the month.

interface Life {
  readonly chapters: readonly Chapter[];
  readonly due: readonly Coming[];
}

export function lifeOf(
  inside: Inside,
  id: string,
  found: { account: Account; object: StripeObject } | undefined,
): Life {
  if (!found) return { chapters: [], due: [] };
  const { chapters, concerns } = toldOf(inside, found.account, found.object);
  const subjects = new Set([id, ...concerns]);
  return { chapters, due: coming(inside.world, dueShown, (entry) => subjects.has(subjectOf(entry) ?? "")) };
}

/** Ids of its own, so that looking does not change those that are given out next. */
function toldOf({ tells, world }: Inside, account: Account, object: StripeObject): Told {
  const imagined = { ...world, ids: createIds(seededRandom(0, "told")), faults: unstruck(world.faults) };
  const unit = tickUnit(imagined, account);
  try {
    const { chapters, concerns } = tells.get(object.object)?.(unit, object) ?? { chapters: [], concerns: [] };
    return { chapters: chapters.map((one) => ({ ...one, rows: one.rows.slice(-rowsShown) })), concerns };
  } finally {
    drop(unit);
  }
}

export function chapterHtml({ title, rows }: Chapter, isKnown: (id: string) => boolean): Html {
  const columns = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => columns.map((column) => cellOf(row[column] ?? null, isKnown)));
  return html`<h2>${title}</h2>${table(columns.map(headOf), cells)}`;
}

export function dueHtml(due: readonly Coming[], isKnown: (id: string) => boolean): Html | string {
  if (due.length === 0) return "";
  const rows = due.map(({ at, object, what }) => [timeHtml(at), object ? linkedText(object, isKnown) : "", what]);
  return html`<h2>Due next</h2>${table(["Due (UTC)", "Object", "What"], rows)}`;
}

/** `period_start` is "Period start". */
function headOf(column: string): string {
  const text = column.replaceAll("_", " ");
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function cellOf(fact: Fact, isKnown: (id: string) => boolean): Cell {
  if (fact === null) return "";
  if (typeof fact === "number") return fact;
  if (typeof fact === "string") return linkedText(fact, isKnown);
  if ("second" in fact) return timeHtml(fact.second * secondMs);
  return "word" in fact ? badge(fact.word) : html`<span class="whole">${formatMoney(fact)}</span>`;
}

/** `{ "life": { "invoices": [{ "id": "in_…", "status": "paid", "total": 1000, … }] } }`; instants are in seconds. */
export function chaptersJson(chapters: readonly Chapter[]): object {
  if (chapters.length === 0) return {};
  const plain = (row: Chapter["rows"][number]) =>
    Object.fromEntries(Object.entries(row).map(([column, fact]) => [column, plainOf(fact)]));
  return { life: Object.fromEntries(chapters.map(({ name, rows }) => [name, rows.map(plain)])) };
}

function plainOf(fact: Fact): string | number | null {
  if (fact === null || typeof fact !== "object") return fact;
  if ("second" in fact) return fact.second;
  return "word" in fact ? fact.word : fact.amount;
}
