// docs/reference/coverage.md: what the sandbox has of Stripe's API, by its own page.
import { askPage } from "./ask_page.ts";
import { code, page, table } from "./markdown.ts";

interface Coverage {
  readonly covered: number;
  readonly all: number;
  readonly groups: readonly { group: string; covered: number; all: number; missing: readonly string[] }[];
  readonly old: { readonly covered: number; readonly all: number; readonly missing: readonly string[] };
}

export async function coveragePage(): Promise<string> {
  const { covered, all, groups, old } = await askPage<Coverage>("/-/coverage.json");
  const begun = groups.filter((group) => group.covered > 0);
  const absent = groups.filter((group) => group.covered === 0);
  return page(
    "Coverage",
    `The sandbox serves ${covered} of the ${all} operations of Stripe's newest SDK. The others answer 501 and say ` +
      "so. A running sandbox shows the same at `/-/coverage`.",
    table(
      ["Resource", "Served", "Missing"],
      begun.map(({ group, covered: ours, all: theirs, missing }) => [
        group,
        `${ours} of ${theirs}`,
        missing.map(code).join("<br>"),
      ]),
    ),
    `Nothing yet of: ${absent.map(({ group, all: theirs }) => `${group} (${theirs})`).join(", ")}.`,
    "## Old addresses",
    `Stripe still serves addresses that only older SDKs ask, or none any more. Of ${old.all} the sandbox serves ` +
      `${old.covered}; these answer 501: ${old.missing.map(code).join(", ")}.`,
  );
}
