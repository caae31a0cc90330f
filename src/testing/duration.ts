// "31 days" in milliseconds: how a story says how long it waits.
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";

const units = { second: secondMs, minute: minuteMs, hour: hourMs, day: dayMs };

export type Duration = number | `${number} ${keyof typeof units}${"" | "s"}`;

/** `durationMs("31 days")` */
export function durationMs(duration: Duration): number {
  if (typeof duration === "number" && duration >= 0 && Number.isFinite(duration)) return duration;
  const [, count, unit] =
    /^(\d+(?:\.\d+)?) (second|minute|hour|day)s?$/.exec(typeof duration === "string" ? duration : "") ?? [];
  if (count !== undefined) return Number(count) * units[unit as keyof typeof units];
  throw problem("invalid_params", "This is not a duration", {
    hint: 'Write "31 days", "2 hours", "1 minute", "5 seconds", or a number of milliseconds.',
    details: { field: "duration" },
  });
}
