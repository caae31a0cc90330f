// What an import came to. It speaks of what is at Stripe and not of how it was read, so that it is the same whether the
// import went through in one go or was killed in between.
import {
  type CatalogDrift,
  type ImportedKind,
  type ImportReport,
  importReasons,
  type NotPlaced,
} from "../../api/index.ts";
import { oneOf } from "../../kernel/contract/shape.ts";
import type { Selecting } from "../../kernel/store/tables.ts";
import { isAbsent } from "./customers.ts";
import type { Stage } from "./stage.ts";
import type { ImportFindingRow } from "./tables.ts";

/** Of each list, in the text: all stand in the data. */
const linesMax = 20;

const reasons = oneOf(importReasons);

/** Objects that the database did not have. */
export async function countAdded(db: Selecting): Promise<number> {
  const rows = await db.selectFrom("import_stages").select("added").execute();
  return rows.reduce((sum, { added }) => sum + added, 0);
}

export async function reportOf(db: Selecting, stages: readonly Stage[], isDryRun: boolean): Promise<ImportReport> {
  const rows = await db.selectFrom("import_stages").selectAll().execute();
  const byName = new Map(rows.map((row) => [row.name, row]));
  const kinds = new Map<string, ImportedKind>();
  for (const { name, kind } of stages) {
    if (kind === undefined) continue;
    const { ours = 0, others = 0 } = kinds.get(kind) ?? {};
    const row = byName.get(name);
    kinds.set(kind, { kind, ours: ours + (row?.ours ?? 0), others: others + (row?.others ?? 0) });
  }
  const notPlaced = await readNotPlaced(db);
  const placed = await db
    .selectFrom("import_customers")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("state", "=", "placed")
    .executeTakeFirstOrThrow();
  // Those that only a file names are not there.
  const found = Number(placed.count) + notPlaced.filter(({ reason }) => !isAbsent(reason)).length;
  const report = {
    isDryRun,
    customers: { found, placed: Number(placed.count) },
    notPlaced,
    kinds: [...kinds.values()],
    catalog: await readDrift(db),
  };
  return { ...report, text: textOf(report) };
}

async function readNotPlaced(db: Selecting): Promise<readonly NotPlaced[]> {
  const rows = await db
    .selectFrom("import_customers")
    .select(["stripe_id", "host_id", "reason", "detail"])
    .where("state", "=", "left")
    .execute();
  const left = rows.map(({ stripe_id, host_id, reason, detail }) => ({
    stripeCustomerId: stripe_id,
    id: host_id,
    reason: reasons.read(reason, "reason"),
    detail: detail ?? "",
  }));
  return left.sort((a, b) => (a.stripeCustomerId < b.stripeCustomerId ? -1 : 1));
}

async function readDrift(db: Selecting): Promise<CatalogDrift> {
  const rows = await db.selectFrom("import_findings").selectAll().where("kind", "<>", "known").execute();
  rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  const of = <T>(kind: ImportFindingRow["kind"]) =>
    rows.filter((row) => row.kind === kind).map(({ detail }) => JSON.parse(detail) as T);
  return { products: of("product"), prices: of("price"), subscriptions: of("subscription") };
}

function textOf({ isDryRun, customers, notPlaced, kinds, catalog }: Omit<ImportReport, "text">): string {
  const { found, placed } = customers;
  const lines = [
    isDryRun
      ? `${placed} of ${found} customers can be placed. This was a dry run: nothing was taken in.`
      : `${placed} of ${found} customers are placed.`,
    ...kinds.map(({ kind, ours, others }) => `  ${kind}: ${ours}${others > 0 ? `, and ${others} of nobody's` : ""}`),
    ...listed("could not be placed", notPlaced, (one) => {
      return `${one.stripeCustomerId}  ${one.reason}: ${one.detail}`;
    }),
    ...listed("products that no catalog speaks of", catalog.products, ({ id, name }) => `${id}  ${name}`),
    ...listed("prices that no catalog speaks of", catalog.prices, ({ id, product, lookupKey }) => {
      return `${id}  of ${product}${lookupKey === null ? "" : `, ${lookupKey}`}`;
    }),
    ...listed("subscriptions to such prices", catalog.subscriptions, ({ id, prices }) => `${id}  ${prices.join(", ")}`),
  ];
  return lines.join("\n");
}

function listed<T>(what: string, entries: readonly T[], line: (entry: T) => string): string[] {
  if (entries.length === 0) return [];
  const more = entries.length - linesMax;
  const shown = entries.slice(0, linesMax).map((entry) => `  ${line(entry)}`);
  return [`${entries.length} ${what}:`, ...shown, ...(more > 0 ? [`  and ${more} more`] : [])];
}
