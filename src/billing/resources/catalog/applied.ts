// The catalog that was applied last, as callers see it.
import { problem } from "#kit/problems.ts";
import type { AppliedCatalog, Catalog, FeatureDefinitions } from "../../api/index.ts";
import type { Timer } from "../../kernel/contract/manifest.ts";
import type { Reacting } from "../../kernel/contract/reacting.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { Selecting } from "../../kernel/store/tables.ts";
import { checkKey } from "../input.ts";
import { namespaceDefault, wantedOf } from "./definition/index.ts";
import type { Applied } from "./plan.ts";

declare module "../../kernel/contract/reacting.ts" {
  interface InnerNews {
    /** Another catalog of the namespace than before is applied. */
    "catalog.applied": { readonly namespace: string };
  }
}

/** What the catalogs that were applied last speak of: ids of products, and lookup keys of prices. */
export async function appliedNames(db: Selecting): Promise<ReadonlySet<string>> {
  const runs = await db
    .selectFrom("catalog_runs")
    .select(["namespace", "applied"])
    .where("state", "=", "done")
    .orderBy("n")
    .execute();
  const last = new Map(runs.map(({ namespace, applied }) => [namespace, applied]));
  return new Set([...last.values()].flatMap((applied) => Object.keys(JSON.parse(applied) as Applied)));
}

/** What the catalogs that were applied last call their features, and of which type each is. */
export async function appliedFeatures(db: Selecting): Promise<FeatureDefinitions> {
  const last = db
    .selectFrom("catalog_runs")
    .select((eb) => ["namespace", eb.fn.max("n").as("n")])
    .where("state", "=", "done")
    .groupBy("namespace")
    .as("last");
  const runs = await db
    .selectFrom("catalog_runs")
    .innerJoin(last, (join) =>
      join.onRef("last.namespace", "=", "catalog_runs.namespace").onRef("last.n", "=", "catalog_runs.n"),
    )
    .select("catalog_runs.catalog")
    .orderBy("catalog_runs.namespace")
    .execute();
  return Object.assign({}, ...runs.map(({ catalog }) => (JSON.parse(catalog) as Catalog).features ?? {}));
}

export async function appliedCatalog(core: BillingCore, given = namespaceDefault): Promise<AppliedCatalog> {
  const namespace = checkKey("namespace", given);
  return core.sql.read("catalog.get", async (reader) => {
    const run = await reader
      .selectFrom("catalog_runs")
      .select(["catalog", "ended_at", "created_at"])
      .where("namespace", "=", namespace)
      .where("state", "=", "done")
      .orderBy("n", "desc")
      .limit(1)
      .executeTakeFirst();
    if (!run) {
      const hint = "Apply one first: `catalog.apply()`.";
      throw problem("not_found", `No catalog ${namespace} was applied`, { hint, details: { namespace } });
    }
    const catalog = JSON.parse(run.catalog) as Catalog;
    const wanted = wantedOf(catalog);
    const keys = wanted.prices.map(({ lookupKey }) => lookupKey);
    const couponIds = wanted.coupons.map(({ id }) => id);
    const rows = await reader
      .selectFrom("catalog_objects")
      .select(["name", "id"])
      .where("name", "in", [...keys, ...couponIds])
      .where("active", "=", 1)
      .orderBy("name")
      .execute();
    const ids = new Map(rows.map(({ name, id }) => [name, id]));
    const prices = Object.fromEntries(rows.flatMap(({ name, id }) => (couponIds.includes(id) ? [] : [[name, id]])));
    const coupons = Object.fromEntries(wanted.coupons.flatMap(({ key, id }) => (ids.has(id) ? [[key, id]] : [])));
    return { namespace, catalog, appliedAt: new Date(run.ended_at ?? run.created_at), prices, coupons };
  });
}

/**
 * Where in `settings` the number of what is applied stands, which is another one as soon as something else is: whoever
 * keeps what follows from a catalog keeps the number beside it. Nothing stands there before the first catalog.
 */
export const catalogVersionKey = "catalog_version";

/** In the transaction in which a run ends. */
export async function raiseVersion({ tx, now, fileTimers }: Reacting, namespace: string): Promise<void> {
  await tx
    .insertInto("settings")
    .values({ key: catalogVersionKey, value: "1" })
    .onConflict((conflict) =>
      conflict.column("key").doUpdateSet((eb) => ({
        value: eb.cast<string>(eb(eb.cast<number>("settings.value", "integer"), "+", 1), "text"),
      })),
    )
    .execute();
  await fileTimers([{ kind: catalogApplied.kind, subject: namespace, dueAt: now }]);
}

/** An operation's end has no news of its own: what follows is heard a moment later. */
export const catalogApplied: Timer = {
  kind: "catalog.applied",
  async work({ now }, { subject: namespace, dueAt }) {
    return [
      { type: "catalog.applied", subject: namespace, transition: `${namespace}@${dueAt}/${now}`, data: { namespace } },
    ];
  },
};
