// Stripe's clock, learnt from the Date headers of its answers. Ages of keys, freshness of events and the tolerance of
// signatures are Stripe's business: a machine whose clock is wrong must not refuse authentic events in silence.
import { type Clock, type Instant, secondMs } from "#kit/clock.ts";

/** An offset over this makes health red: somebody should look after the machine's clock. */
export const offsetMaxMs = 30 * secondMs;
/** One answer may be late; the best of the last few is near the truth. */
const samplesMax = 8;

export interface StripeTime {
  /** Called for each answer of Stripe. */
  learn(dateHeader: string | null, tookMs: number): void;
  isKnown(): boolean;
  /** Milliseconds to add to our clock; 0 until known. */
  offsetMs(): number;
  now(): Instant;
}

export function createStripeTime(clock: Clock): StripeTime {
  // The base is read once; then only the monotonic clock moves us, so a jump of the wall clock is not Stripe's jump.
  const base = clock.now() - clock.monotonicMs();
  const samples: { offsetMs: number; errorMs: number }[] = [];
  const best = () => samples.reduce((a, b) => (b.errorMs <= a.errorMs ? b : a), samples[0]!);
  const offset = () => (samples.length === 0 ? 0 : best().offsetMs);
  return {
    learn(dateHeader, tookMs) {
      const date = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
      if (Number.isNaN(date)) return;
      // The header has whole seconds: what it says is right within a second and half the way there and back.
      const difference = date - (base + clock.monotonicMs() - Math.floor(tookMs / 2));
      samples.push({ offsetMs: Math.abs(difference) <= secondMs ? 0 : difference, errorMs: secondMs + tookMs });
      if (samples.length > samplesMax) samples.shift();
    },
    isKnown: () => samples.length > 0,
    offsetMs: offset,
    now: () => base + clock.monotonicMs() + offset(),
  };
}
