// READ SECOND: what of Stripe is not as the catalog says, as the changes that would make it so. Pure. Whatever is new
// comes first and whatever goes comes last, so that a run that stops in between leaves nothing that cannot be sold.
import { createHash } from "node:crypto";
import { type Instant, secondMs } from "#kit/clock.ts";
import type { CatalogChange, CatalogPlan, ChangeAction, Difference } from "../../api/index.ts";
import { canonicalJson } from "../../kernel/store/canonical_json.ts";
import {
  type Content,
  couponContent,
  couponPrefix,
  priceContent,
  productContent,
  type Wanted,
} from "./definition/index.ts";
import { defaultPriceField, type Standing, type StandingPrice, type StandingProduct } from "./standing.ts";

export interface AtStripe {
  readonly products: readonly StandingProduct[];
  /** Of these products, those that are sold; and those that are not but bear a lookup key of the catalog's. */
  readonly prices: readonly StandingPrice[];
  /** Those of the namespace, and those under an id of the catalog's. */
  readonly coupons: readonly Standing[];
}

/** What was wanted when a catalog was applied last, by name. */
export type Applied = Readonly<Record<string, Content>>;

export function appliedOf({ products, prices, coupons }: Wanted): Applied {
  return Object.fromEntries([
    ...products.map((product) => [product.id, productContent(product)] as const),
    ...prices.map((price) => [price.lookupKey, priceContent(price)] as const),
    ...coupons.map((coupon) => [coupon.id, couponContent(coupon)] as const),
  ]);
}

export interface Before {
  readonly applied: Applied | null;
  /** Nothing of the catalog is other than what was applied last. */
  readonly isApplied: boolean;
  readonly now: Instant;
}

export function planOf(wanted: Wanted, atStripe: AtStripe, { applied, isApplied, now: at }: Before): CatalogPlan {
  const { products, prices } = changesOf(wanted, atStripe);
  const coupons = couponChanges(wanted, atStripe, at);
  const isArchive = ({ action }: Change) => action === "archive";
  const ordered = [
    ...products.filter((change) => !isArchive(change)),
    ...prices.filter((change) => !isArchive(change)),
    ...defaultsOf(wanted, atStripe, prices),
    ...coupons.filter((change) => !isArchive(change)),
    ...coupons.filter(isArchive),
    ...prices.filter(isArchive),
    ...products.filter(isArchive),
  ];
  const now = appliedOf(wanted);
  const isSame = (name: string) => applied !== null && isEqual(now[name] ?? {}, applied[name] ?? {});
  const changes = ordered.map((change) => ({ ...change, isDrift: !isOfDefault(change) && isSame(change.name) }));
  const isAdopted = (key: string | null) => key !== null && Object.hasOwn(now, key);
  const unmanaged = atStripe.prices
    .filter(({ active, namespace, lookupKey }) => active && namespace === null && !isAdopted(lookupKey))
    .filter(({ product }) => isAmong(wanted.products, product))
    .map(({ product, id }) => ({ product, price: id }));
  const { namespace } = wanted;
  const digest = createHash("sha256").update(canonicalJson(changes)).digest("base64url").slice(0, 16);
  const plan = { namespace, changes, unmanaged, isApplied, digest };
  return { ...plan, text: textOf(plan) };
}

type Change = Omit<CatalogChange, "isDrift">;

function changesOf(wanted: Wanted, atStripe: AtStripe): { products: Change[]; prices: Change[] } {
  const products = wanted.products.flatMap((product) => {
    const found = atStripe.products.find(({ id }) => id === product.id);
    return changeOf("product", product.id, { after: productContent(product), found, ifOther: "update" });
  });
  const prices = wanted.prices.flatMap((price) => {
    const found = atStripe.prices.find(({ lookupKey }) => lookupKey === price.lookupKey);
    return changeOf("price", price.lookupKey, { after: priceContent(price), found, ifOther: "replace" });
  });
  const isWanted = new Set(wanted.products.map(({ id }) => id));
  const gone = atStripe.products.filter(
    ({ id, active, namespace }) => active && namespace === wanted.namespace && !isWanted.has(id),
  );
  const replaced = new Set(prices.flatMap(({ action, stripeId }) => (action === "replace" ? (stripeId ?? []) : [])));
  const keys = new Set(wanted.prices.map(({ lookupKey }) => lookupKey));
  const stale = atStripe.prices.filter(({ id, active, namespace, lookupKey, product }) => {
    const stands = lookupKey !== null && keys.has(lookupKey) && !replaced.has(id);
    // Under another product a price only lends the key: what it costs is somebody else's.
    const isTaken = replaced.has(id) && isAmong(wanted.products, product);
    return active && !stands && (namespace === wanted.namespace || isTaken);
  });
  return {
    products: [...products, ...gone.map(({ id }) => archive("product", id, id))],
    prices: [...prices, ...stale.map(({ id, lookupKey }) => archive("price", lookupKey ?? id, id))],
  };
}

