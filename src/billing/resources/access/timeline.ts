// How an answer goes on by itself: what is stored of it, so that it is right at every instant without anybody coming to
// change it. Pure. The first of its spans is what was told last.
import { dayMs, type Instant } from "#kit/clock.ts";
import { type AccessAnswer, type AccessInput, accessAt, lentMs, nothing } from "./policy.ts";

/** The answer from this instant on, until the next one begins. */
export interface Span extends AccessAnswer {
  readonly from: Instant;
}

/** By feature, the answer now and each other one that follows if nothing else happens. */
export function timelineOf(input: AccessInput, now: Instant): ReadonlyMap<string, readonly Span[]> {
  const spans = new Map<string, Span[]>();
  for (const from of [now, ...turnsAfter(input, now)]) {
    const answers = accessAt(input, from);
    for (const feature of new Set([...spans.keys(), ...answers.keys()])) {
      const type = input.features[feature] ?? "boolean";
      const answer = answers.get(feature) ?? nothing(type);
      const known = spans.get(feature) ?? [];
      const last = known.at(-1);
      if (!last || !isSame(last, answer)) spans.set(feature, [...known, { ...answer, from }]);
    }
  }
  return spans;
}

/** The instants at which the policy may come to another answer, in their order. */
function turnsAfter(input: AccessInput, now: Instant): readonly Instant[] {
  const graceMs = input.policy.graceDays * dayMs;
  const ofSubscriptions = input.subscriptions.flatMap(({ trialEnd, endsAt, daysUntilDue, items, id }) => {
    const lentUntil = (since: Instant) => since + lentMs + (daysUntilDue ?? 0) * dayMs;
    const invoices = input.invoices.filter(({ subscription }) => subscription === id);
    return [
      trialEnd ?? now,
      endsAt ?? now,
      ...items.flatMap(({ periodStart, periodEnd }) => [periodStart, periodEnd].flatMap((at) => [at, lentUntil(at)])),
      ...invoices.flatMap(({ lines, failedAt, dueAt }) => [
        ...lines.flatMap(({ start, end }) => [start, end, lentUntil(start)]),
        ...[failedAt, dueAt].flatMap((at) => (at === null ? [] : [at, at + graceMs])),
      ]),
    ];
  });
  const all = [...ofSubscriptions, ...input.grants.map(({ until }) => until ?? now)];
  return [...new Set(all.filter((at) => at > now))].sort((a, b) => a - b);
}

export function isSame(a: AccessAnswer, b: AccessAnswer): boolean {
  return a.allowed === b.allowed && a.reason === b.reason && a.limit === b.limit && a.until === b.until;
}

export interface Current {
  readonly answer: AccessAnswer;
  /** When it will be another one. */
  readonly nextChangeAt: Instant | null;
}

/** What holds at the instant; before the first, that one. */
export function spanAt(spans: readonly Span[], now: Instant): Current | undefined {
  const nth = Math.max(
    0,
    spans.findLastIndex(({ from }) => from <= now),
  );
  const answer = spans[nth];
  return answer && { answer, nextChangeAt: spans[nth + 1]?.from ?? null };
}

/** From what was told last to what holds now: every answer that came between, each beside the one before. */
export function transitions(
  told: readonly Span[],
  after: { readonly answer: AccessAnswer; readonly now: Instant },
): readonly { readonly previous: AccessAnswer; readonly answer: AccessAnswer }[] {
  // One that begins at this instant is what holds now, or has been overtaken.
  const passed = told.filter(({ from }, nth) => nth === 0 || from < after.now);
  const answers = [...passed, after.answer];
  return answers.flatMap((answer, nth) => {
    const previous = answers[nth - 1];
    return previous && !isSame(previous, answer) ? [{ previous, answer }] : [];
  });
}
