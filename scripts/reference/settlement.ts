// docs/reference/settlement.md: how long banks take in the sandbox, in both paces, from the tables that it acts by.
import { waitText } from "../../src/sandbox/kernel/timeline/waits.ts";
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
      rows.map(([name, { what, test, real }]) => [
        code(name),
        what,
        `${waitText(test)} (${test.evidence})`,
        `${waitText(real)} (${real.evidence})`,
      ]),
    ),
    "In brackets [how we know](evidence.md): `documented` by Stripe, `recorded` in logs of real accounts, or " +
      "`inferred`, which is our pick where Stripe names a range or nothing. In `real`, a refund that the available " +
      "balance does not cover waits (cards) or fails (everything else), as Stripe's documentation says; in `test` " +
      "the balance becomes negative.",
  );
}
