// How sure it is what the sandbox holds to be true of Stripe: counted by noun and kind, and what is inferred named.
import { html } from "hono/html";
import type { Claim } from "../../kernel/state/claims.ts";
import type { PageRoute } from "../../kernel/wire/pages.ts";
import { type Evidence, evidences } from "../../kernel/words/evidence.ts";
import type { Inside } from "./inside.ts";
import { table, twins, type View } from "./layout.ts";

export function evidencePages(inside: Inside): PageRoute[] {
  return twins("/-/evidence", () => showEvidence(inside));
}

function showEvidence(inside: Inside): View {
  const claims = inside.claims();
  const counts = countsOf(claims);
  const groups = [...Map.groupBy(claims, ({ noun, kind }) => `${noun}: ${kind}`).values()].map((group) => {
    const [{ noun, kind }] = group as [Claim]; // A group has one at least.
    return { noun, kind, counts: countsOf(group) };
  });
  const inferred = claims
    .filter(({ evidence }) => evidence === "inferred")
    .map(({ noun, kind, name, says }) => ({ noun, kind, name, says }));
  return {
    title: "Evidence",
    json: { all: claims.length, counts, groups, inferred },
    body: html`<p class="big">${counts.recorded + counts.documented} of ${claims.length}</p>
<p class="soft">things that the sandbox holds to be true of Stripe were recorded or are documented. What is declared has
its code from Stripe's SDKs and its words from us; what is the sandbox's own, Stripe does not have.</p>
${table(
  ["Noun", "Kind", ...evidences],
  groups.map((group) => [group.noun, group.kind, ...evidences.map((one) => group.counts[one] || "")]),
)}
<h2>Inferred: nobody has seen it yet</h2>
${table(
  ["Noun", "Kind", "Name", "What it says"],
  inferred.map(({ noun, kind, name, says }) => [noun, kind, html`<code>${name}</code>`, says]),
)}`,
  };
}

function countsOf(claims: readonly Claim[]): Record<Evidence, number> {
  const counts = { recorded: 0, documented: 0, declared: 0, inferred: 0, own: 0 };
  for (const { evidence } of claims) counts[evidence]++;
  return counts;
}
