// docs/reference/evidence.md: how sure it is what the sandbox holds to be true of Stripe, by its own page.
import { plays } from "../../src/calibration/index.ts";
import { askPage } from "./ask_page.ts";
import { code, page, table } from "./markdown.ts";

const words = ["recorded", "documented", "declared", "inferred", "own"] as const;

type Counts = Readonly<Record<(typeof words)[number], number>>;

interface Evidence {
  readonly all: number;
  readonly counts: Counts;
  readonly groups: readonly { readonly noun: string; readonly kind: string; readonly counts: Counts }[];
  readonly inferred: readonly { noun: string; kind: string; name: string; says: string }[];
}

/** Refusals that a play asks for. */
const asked = new Set(plays.flatMap(({ steps }) => steps.flatMap(({ about }) => about ?? [])));

export async function evidencePage(): Promise<string> {
  const { all, counts, groups, inferred } = await askPage<Evidence>("/-/evidence.json");
  const cells = (counted: Counts) => words.map((word) => (counted[word] === 0 ? "" : String(counted[word])));
  return page(
    "Evidence",
    `How sure it is what the sandbox holds to be true of Stripe: ${all} refusals, defaults, waits, test data and ` +
      "liberties, each with a word for it in its row. A running sandbox shows the same at `/-/evidence`.",
    "`recorded`: Stripe was seen to answer so. `documented`: Stripe's documentation says it. `declared`: Stripe's " +
      "SDKs declare it; where they declare a code only, the words are ours. `inferred`: nobody saw it; it follows " +
      "from what is alike, from other emulators or from memory, or is our pick where Stripe names a range or nothing." +
      " `own`: Stripe has no such thing; it says what the sandbox lacks or adds.",
    table(
      ["Noun", "Kind", ...words],
      [...groups.map((group) => [group.noun, group.kind, ...cells(group.counts)]), ["all", "", ...cells(counts)]],
    ),
    "## Inferred",
    `Nobody has seen these ${inferred.length} yet. Who sees Stripe say something else changes the row and its word; ` +
      "[`bursar calibrate`](../guides/calibrate.md) asks a test account about those that are marked.",
    table(
      ["Noun", "Kind", "Name", "What it says", "Asked"],
      inferred.map(({ noun, kind, name, says }) => [noun, kind, code(name), says, asked.has(name) ? "yes" : ""]),
    ),
  );
}
