// Each second of an item is billed once: what its lines ask for and give back covers it once, and leaves none out.
import assert from "node:assert/strict";
import type { Answer } from "../core.ts";
import type { Seen } from "../seen.ts";

interface Stretch {
  readonly item: string;
  readonly start: number;
  readonly end: number;
  /** One for what is asked for, minus one for what is given back. */
  readonly weight: 1 | -1;
}

export function periods({ invoices, pending, subscriptions, life }: Seen): void {
  const stretches = [...invoices.flatMap(({ lines }) => onePerPeriod(lines)), ...pending].flatMap(stretchOf);
  for (const { id, status, items } of subscriptions) {
    const marks = life.marks.get(id) ?? new Set();
    if (marks.has("unprorated") || status === "canceled") continue;
    for (const item of items.data as Answer[]) {
      const own = stretches.filter((one) => one.item === item.id);
      const mayBeFree = marks.has("free") || status === "paused";
      for (const { start, end, times } of covered(own, item.created, item.current_period_end)) {
        const why = `${item.id} of ${id} (${status}): ${textOf(start)} to ${textOf(end)} is billed ${times} times`;
        assert.ok(times === 1 || (times === 0 && mayBeFree), why);
      }
    }
  }
}

/** The bands of a tiered price are one bill of one period. */
function onePerPeriod(lines: readonly Answer[]): Answer[] {
  const plain = lines.filter(({ parent }) => parent.subscription_item_details?.invoice_item === null);
  const grouped = Map.groupBy(
    plain,
    ({ parent, period }) => `${parent.subscription_item_details.subscription_item} ${period.start}`,
  );
  const others = lines.filter((line) => !plain.includes(line));
  return [...[...grouped.values()].flatMap(([first]) => first ?? []), ...others];
}

function stretchOf({ parent, period, description, proration }: Answer): Stretch[] {
  const isProration =
    proration ?? parent?.subscription_item_details?.proration ?? parent?.invoice_item_details?.proration;
  const item: string | undefined =
    parent?.subscription_item_details?.subscription_item ?? parent?.subscription_details?.subscription_item;
  const isTrial = /^(Free trial|Trial period)/.test(description);
  if (item === undefined || isTrial || (isProration === false && parent?.type === "invoice_item_details")) return [];
  const weight = isProration && description.startsWith("Unused") ? -1 : 1;
  return [{ item, start: period.start, end: period.end, weight }];
}

function covered(stretches: readonly Stretch[], from: number, to: number) {
  const cuts = [from, to, ...stretches.flatMap(({ start, end }) => [start, end])]
    .filter((second) => second >= from && second <= to)
    .sort((one, other) => one - other);
  return [...new Set(cuts)].slice(0, -1).map((start, at, all) => {
    const end = all[at + 1] ?? to;
    const over = stretches.filter((one) => one.start <= start && one.end >= end);
    return { start, end, times: over.reduce((sum, { weight }) => sum + weight, 0) };
  });
}

const textOf = (second: number): string => new Date(second * 1000).toISOString();
