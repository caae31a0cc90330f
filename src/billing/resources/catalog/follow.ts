// What is heard of products and prices becomes rows of ours.
import { on } from "../../kernel/contract/manifest.ts";
import { flagSeconds } from "./second.ts";
import type { SeenObject } from "./tables.ts";

declare module "../../kernel/contract/reacting.ts" {
  interface InnerNews {
    "catalog.changed": SeenObject;
  }
}

export const onCatalogChanged = on("catalog.changed", async (reacting, news) => {
  const { tx } = reacting;
  const rows = new Map(news.map(({ data }) => [data.id, data]));
  await tx
    .insertInto("catalog_objects")
    .values([...rows.values()].map(({ operation: _operation, ...row }) => row))
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet((eb) => ({ name: eb.ref("excluded.name"), active: eb.ref("excluded.active") })),
    )
    .execute();
  await flagSeconds(reacting, [...rows.values()]);
  return [];
});

const kinds: readonly string[] = ["product", "price", "coupon"] satisfies SeenObject["kind"][];

export const onCatalogGone = on("object.gone", async ({ tx }, news) => {
  const gone = news.flatMap(({ data }) => (kinds.includes(data.kind) ? data.id : []));
  if (gone.length > 0) await tx.deleteFrom("catalog_objects").where("id", "in", gone).execute();
  return [];
});
