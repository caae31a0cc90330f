// A second product or price with the marks of one operation is a copy: that operation has made one. The first that is
// seen is written down; of the two, the one that bears the name, an id of ours or a lookup key, is ours.
import type { Reacting } from "../../kernel/contract/reacting.ts";
import { nameIn } from "./steps.ts";
import type { CatalogMadeRow, SeenObject } from "./tables.ts";

export async function flagSeconds(reacting: Reacting, seen: readonly SeenObject[]): Promise<void> {
  const marked = seen.flatMap((row) => (row.operation === null ? [] : [{ ...row, operation: row.operation }]));
  if (marked.length === 0) return;
  const made = new Map(marked.toReversed().map(({ operation, id, name }) => [operation, { operation, id, name }]));
  const firsts = await reacting.tx
    .insertInto("catalog_made")
    .values([...made.values()])
    // So that a row of before is answered, and locked: of two that come at one moment, one is the second.
    .onConflict((conflict) => conflict.column("operation").doUpdateSet((eb) => ({ id: eb.ref("catalog_made.id") })))
    .returningAll()
    .execute();
  for (const first of firsts) {
    const seconds = marked.filter(
      ({ operation, id, active }) => operation === first.operation && id !== first.id && active,
    );
    for (const second of seconds) await flagSecond(reacting, first, second);
  }
}

async function flagSecond({ tx, flag }: Reacting, first: CatalogMadeRow, second: SeenObject): Promise<void> {
  const { subject } = (await tx
    .selectFrom("operations")
    .select("subject")
    .where("id", "=", first.operation)
    .executeTakeFirst()) ?? { subject: first.operation };
  const name = nameIn(subject);
  const [own, copy] = second.name === name ? [second, first] : [first, second];
  await flag([{ kind: `second_${second.kind}`, subject: name, detail: `${copy.id} bears the marks of ${own.id}` }]);
}
