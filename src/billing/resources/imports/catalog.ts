// What is sold at Stripe and stands in no catalog that was applied: whoever goes on with these plans puts them there.

import { idOf } from "../../kernel/contract/context.ts";
import type { Remote } from "../../kernel/contract/reacting.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { slicesOf } from "../../kernel/store/many.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { appliedNames } from "../catalog/index.ts";
import { readPage } from "./customers.ts";
import type { Stage } from "./stage.ts";
import type { ImportFindingRow } from "./tables.ts";

/** What is archived is sold to nobody any more. */
const paths = { product: "/v1/products?active=true&limit=100", price: "/v1/prices?active=true&limit=100" } as const;

export const catalogStages: readonly Stage[] = (["product", "price"] as const).map((kind) => ({
  name: `${kind}s beside the catalog`,
  async next(importing, cursor) {
    const page = await readPage(importing, paths[kind], cursor);
    const findings = await driftOf(importing.core, kind, page.items);
    return async (tx) => {
      await writeFindings(tx, findings);
      return { cursor: page.next, done: page.items.length };
    };
  },
}));

/** Of these objects, those that no catalog speaks of. */
export async function driftOf(
  core: BillingCore,
  kind: string,
  remotes: readonly Remote[],
): Promise<readonly ImportFindingRow[]> {
  const finding = findings[kind];
  if (!finding || remotes.length === 0) return [];
  const names = await core.sql.read("import.catalog", appliedNames);
  return remotes.flatMap((remote) => {
    const detail = finding(remote, names);
    return detail === null
      ? []
      : [{ kind: kind as ImportFindingRow["kind"], id: remote.id, detail: JSON.stringify(detail) }];
  });
}

type Finding = (remote: Remote, names: ReadonlySet<string>) => object | null;

const findings: Readonly<Record<string, Finding | undefined>> = {
  product: ({ id, name }, names) => (names.has(id) ? null : { id, name: String(name) }),
  price: (remote, names) => {
    const product = idOf(remote.product) ?? "";
    const lookupKey = keyOf(remote);
    return isIn(names, remote) ? null : { id: remote.id, product, lookupKey };
  },
  subscription(remote, names) {
    const items = (remote.items as { data?: readonly { price?: Remote }[] } | undefined)?.data ?? [];
    const prices = items.flatMap(({ price }) => (price && !isIn(names, price) ? price.id : []));
    return prices.length === 0 ? null : { id: remote.id, prices: [...new Set(prices)] };
  },
};

function keyOf({ lookup_key }: Remote): string | null {
  return typeof lookup_key === "string" && lookup_key !== "" ? lookup_key : null;
}

function isIn(names: ReadonlySet<string>, price: Remote): boolean {
  return names.has(keyOf(price) ?? "");
}

export async function writeFindings(tx: BillingTx, rows: readonly ImportFindingRow[]): Promise<void> {
  for (const slice of slicesOf(rows)) {
    await tx
      .insertInto("import_findings")
      .values(slice)
      .onConflict((conflict) => conflict.columns(["kind", "id"]).doNothing())
      .execute();
  }
}
