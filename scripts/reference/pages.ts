// The pages of docs/reference, each made from the tables that the sandbox itself goes by.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { coveragePage } from "./coverage.ts";
import { evidencePage } from "./evidence.ts";
import { faultsPage } from "./faults.ts";
import { observedPage } from "./observed.ts";
import { settlementPage } from "./settlement.ts";
import { testCardsPage } from "./test_cards.ts";

const folder = path.resolve(import.meta.dirname, "../../docs/reference");

const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  "test-cards.md": testCardsPage,
  "coverage.md": coveragePage,
  "settlement.md": settlementPage,
  "evidence.md": evidencePage,
  "faults.md": faultsPage,
  "observed.md": observedPage,
};

/** Writes each page that is not as it should be, and names it. */
export async function writeReference(): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const stale: string[] = [];
  for (const [name, write] of Object.entries(pages)) {
    const text = await write();
    const file = path.join(folder, name);
    if (readOrNothing(file) === text) continue;
    writeFileSync(file, text);
    stale.push(name);
  }
  return stale;
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
