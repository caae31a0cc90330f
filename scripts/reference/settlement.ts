// docs/reference/settlement.md: how long banks take in the sandbox, in both paces, from the tables that it acts by.
import type { Wait } from "../../src/sandbox/kernel/timeline/waits.ts";
import { resources } from "../../src/sandbox/resources/index.ts";
import { code, page, table } from "./markdown.ts";

export function settlementPage(): string {
  const rows = resources.flatMap(({ waits = {} }) => Object.entries(waits));
  return page(
    "How long banks take",
    "`test`, the default, is the pace of Stripe's test mode: days are seconds. `real` is the pace of life, for who " +
      'wants to see `processing` for days: `createSandbox({ settlement: "real" })`, `bursar sandbox --settlement ' +
      "real`, `bursar dev --settlement real` or `BURSAR_SETTLEMENT=real`. `/-/time` moves the clock.",
    "A banking day is one of the euro (TARGET): no weekend, no New Year, Good Friday, Easter Monday, first of May, " +
      "25th or 26th of December. It begins at midnight UTC; what is handed in after 10:30 in Central Europe counts " +
      "as the next one's.",
    table(
      ["Wait", "Until", "test", "real"],
      rows.map(([name, { what, test, real, source }]) => [
        code(name),
        what,
        `${words(test)} (${source.test})`,
        `${words(real)} (${source.real})`,
      ]),
    ),
    "How we know: `docs` is Stripe's documentation, `seen` are logs of real accounts, `ours` is our pick where " +
      "Stripe names a range or nothing. In `real`, a refund that the available balance does not cover waits (cards) " +
      "or fails (everything else), as Stripe's documentation says; in `test` the balance becomes negative.",
  );
}

function words(wait: Wait): string {
  if ("bankingDays" in wait) return plural(wait.bankingDays, "banking day");
  if ("midnights" in wait) return wait.midnights === 1 ? "the next midnight" : `the midnight in ${wait.midnights} days`;
  if (wait.ms === 0) return "at once";
  const [size, unit] = units.find(([ms]) => wait.ms % ms === 0) ?? units[3];
  return plural(wait.ms / size, unit);
}

const units = [
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
  [1_000, "second"],
] as const;

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
