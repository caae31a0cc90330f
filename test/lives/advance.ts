// Time passes; and what was said before of the next renewal is what it is then.
import assert from "node:assert/strict";
import type { Answer } from "./core.ts";
import type { Dice } from "./dice.ts";
import type { Life } from "./life.ts";

const day = 86_400;

/** From an hour to years, as far as what is billed often allows: each renewal is some dozen events. */
export async function advance(life: Life, dice: Dice, inSteps = 0): Promise<void> {
  const longest = Math.max(3, Math.floor(shortestDays(life) * 14));
  const days = Math.min(dice.of([1 / 24, 1, 7, 31, 95, 366, 1100]), longest);
  const target = life.at + Math.round(days * day) + dice.below(3);
  const said = inSteps === 0 ? promises(life) : [];
  life.told.push(`to ${new Date(target * 1000).toISOString()}`);
  for (let step = 1; step < inSteps; step++) {
    const part = life.at + Math.floor((target - life.at) / (inSteps - step + 1));
    if (part > life.at) await goTo(life, part);
  }
  await goTo(life, target);
  for (const { preview, subscription } of said) holdRenewal(life, subscription, preview);
}

async function goTo(life: Life, second: number): Promise<void> {
  await life.goTo(second, life.clock);
  life.at = second;
}

function shortestDays({ all, customer }: Life): number {
  const lengths = { day: 1, week: 7, month: 31, year: 366 };
  const items = all("/v1/subscriptions", { customer }).flatMap(({ items }) => items.data as Answer[]);
  const each = items.map(({ price: { recurring } }) => {
    const { interval, interval_count: count } = recurring as { interval: keyof typeof lengths; interval_count: number };
    return lengths[interval] * count;
  });
  return Math.min(100, ...each);
}

interface Promised {
  readonly subscription: Answer;
  readonly preview: Answer;
}

/**
 * Where several are billed, what waits for their customer goes to whichever comes first: nobody can say which. What a
 * draft will have used up when it is finalized is not used yet.
 */
function promises(life: Life): Promised[] {
  const living = life.all("/v1/subscriptions", { customer: life.customer });
  const drafts = life.all("/v1/invoices", { customer: life.customer, status: "draft" });
  if (living.length !== 1 || drafts.length > 0) return [];
  return living.flatMap((subscription) => {
    const { status, json } = life.ask("POST /v1/invoices/create_preview", { subscription: subscription.id });
    return status === 200 ? [{ subscription, preview: json }] : [];
  });
}

/** A draft that waits is not charged: what is for once may be used by one that is finalized before it. */
function holdRenewal(life: Life, before: Answer, preview: Answer): void {
  const billed = life.all("/v1/invoices", { subscription: before.id }).reverse();
  const known = new Set(life.events.filter(({ type }) => type === "invoice.created").map(({ data }) => data.object.id));
  const next = billed.find(({ id, billing_reason }) => !known.has(id) && billing_reason === "subscription_cycle");
  if (next && next.status !== "draft") assertPromised(preview, next, false);
}

/** `isAll`: with what its customer's balance made of it. */
export function assertPromised(preview: Answer, invoice: Answer, isAll = true): void {
  assert.deepEqual(shown(preview, isAll), shown(invoice, isAll), "a preview is what is charged");
}

function shown({ lines, subtotal, total, amount_due, currency }: Answer, isAll: boolean): object {
  const said = lines.data.map(({ amount, description, period, quantity, taxes }: Answer) => ({
    amount,
    description,
    period,
    quantity,
    taxes: taxes.map((tax: Answer) => tax.amount),
  }));
  return { currency, subtotal, total, ...(isAll && { amount_due }), lines: said };
}
