// Reads what stands at Stripe of a catalog. Lists, and never Search, which is late. What is read is a look at each
// object: the mirror knows them from then on, and hears of them.
import type { Instant } from "#kit/clock.ts";
import { writeObservations } from "../../kernel/changes/observe.ts";
import { wakeWorkers } from "../../kernel/changes/react.ts";
import type { MirroredRow, MirrorKind } from "../../kernel/contract/manifest.ts";
import type { Remote } from "../../kernel/contract/reacting.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { Wanted } from "./definition/index.ts";
import type { AtStripe } from "./plan.ts";
import { priceKind, productKind, type Standing, type StandingPrice } from "./standing.ts";

interface Look<Row extends MirroredRow> {
  readonly kind: MirrorKind;
  readonly remote: Remote;
  readonly row: Row;
  readonly lookBegun: Instant;
}

/** The versions of what we know, from before they are looked at. */
type Versions = ReadonlyMap<string, number>;

/** One request for each hundred products of the account, and at least one for each product of the catalog. */
export async function readAtStripe(core: BillingCore, wanted: Wanted): Promise<AtStripe> {
  const ids = new Set(wanted.products.map(({ id }) => id));
  const versions = await readVersions(core);
  const all = await looksOf<Standing>(core, productKind, "/v1/products?limit=100");
  const products = all.filter(({ row }) => ids.has(row.id) || (row.active && row.namespace === wanted.namespace));
  const prices: Look<StandingPrice>[] = [];
  for (const { row } of products) {
    const path = `/v1/prices?product=${encodeURIComponent(row.id)}&limit=100&expand[]=data.tiers`;
    prices.push(...(await looksOf<StandingPrice>(core, priceKind, path)));
  }
  await record(core, versions, [...products, ...prices]);
  return { products: products.map(({ row }) => row), prices: prices.map(({ row }) => row) };
}

async function looksOf<Row extends MirroredRow>(
  core: BillingCore,
  kind: MirrorKind,
  path: string,
): Promise<Look<Row>[]> {
  const looks: Look<Row>[] = [];
  for await (const { items, begunAt } of core.kernel.gateway.pages(path, { priority: "command" })) {
    for (const remote of items) {
      const row = kind.row(remote) as Row | undefined;
      if (row) looks.push({ kind, remote, row, lookBegun: begunAt });
    }
  }
  return looks;
}

async function readVersions({ sql }: BillingCore): Promise<Versions> {
  const rows = await sql.read("catalog.versions", (reader) =>
    reader
      .selectFrom("catalog_objects")
      .innerJoin("mirror", "mirror.id", "catalog_objects.id")
      .select(["mirror.id", "mirror.version"])
      .execute(),
  );
  return new Map(rows.map(({ id, version }) => [id, version]));
}

/** What somebody else has written meanwhile is as new, and stays. */
async function record({ kernel }: BillingCore, versions: Versions, looks: readonly Look<MirroredRow>[]): Promise<void> {
  if (looks.length === 0) return;
  const observations = looks.map((look) => ({ ...look, version: versions.get(look.row.id) ?? 0 }));
  await kernel.sql.write("catalog.looked", (tx) => writeObservations(kernel, tx, observations));
  wakeWorkers(kernel.sql);
}
