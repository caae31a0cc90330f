// Stripe's seconds, as facts and answers say them.
import { secondMs } from "#kit/clock.ts";

export function isoOf(seconds: number): string {
  return new Date(seconds * secondMs).toISOString();
}

export function isoOrNull(seconds: number | null): string | null {
  return seconds === null ? null : isoOf(seconds);
}

export function dateOrNull(seconds: number | null): Date | null {
  return seconds === null ? null : new Date(seconds * secondMs);
}
