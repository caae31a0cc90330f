// Stripe's clock, learnt from the Date headers of its answers. Ages of keys, freshness of events and the tolerance of
// signatures are Stripe's business: a machine whose clock is wrong must not refuse authentic events in silence. It is
// also the one clock that replicas share: what billing takes for now is Stripe's time (decision 30), and while that is
// not known there is no now to write down (decision 44).
import { type Clock, type Instant, secondMs } from "#kit/clock.ts";
import { type Problem, problem } from "#kit/problems.ts";

/** An offset over this makes health red: somebody should look after the machine's clock. */
export const offsetMaxMs = 30 * secondMs;
/** One answer may be late; the best of the last few is near the truth. */
const samplesMax = 8;
/** Wall and monotonic clock part by more than this only when the machine slept, or when somebody set its clock. */
const jumpMs = 2 * secondMs;

export interface StripeTime {
  /** Called for each answer of Stripe. */
  learn(dateHeader: string | null, tookMs: number): void;
  /** False before the first answer, and again after the machine has slept or its clock was set. */
  isKnown(): boolean;
  /** Stripe's time, or undefined while it is not known. */
  known(): Instant | undefined;
  /** Stripe's time, for what is written down or decided: throws while it is not known. */
  now(): Instant;
  /** By Stripe's time or by the machine's clock, whichever is later: for what must not be taken for younger. */
  latest(): Instant;
  /** Milliseconds to add to the machine's clock; 0 until known. */
  offsetMs(): number;
}

interface Sample {
  /** Stripe's time less our monotonic clock's. */
  readonly aheadMs: number;
  readonly errorMs: number;
}

export function createStripeTime(clock: Clock): StripeTime {
  const gap = () => clock.now() - clock.monotonicMs();
  let samples: Sample[] = [];
  let gapMs = gap();
  /** Between two answers only the monotonic clock moves us, and it stands still while the machine sleeps. */
  const noticeJump = () => {
    const now = gap();
    if (Math.abs(now - gapMs) > jumpMs) samples = [];
    gapMs = now; // a clock that is slewed drifts by as much in a day, and has not jumped
  };
  const aheadMs = (): number => {
    noticeJump();
    const [first, ...others] = samples;
    return first ? others.reduce((a, b) => (b.errorMs <= a.errorMs ? b : a), first).aheadMs : gapMs;
  };
  const known = () => {
    noticeJump();
    return samples.length > 0 ? aheadMs() + clock.monotonicMs() : undefined;
  };
  return {
    learn(dateHeader, tookMs) {
      noticeJump();
      const date = parseDate(dateHeader);
      if (date === undefined) return;
      // The header has whole seconds: what it says is right within a second and half the way there and back.
      const ours = clock.now() - Math.floor(tookMs / 2);
      const difference = Math.abs(date - ours) <= secondMs ? 0 : date - ours;
      const fresh = { aheadMs: gapMs + difference, errorMs: secondMs + tookMs };
      // What contradicts the newest answer is from before somebody set a clock, ours or that of a sandbox.
      const agrees = (one: Sample) => Math.abs(one.aheadMs - fresh.aheadMs) <= one.errorMs + fresh.errorMs;
      samples = [...samples.filter(agrees), fresh].slice(-samplesMax);
    },
    isKnown() {
      noticeJump();
      return samples.length > 0;
    },
    known,
    now() {
      const now = known();
      if (now === undefined) throw timeUnknown();
      return now;
    },
    latest: () => Math.max(known() ?? 0, clock.now()),
    offsetMs: () => aheadMs() - gapMs,
  };
}

/**
 * Stripe's time before which the request had not left: the answer's own Date, less the way there and back, less a
 * second. Of an answer without one nothing is known but that it came: 0.
 */
export function begunBefore(dateHeader: string | null, tookMs: number): Instant {
  const date = parseDate(dateHeader);
  return date === undefined ? 0 : Math.max(0, date - tookMs - secondMs);
}

/** Nothing was written down; whoever asked asks again. */
export function timeUnknown(): Problem {
  return problem("stripe_unreachable", "Stripe does not answer, so its time is not known and nothing can be dated", {
    hint: "Give the command again in a moment. Is Stripe reachable from here?",
  });
}

/** The machine's clock, put right by Stripe's. It has no now while Stripe's time is not known. */
export function correctedClock(clock: Clock, time: StripeTime): Clock {
  return { ...clock, now: time.now };
}

function parseDate(header: string | null): Instant | undefined {
  const date = header === null ? Number.NaN : Date.parse(header);
  return Number.isNaN(date) ? undefined : date;
}
