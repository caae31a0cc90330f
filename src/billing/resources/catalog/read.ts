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
import {
  couponKind,
  priceKind,
  productKind,
  type Standing,
  type StandingPrice,
  type StandingProduct,
} from "./standing.ts";

interface Look<Row extends MirroredRow> {
  readonly kind: MirrorKind;
  readonly remote: Remote;
  readonly row: Row;
  readonly lookBegun: Instant;
}

/** The versions of what we know, from before they are looked at. */
type Versions = ReadonlyMap<string, number>;

/**
 * What was never applied from this database is looked for among all products of the account: another one may have made
 * it. Then a request holds a hundred ids, and one for each product its prices that are sold: only so are those found
 * that no catalog names any more, and those that somebody else has made.
 */
export async function readAtStripe(core: BillingCore, wanted: Wanted, isFirst: boolean): Promise<AtStripe> {
  const versions = await readVersions(core);
  const known = await knownNames(core, wanted.namespace);
  const ids = new Set([...wanted.products.map(({ id }) => id), ...(known.get("product") ?? [])]);
  const isOurs = ({ id, active, namespace }: StandingProduct) =>
    ids.has(id) || (active && namespace === wanted.namespace);
  const paths = isFirst ? [""] : chunksOf([...ids], listMax).map((chunk) => `&${listed("ids", chunk)}`);
  const all = await looksOf<StandingProduct>(
    core,
    productKind,
    paths.map((path) => `/v1/products?limit=100${path}`),
  );
  const products = all.filter(({ row }) => isOurs(row));
  const prices = await pricesOf(
    core,
    wanted,
    products.map(({ row }) => row.id),
  );
  const coupons = await couponsOf(core, wanted, isFirst ? undefined : (known.get("coupon") ?? []));
  await record(core, versions, [...products, ...prices, ...coupons]);
  return {
    products: products.map(({ row }) => row),
    prices: prices.map(({ row }) => row),
    coupons: coupons.map(({ row }) => row),
  };
}

/** And those under a lookup key of the catalog's that are not sold, or belong to another product. */
async function pricesOf(
  core: BillingCore,
  wanted: Wanted,
  products: readonly string[],
): Promise<Look<StandingPrice>[]> {
  const read = (paths: readonly string[]) =>
    looksOf<StandingPrice>(
      core,
      priceKind,
      paths.map((path) => `/v1/prices?limit=100&expand[]=data.tiers&${path}`),
    );
  const sold = await read(products.map((id) => `product=${encodeURIComponent(id)}&active=true`));
  const keys = new Set(sold.map(({ row }) => row.lookupKey));
  const missed = wanted.prices.map(({ lookupKey }) => lookupKey).filter((key) => !keys.has(key));
  const others = await read(chunksOf(missed, keysMax).map((chunk) => listed("lookup_keys", chunk)));
  return [...sold, ...others];
}

/** One by one: no list of coupons takes ids, and an account may have made ten thousand for its buyers. */
async function couponsOf(
  core: BillingCore,
  wanted: Wanted,
  known: readonly string[] | undefined,
): Promise<Look<Standing>[]> {
  const ids = new Set([...wanted.coupons.map(({ id }) => id), ...(known ?? [])]);
  if (known === undefined) {
    const all = await looksOf<Standing>(core, couponKind, ["/v1/coupons?limit=100"]);
    return all.filter(({ row }) => ids.has(row.id) || row.namespace === wanted.namespace);
  }
  const looks: Look<Standing>[] = [];
  for (const id of ids) {
    const { remote, begunAt } = await core.kernel.gateway.read(couponKind.path(id), { priority: "command" });
    const row = remote && (couponKind.row(remote) as Standing);
    if (row) looks.push({ kind: couponKind, remote, row, lookBegun: begunAt });
  }
  return looks;
}

/** A request asks for as many lookup keys. Declared with the parameter. */
const keysMax = 10;
const listMax = 100;

function chunksOf<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}

function listed(name: string, values: readonly string[]): string {
  return values.map((value, n) => `${name}[${n}]=${encodeURIComponent(value)}`).join("&");
}

/** Ids of products and coupons of the namespace that stood when they were last seen: no others begin like them. */
async function knownNames({ sql }: BillingCore, namespace: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await sql.read("catalog.known", (reader) =>
    reader
      .selectFrom("catalog_objects")
      .select(["id", "kind"])
      .where("kind", "in", ["product", "coupon"])
      .where("active", "=", 1)
      .where("id", ">", `${namespace}-`)
      .where("id", "<", `${namespace}.`) // the character after the hyphen
      .execute(),
  );
  return new Map(
    [...Map.groupBy(rows, ({ kind }) => kind)].map(([kind, named]) => [kind, named.map(({ id }) => id)] as const),
  );
}

async function looksOf<Row extends MirroredRow>(
  core: BillingCore,
  kind: MirrorKind,
  paths: readonly string[],
): Promise<Look<Row>[]> {
  const looks: Look<Row>[] = [];
  for (const path of paths) {
    for await (const { items, begunAt } of core.kernel.gateway.pages(path, { priority: "command" })) {
      for (const remote of items) {
        const row = kind.row(remote) as Row | undefined;
        if (row) looks.push({ kind, remote, row, lookBegun: begunAt });
      }
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
