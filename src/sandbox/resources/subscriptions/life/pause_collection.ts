// Collection that is paused: periods run and are billed, and what is billed stays a draft, is written off or is voided.
// https://docs.stripe.com/billing/subscriptions/pause-payment
import { secondMs } from "#kit/clock.ts";
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { change, read } from "../../../kernel/state/writes.ts";
import { laterAt } from "../../../kernel/time/later.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { given, hash, integer, text } from "../../../kernel/words/params.ts";
import { rows } from "../refusals.table.ts";
import { type Subscription, subscriptions } from "../subscription.ts";

type Pause = Subscription["pause_collection"];

/** Undefined: nothing was sent of it; null ends it. */
export function pauseOf(unit: Unit, params: Params, before: Pause): Pause | undefined {
  if (params.pause_collection === undefined) return undefined;
  const sent = hash(params, "pause_collection");
  if (!sent) return null;
  const resumesAt = sent.resumes_at === null ? null : integer(sent, "resumes_at");
  if (typeof resumesAt === "number" && resumesAt * secondMs <= unit.now) throw refusal(rows.resumesPast);
  const usual = { behavior: "keep_as_draft", resumes_at: null };
  return { ...usual, ...before, ...given({ behavior: text(sent, "behavior"), resumes_at: resumesAt }) };
}

export function fileResumption(unit: Unit, { id, pause_collection: pause }: Subscription): void {
  if (pause && pause.resumes_at !== null) laterAt(unit, pause.resumes_at * secondMs, resumeCollection, id);
}

export function resumeCollection(unit: Unit, id: string): void {
  const subscription = read(unit, subscriptions, id);
  const at = subscription?.pause_collection?.resumes_at ?? null;
  if (!subscription || at === null || at * secondMs > unit.now) return;
  change(unit, subscriptions, subscription, { pause_collection: null }, "customer.subscription.updated");
}
