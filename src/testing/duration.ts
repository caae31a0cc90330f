// "31 days" in milliseconds: how a story says how long it waits.
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";

const units = { second: secondMs, minute: minuteMs, hour: hourMs, day: dayMs };

export type Duration = number | `${number} ${keyof typeof units}${"" | "s"}`;

/** `durationMs("31 days")` */
export function durationMs(duration: Duration): number {
  if (typeof duration === "number") return duration;
  const [count, unit] = duration.split(" ") as [string, string];
  return Number(count) * units[unit.replace(/s$/, "") as keyof typeof units];
}