/** With other terms it is another coupon, which takes the place of those under the same name. */
function couponChanges({ namespace, coupons }: Wanted, atStripe: AtStripe, now: Instant): Change[] {
  const wanted = new Set(coupons.map(({ id }) => id));
  const stale = atStripe.coupons.filter((one) => one.namespace === namespace && !wanted.has(one.id));
  const changes = coupons.flatMap((coupon) => {
    const { id, name, key } = coupon;
    const found = atStripe.coupons.find((one) => one.id === id);
    const before = stale.find((one) => one.id.startsWith(couponPrefix(namespace, key)));
    if (found) return changeOf("coupon", id, { after: { name }, found, ifOther: "update" });
    // Stripe makes no coupon whose day has passed, and nobody could have it.
    if (coupon.redeemBy !== null && coupon.redeemBy * secondMs <= now) return [];
    const after = couponContent(coupon);
    if (!before) return changeOf("coupon", id, { after, found, ifOther: "update" });
    const shown = differencesOf(before.content, after).filter(({ field }) => field in before.content);
    const differences = [{ field: "id", before: before.id, after: id }, ...shown];
    return [{ action: "replace" as const, kind: "coupon" as const, name: id, stripeId: before.id, differences }];
  });
  return [...changes, ...stale.map(({ id }) => archive("coupon", id, id))];
}

/** A default price that is archived hands its place to the one that is sold as often and in its currency. */
function defaultsOf(wanted: Wanted, { products, prices }: AtStripe, changes: readonly Change[]): Change[] {
  const archived = new Set(changes.flatMap(({ action, stripeId }) => (action === "archive" ? (stripeId ?? []) : [])));
  return products.flatMap(({ id, defaultPrice }): Change[] => {
    const before = prices.find((price) => price.id === defaultPrice);
    if (!before || !archived.has(before.id)) return [];
    const heir = wanted.prices.find((price) => isSoldAs(priceContent(price), before.content));
    const isMade = changes.some(({ action, name }) => name === heir?.lookupKey && action !== "update");
    const stands = prices.find(({ lookupKey }) => lookupKey === heir?.lookupKey);
    const after = heir ? (isMade || !stands ? heir.lookupKey : stands.id) : null;
    const differences = [{ field: defaultPriceField, before: before.id, after }];
    return [{ action: "update", kind: "product", name: id, stripeId: id, differences }];
  });
}

function isSoldAs(one: Content, other: Content): boolean {
  return (["product", "currency", "recurring"] as const).every((field) => one[field] === other[field]);
}

function isOfDefault({ differences }: Change): boolean {
  return differences.some(({ field }) => field === defaultPriceField);
}

interface Compared {
  readonly after: Content;
  readonly found: Standing | undefined;
  /** What is done when it is there and not as it should be. */
  readonly ifOther: ChangeAction;
}

/** None when it stands as it should. */
function changeOf(kind: Change["kind"], name: string, { after, found, ifOther }: Compared): Change[] {
  if (!found) return [{ action: "create", kind, name, stripeId: null, differences: differencesOf({}, after) }];
  const stripeId = found.id;
  const differences = differencesOf(found.content, after);
  const revived: Difference[] = found.active ? [] : [{ field: "active", before: "false", after: "true" }];
  if (differences.length > 0 && ifOther === "replace") {
    return [{ action: "replace", kind, name, stripeId, differences }];
  }
  const all = [...differences, ...revived];
  return all.length === 0 ? [] : [{ action: "update", kind, name, stripeId, differences: all }];
}

function archive(kind: Change["kind"], name: string, stripeId: string): Change {
  const differences = [{ field: "active", before: "true", after: "false" }];
  return { action: "archive", kind, name, stripeId, differences };
}

/** In what `after` says something of. */
function differencesOf(before: Content, after: Content): Difference[] {
  return Object.entries(after)
    .map(([field, value]) => ({ field, before: before[field] ?? null, after: value }))
    .filter((one) => one.before !== one.after);
}

function isEqual(a: Content, b: Content): boolean {
  return differencesOf(a, b).length === 0 && differencesOf(b, a).length === 0;
}

function isAmong(products: Wanted["products"], product: string): boolean {
  return products.some(({ id }) => id === product);
}

const signs: Readonly<Record<ChangeAction, string>> = { create: "+", update: "~", replace: "±", archive: "-" };

function textOf({ namespace, changes, unmanaged, isApplied }: Omit<CatalogPlan, "text">): string {
  const lines = changes.flatMap(({ action, kind, name, stripeId, differences, isDrift }) => {
    const about = stripeId === null || stripeId === name ? "" : ` (${stripeId})`;
    const why = isDrift ? ", which was changed at Stripe since it was applied" : "";
    const head = `${signs[action]} ${action} ${kind} ${name}${about}${why}`;
    if (action === "archive") return [head];
    return [head, ...differences.map((one) => `    ${one.field}: ${said(action, one)}`)];
  });
  const left = unmanaged.map(
    ({ product, price }) => `  left alone: price ${price} of ${product}, made by somebody else`,
  );
  if (lines.length === 0) lines.push(`Stripe is as the catalog ${namespace} says.`);
  if (changes.length === 0 && !isApplied) lines.push("It was not applied as it is now: features and trials are ours.");
  return [...lines, ...left].join("\n");
}

function said(action: ChangeAction, { before, after }: Difference): string {
  return action === "create" ? `${after ?? "none"}` : `${before ?? "none"} → ${after ?? "none"}`;
}
