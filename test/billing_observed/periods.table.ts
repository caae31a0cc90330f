// From when to when: anchors, months of several lengths, several intervals on one subscription, and how far a clock goes.
import { day, invoice, line, lines, price, subscribe, subscription } from "./calls.ts";
import type { Call, Play, Shown, Step } from "./play.ts";

const at = (text: string) => Date.parse(`${text}Z`) / 1000;

/** Each with its interval: `1m` is a month, `2y` two years. */
const intervals = { d: "day", w: "week", m: "month", y: "year" } as const;

const priceOf = (length: string): Call => {
  const unit = length.at(-1) as keyof typeof intervals; // Of those below.
  return price(`plan${length}`, 1000, { interval: intervals[unit], every: Number(length.slice(0, -1)) });
};

const together = (combination: string): Call => subscribe(combination.split("+").map((length) => `plan${length}`));

const allowed = ["1m+3m", "1m+1y", "1d+1w", "1d+3m", "1d+2y", "2w+4w", "2m+4m+6m"];
const forbidden = ["2m+3m", "4m+6m", "1w+1m", "2d+1w", "5m+1y"];

const pricesOf = (combinations: readonly string[]): Step[] =>
  [...new Set(combinations.flatMap((one) => one.split("+")))].map(priceOf);

const periods = (...list: readonly (readonly [start: string, end: string])[]): Shown => ({
  items: {
    data: list.map(([start, end]) => ({ current_period_start: at(start), current_period_end: at(end) })),
  },
});

/** Of the subscription as a whole, as it was said before each item had its own. */
const whole = (start: string, end: string): Call => ({
  ...subscription({ current_period_start: at(start), current_period_end: at(end) }),
  version: "2025-02-24.acacia",
});

const [january, february, march, april, may] = [
  "2027-01-01T00:00",
  "2027-02-01T00:00",
  "2027-03-01T00:00",
  "2027-04-01T00:00",
  "2027-05-01T00:00",
] as const;

const texts = (...named: readonly string[]): readonly Step[] =>
  invoice({ lines: { data: named.map((name) => line(1000, `1 × Plan (at $10.00 / ${name})`)) } });

const clock = 1_762_590_427;

export const periodPlays: readonly Play[] = [
  {
    why: "from the 31st: on the last day of shorter months, and on the 31st again",
    sure: "documented",
    seen: { anchor: 1 },
    start: at("2027-12-31T10:15:30"),
    steps: [
      price("plan", 1000),
      subscribe("plan"),
      ...["2028-01-31T10:15:30", "2028-02-29T10:15:30", "2028-03-31T10:15:30", "2028-04-30T10:15:30"].flatMap((end) => [
        subscription({ items: { data: [{ current_period_end: at(end) }] } }),
        { until: at(end) },
      ]),
    ],
  },
  {
    why: "every two months on the 31st, from February on: anchored in August, billed from the end of February",
    sure: "documented",
    seen: { "anchor-config": 1 },
    start: at("2027-02-10T00:00"),
    steps: [
      price("plan", 2000, { every: 2 }),
      subscribe("plan", "billing_cycle_anchor_config[day_of_month]=31", {
        billing_cycle_anchor: at("2027-08-31T00:00"),
        ...periods(["2027-02-10T00:00", "2027-02-28T00:00"]),
      }),
      ...invoice({
        lines: lines(
          line(610, "Remaining time on Plan after 10 Feb 2027", [at("2027-02-10T00:00"), at("2027-02-28T00:00")]),
        ),
      }),
      { until: at("2027-02-28T02:00") },
      ...invoice({
        lines: lines(
          line(2000, "1 × Plan (at $20.00 / every 2 months)", [at("2027-02-28T00:00"), at("2027-04-30T00:00")]),
        ),
      }),
    ],
  },
  {
    why: "one, two and three months on one subscription",
    sure: "documented",
    seen: { "mixed-interval": 1 },
    start: at(january),
    steps: [
      ...pricesOf(["1m+2m+3m"]),
      together("1m+2m+3m"),
      subscription(periods([january, february], [january, march], [january, april])),
      whole(january, february),
      ...texts("every 3 months", "every 2 months", "month"),
      { until: at(february) + 7200 },
      subscription(periods([february, march], [january, march], [january, april])),
      whole(february, march),
      ...texts("month"),
      { until: at(march) + 7200 },
      subscription(periods([march, april], [march, may], [january, april])),
      whole(march, april),
      ...texts("every 2 months", "month"),
      { until: at(april) + 7200 },
      ...texts("every 3 months", "month"),
    ],
  },
  {
    why: "each interval is a multiple of the shortest",
    sure: "documented",
    seen: { "mixed-interval": 1 },
    steps: [
      ...pricesOf(allowed),
      ...allowed.map((combination) => ({ ...together(combination), shows: { status: "active" } })),
    ],
  },
  {
    why: "intervals that are not multiples of the shortest do not go together",
    sure: "documented",
    seen: { "mixed-interval": 1 },
    steps: [
      ...pricesOf(forbidden),
      ...forbidden.map((combination) => ({ ...together(combination), refused: { status: 400, param: "items" } })),
    ],
  },
  {
    why: "a clock goes two of the shortest periods ahead at once",
    sure: "recorded",
    seen: { "test-clock-limit": 1 },
    steps: [
      { call: "POST /v1/test_helpers/test_clocks", form: `frozen_time=${clock}`, as: "clock" },
      { call: "POST /v1/customers", form: "test_clock={clock.id}&email=ada@shop.test", as: "ada" },
      price("plan", 1000),
      {
        call: "POST /v1/subscriptions",
        form: "customer={ada.id}&items[0][price]={plan.id}&collection_method=send_invoice&days_until_due=7",
      },
      {
        call: "POST /v1/test_helpers/test_clocks/{clock.id}/advance",
        form: `frozen_time=${clock + 100 * day}`,
        refused: {
          status: 400,
          message:
            /^The frozen time of this clock is 1762590427 \(2025-11-08 08:27:07 UTC\)\. You can only advance it up to 1767860827 \(2026-01-08 08:27:07 UTC\)\./,
        },
      },
      {
        call: "POST /v1/test_helpers/test_clocks/{clock.id}/advance",
        form: "frozen_time=1767860827",
        shows: { status: "advancing" },
      },
    ],
  },
];
