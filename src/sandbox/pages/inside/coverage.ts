// What the sandbox has of Stripe's API, counted against the newest SDK.
import { html } from "hono/html";
import { listOlderOperations, listStripeOperations } from "../../kernel/schema/endpoints.ts";
import type { PageRoute } from "../../kernel/wire/pages.ts";
import type { Inside } from "./inside.ts";
import { badge, type Html, table, twins, type View } from "./layout.ts";

export function coveragePages(inside: Inside): PageRoute[] {
  return twins("/-/coverage", () => showCoverage(inside));
}

function showCoverage({ oldAddresses, operations }: Inside): View {
  const ours = new Set(operations);
  const theirs = listStripeOperations();
  const missing = theirs.filter((operation) => !ours.has(operation));
  const old = [...listOlderOperations(), ...oldAddresses];
  const oldMissing = old.filter((operation) => !ours.has(operation));
  const extra = operations.filter((operation) => !theirs.includes(operation) && !old.includes(operation));
  const groups = [...Map.groupBy(theirs, groupOf)].map(([group, all]) => {
    const covered = all.filter((operation) => ours.has(operation));
    return { group, covered: covered.length, all: all.length, missing: all.filter((one) => !ours.has(one)) };
  });
  groups.sort((a, b) => b.covered - a.covered || a.group.localeCompare(b.group));
  const covered = theirs.length - missing.length;
  return {
    title: "Coverage",
    json: {
      covered,
      all: theirs.length,
      groups,
      old: { covered: old.length - oldMissing.length, all: old.length, missing: oldMissing },
      extra,
    },
    body: html`<p class="big">${covered} of ${theirs.length}</p>
<p class="soft">operations of Stripe's newest SDK are served here. Others answer 501 and say so.</p>
${table(
  ["Resource", "Covered", "Missing"],
  groups.map((group) => [
    group.group,
    html`${badge(shareOf(group))} ${group.covered} of ${group.all}`,
    group.missing.length > 0
      ? html`<details><summary>${group.missing.length} missing</summary>${codeLines(group.missing)}</details>`
      : "",
  ]),
)}
<h2>Old addresses</h2>
<p class="soft">${old.length - oldMissing.length} of ${old.length} that only older SDKs ask, or none any more, and that
Stripe still serves. Not here, and 501:</p>
${codeLines(oldMissing)}
<h2>Beside the SDK's</h2>${codeLines(extra)}`,
  };
}

function shareOf({ covered, all }: { covered: number; all: number }): "all" | "some" | "none" {
  if (covered === all) return "all";
  return covered > 0 ? "some" : "none";
}

function codeLines(lines: readonly string[]): Html {
  return html`<ul class="lines">${lines.map((line) => html`<li><code>${line}</code></li>`)}</ul>`;
}

/** `GET /v1/payment_intents/:id` belongs to payment_intents, `GET /v1/radar/reviews` to radar. */
function groupOf(operation: string): string {
  const [version = "", first = "", second = ""] = operation.split(" ")[1]?.split("/").slice(1) ?? [];
  return version === "v1" ? first : `${version} ${first} ${second}`;
}
