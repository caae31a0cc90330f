// When a bank will have done something: one of the waits of its noun, counted from now. Banking days are those of the
// euro (TARGET): no weekend, no New Year, Good Friday, Easter Monday, first of May, 25th and 26th of December.
import { dayMs, type Instant } from "#kit/clock.ts";
import type { Unit } from "../state/unit.ts";
import type { BankWait, Wait } from "../timeline/waits.ts";
import { commonDefaults } from "../words/defaults.table.ts";
import { inWorld, laterAt } from "./later.ts";

const cutOffMs = commonDefaults.bankingDayCutOffMs.value;

/** `laterBy(unit, refundWaits.refundFails, failRefund, refund.id)`: a unit of its own, once the bank has done this. */
export function laterBy<V extends readonly unknown[]>(
  unit: Unit,
  wait: BankWait,
  work: (unit: Unit, ...values: V) => void,
  ...values: V
): void {
  laterAt(inWorld(unit), dueAt(unit, wait), work, ...values);
}

/** The instant at which the bank will have done this, if it begins then. */
export function dueAt(unit: Unit, wait: BankWait, from: Instant = inWorld(unit).now): Instant {
  return endOf(wait[unit.world.settlement], from);
}

/** The same in whole seconds, as Stripe's objects carry it. */
export function dueSecond(unit: Unit, wait: BankWait): number {
  return Math.floor(dueAt(unit, wait) / 1000);
}

/** The first midnight UTC at which it will have done this, in seconds. */
export function dueMidnight(unit: Unit, wait: BankWait): number {
  return (Math.ceil(dueAt(unit, wait) / dayMs) * dayMs) / 1000;
}

/** How many days that is, as settings count them. */
export function daysOf(unit: Unit, wait: BankWait): number {
  const takes = wait[unit.world.settlement];
  if ("ms" in takes) return Math.ceil(takes.ms / dayMs);
  return "midnights" in takes ? takes.midnights : takes.bankingDays;
}

export function endOf(wait: Wait, now: Instant): Instant {
  if ("ms" in wait) return now + wait.ms;
  const today = now - (now % dayMs);
  return "midnights" in wait ? today + wait.midnights * dayMs : bankingDayAfter(now, today, wait.bankingDays);
}

function bankingDayAfter(now: Instant, today: Instant, count: number): Instant {
  const isInTime = isBankingDay(today) && now - today <= cutOffMs;
  let day = isInTime ? today : nextBankingDay(today);
  for (let passed = 0; passed < count; passed++) day = nextBankingDay(day);
  return day;
}

function nextBankingDay(after: Instant): Instant {
  let day = after + dayMs;
  while (!isBankingDay(day)) day += dayMs;
  return day;
}

/** @param midnight the beginning of the day, UTC */
export function isBankingDay(midnight: Instant): boolean {
  const date = new Date(midnight);
  const weekday = date.getUTCDay();
  if (weekday === 0 || weekday === 6 || fixedHolidays.has(date.toISOString().slice(5, 10))) return false;
  const fromEaster = (midnight - easterSunday(date.getUTCFullYear())) / dayMs;
  return fromEaster !== -2 && fromEaster !== 1;
}

const fixedHolidays: ReadonlySet<string> = new Set(["01-01", "05-01", "12-25", "12-26"]);

/** The anonymous Gregorian computus, with the letters it is printed with. */
function easterSunday(year: number): Instant {
  const whole = (dividend: number, divisor: number) => Math.floor(dividend / divisor);
  const a = year % 19;
  const b = whole(year, 100);
  const c = year % 100;
  const g = whole(b - whole(b + 8, 25) + 1, 3);
  const h = (19 * a + b - whole(b, 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * whole(c, 4) - h - (c % 4)) % 7;
  const m = whole(a + 11 * h + 22 * l, 451);
  const days = h + l - 7 * m + 114;
  return Date.UTC(year, whole(days, 31) - 1, (days % 31) + 1);
}
