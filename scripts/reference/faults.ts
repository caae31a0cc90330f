// docs/reference/faults.md: what can go wrong on purpose in the sandbox, from the table that it strikes by.
import { callFaults, chargeFaults, clockFaults, deliveryFaults } from "../../src/sandbox/kernel/records/fault_kinds.ts";
import { code, page, table } from "./markdown.ts";

export function faultsPage(): string {
  return page(
    "Faults",
    "What goes wrong when it is asked for: by `--fault` on the command line, by `/-/faults` in a browser, by " +
      "`sandbox.faults` in a test. A rule says where (`method` and `path` of a call, `type` of a delivery), how " +
      "often (`times`), with which `chance`, and how late (`ms`, a second where nothing is said). Without a place it " +
      "is anywhere; without a number it is once, or without an end where there is a chance.",
    "## Calls",
    "`--fault timeout_after_commit,method=POST,path=/v1/subscriptions`",
    listed(callFaults),
    "## Deliveries",
    "`--fault delivery_dropped,type=invoice.created`",
    listed(deliveryFaults),
    "## Cards",
    "`--fault charge_declined,times=2`",
    listed(chargeFaults),
    "## Test clocks",
    "`--fault clock_failure`",
    listed(clockFaults),
  );
}

function listed(faults: Readonly<Record<string, string>>): string {
  return table(
    ["Fault", "What it does"],
    Object.entries(faults).map(([name, does]) => [code(name), does]),
  );
}
