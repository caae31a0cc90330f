// docs/reference/observed.md: how much of what Stripe was seen to bill and to say is played by the tests.
import { counted, countedFlows, sumOf, together } from "../../test/billing_observed/count.ts";
import { page, table } from "./markdown.ts";

export function observedPage(): string {
  const rows = counted();
  const sum = (name: "played" | "seen") => rows.reduce((all, row) => all + row[name], 0);
  const by = (name: "elsewhere" | "otherwise" | "waits") => listed(together(rows.map((row) => row[name])));
  const flows = countedFlows();
  return page(
    "What Stripe was seen to bill",
    `Of ${sum("seen")} observations of real accounts and of Stripe's documentation, ${sum("played")} are played by ` +
      "[test/billing_observed.test.ts](../../test/billing_observed.test.ts): the same calls at the same seconds, and " +
      "the same amounts, texts, periods, states and refusals. A play may be of several.",
    table(
      ["Kind", "Seen", "Played", "Held elsewhere", "Waits", "Otherwise here"],
      rows.map(({ name, ...row }) => [
        name,
        ...[row.seen, row.played, sumOf(row.elsewhere), sumOf(row.waits), sumOf(row.otherwise)].map(shown),
      ]),
    ),
    "## Held by another test",
    by("elsewhere"),
    "## What the others wait for",
    by("waits"),
    "## Otherwise here",
    by("otherwise"),
    "## Sequences of events",
    `Of ${flows.seen} sequences that were seen, ${flows.told} are told by ` +
      "[test/events_observed.test.ts](../../test/events_observed.test.ts), as a whole or in part: in an order of " +
      "their own, in which all comes after what it must come after. The others:",
    listed(together([flows.waits, flows.untold])),
  );
}

function shown(count: number): string {
  return count === 0 ? "" : String(count);
}

function listed(counts: ReadonlyMap<string, number>): string {
  return table(
    ["What", "Observations"],
    [...counts].map(([name, count]) => [name, String(count)]),
  );
}
