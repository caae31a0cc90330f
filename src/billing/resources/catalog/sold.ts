// What a price sells: the plan or the add-on of a catalog that was applied. It is told by the price's product, whose id
// the catalog chose: so a price that another one has replaced, or that was made by hand for the plan, sells it too.
import type { AddOnDefinition, Catalog, FeatureDefinitions, PlanDefinition } from "../../api/index.ts";
import type { Selecting } from "../../kernel/store/tables.ts";
import type { StandingPrice } from "./standing.ts";

/** What a subscription's item, or an invoice's line, says of what was bought. */
export interface SoldItem {
  readonly price: string;
  readonly product: string | null;
}

interface SoldBody {
  readonly namespace: string;
  /** In the catalog: `pro`. */
  readonly name: string;
  /** `month`, `3 months`, `once`; null for a price that nobody has applied. */
  readonly every: string | null;
  /** The catalog's features, by which `definition.features` is read. */
  readonly features: FeatureDefinitions;
  /** It stands in the catalog that was applied last. What was taken out of it is used on by who has it. */
  readonly isOffered: boolean;
}

export type Sold =
  | (SoldBody & {
      readonly kind: "plan";
      readonly definition: PlanDefinition;
      /** Of these a customer has one at a time. */
      readonly group: string;
    })
  | (SoldBody & { readonly kind: "addOn"; readonly definition: AddOnDefinition });

/**
 * By the price's id. What no catalog ever sold is not in it; what is no longer sold is read from the last catalog that
 * sold it.
 */
export async function soldBy(db: Selecting, items: readonly SoldItem[]): Promise<ReadonlyMap<string, Sold>> {
  const named = new Map(items.flatMap(({ price, product }) => nameOf(price, product)));
  const catalogs = await catalogsOf(db, [...named.values()]);
  const intervals = await intervalsOf(db, [...named.keys()]);
  return new Map(
    [...named].flatMap(([price, { namespace, name }]) => {
      const all = catalogs.get(namespace) ?? [];
      const at = all.findIndex((catalog) => has(catalog, name));
      const catalog = all[at];
      if (!catalog) return [];
      const every = intervals.get(price) ?? null;
      const body = { namespace, name, every, features: catalog.features ?? {}, isOffered: at === 0 };
      return [[price, withDefinition(catalog, body)] as const];
    }),
  );
}

/** The slot that a plan takes: one for all plans of a namespace, unless they name a group of their own. */
export function groupOf(namespace: string, { group }: Pick<PlanDefinition, "group">): string {
  return group === undefined ? namespace : `${namespace}-${group}`;
}

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Neither a namespace nor a name has a hyphen. */
function nameOf(price: string, product: string | null): (readonly [string, Named])[] {
  const [, namespace, name] = /^([a-z][a-z0-9_]*)-([a-z][a-z0-9_]*)$/.exec(product ?? "") ?? [];
  return namespace === undefined || name === undefined ? [] : [[price, { namespace, name }]];
}

function has({ plans, addOns = {} }: Catalog, name: string): boolean {
  return Object.hasOwn(plans, name) || Object.hasOwn(addOns, name);
}

function withDefinition({ plans, addOns }: Catalog, body: SoldBody): Sold {
  const plan = Object.hasOwn(plans, body.name) ? plans[body.name] : undefined;
  if (plan) return { ...body, kind: "plan", definition: plan, group: groupOf(body.namespace, plan) };
  return { ...body, kind: "addOn", definition: addOns?.[body.name] as AddOnDefinition };
}

/** Of each namespace the one that was applied last, and those before it where a name is not in it any more. */
async function catalogsOf(db: Selecting, named: readonly Named[]): Promise<ReadonlyMap<string, readonly Catalog[]>> {
  const byNamespace = Map.groupBy(named, ({ namespace }) => namespace);
  const all = new Map<string, readonly Catalog[]>();
  for (const [namespace, ones] of byNamespace) {
    const last = await appliedTo(db, namespace, 1);
    const isWhole = last.length === 0 || ones.every(({ name }) => last.some((catalog) => has(catalog, name)));
    all.set(namespace, isWhole ? last : await appliedTo(db, namespace, runsMax));
  }
  return all;
}

/** A plan that has stood in none of so many catalogs is nobody's any more. */
const runsMax = 1000;

async function appliedTo(db: Selecting, namespace: string, limit: number): Promise<readonly Catalog[]> {
  const runs = await db
    .selectFrom("catalog_runs")
    .select("catalog")
    .where("namespace", "=", namespace)
    .where("state", "=", "done")
    .orderBy("n", "desc")
    .limit(limit)
    .execute();
  return runs.map(({ catalog }) => JSON.parse(catalog) as Catalog);
}

async function intervalsOf(db: Selecting, prices: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (prices.length === 0) return new Map();
  const rows = await db.selectFrom("mirror").select(["id", "row"]).where("id", "in", prices).execute();
  return new Map(
    rows.map(({ id, row }) => [id, (JSON.parse(row) as StandingPrice).content.recurring ?? "once"] as const),
  );
}
