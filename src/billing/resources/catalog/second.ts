// A second product or price with the marks of one operation is a copy: that operation has made one. The one that bears
// its name, an id of ours or a lookup key, is it; of two that do not, the first that was seen.
import type { Reacting } from "../../kernel/contract/reacting.ts";
import { nameIn } from "./steps.ts";
import type { CatalogObjectRow } from "./tables.ts";

/** @param fresh rows that were not known before, written by now. */
export async function flagSeconds({ tx, flag }: Reacting, fresh: readonly CatalogObjectRow[]): Promise<void> {
  const operations = fresh.flatMap(({ operation }) => operation ?? []);
  if (operations.length === 0) return;
  const marked = await tx
    .selectFrom("catalog_objects")
    .innerJoin("operations", "operations.id", "catalog_objects.operation")
    .select(["catalog_objects.id", "kind", "name", "operation", "subject"])
    .where("operation", "in", operations)
    .orderBy("catalog_objects.id")
    .execute();
  const isFresh = new Set(fresh.map(({ id }) => id));
  const groups = Map.groupBy(marked, ({ operation }) => operation);
  for (const group of groups.values()) {
    const name = nameIn(group[0]?.subject ?? "");
    const own = group.find((one) => one.name === name) ?? group.find(({ id }) => !isFresh.has(id)) ?? group[0];
    for (const { id, kind } of group) {
      if (id === own?.id) continue;
      await flag([{ kind: `second_${kind}`, subject: name, detail: `${id} bears the marks of ${own?.id}` }]);
    }
  }
}
