// What the database knows of customers, as the policy takes it: their subscriptions and what was asked for them, what
// was given by hand, and what the catalog sells.
import { type Instant, secondMs } from "#kit/clock.ts";
import { isAmong } from "#kit/sql/many.ts";
import type { FeatureType } from "../../api/index.ts";
import type { Selecting } from "../../kernel/store/tables.ts";
import { appliedFeatures, type Sold, soldBy } from "../catalog/index.ts";
import { plannedEnd, type SubscriptionMirror } from "../subscriptions/index.ts";
import { readInvoices } from "./invoices.ts";
import type { AccessInput, Given, HeldGrant, HeldSubscription } from "./policy.ts";
import { readPolicy } from "./state.ts";
import type { AccessGrantRow } from "./tables.ts";

export type Database = Parameters<typeof isAmong>[0] & Selecting;

export interface Gathered {
  /** Of the catalog and the policy. */
  readonly version: string;
  readonly customers: ReadonlyMap<string, GatheredCustomer>;
}

export interface GatheredCustomer {
  readonly input: AccessInput;
  /** By which the customer lives. */
  readonly testClock: string | null;
}

/** @param since what was asked for a time before is over. */
export async function gather(db: Database, customers: readonly string[], since: Instant): Promise<Gathered> {
  const { version, policy } = await readPolicy(db);
  const users = await stripeCustomersOf(db, customers);
  const rows = await readSubscriptions(db, [...users.keys()]);
  const ids = rows.map(({ id }) => id);
  const invoices = await readInvoices(db, ids, since);
  const grants = Map.groupBy(await readGrants(db, customers), ({ customer }) => customer);
  const items = rows.flatMap((row) => row.items);
  const sold = await soldBy(db, items);
  const features = featuresOf(await appliedFeatures(db), [...sold.values()]);
  const given = new Map([...sold].map(([price, { definition }]) => [price, (definition.features ?? {}) as Given]));
  const byUser = Map.groupBy(rows, ({ customer }) => users.get(customer));
  return {
    version,
    customers: new Map(
      customers.map((customer) => {
        const own = byUser.get(customer) ?? [];
        const names = new Set(own.map(({ id }) => id));
        const input: AccessInput = {
          subscriptions: own.map(heldOf),
          invoices: invoices.filter(({ subscription }) => names.has(subscription)),
          grants: (grants.get(customer) ?? []).map(grantOf),
          features,
          sold: given,
          policy,
        };
        const testClock = own.find((row) => row.testClock !== null)?.testClock ?? null;
        return [customer, { input, testClock }];
      }),
    ),
  };
}

/** Those of the catalogs as they are, and what older ones called the features that somebody has still. */
function featuresOf(
  applied: Readonly<Record<string, FeatureType>>,
  sold: readonly Sold[],
): Readonly<Record<string, FeatureType>> {
  return Object.assign({}, ...sold.map(({ features }) => features), applied);
}

/** By Stripe's id, present and past, whose it is. */
async function stripeCustomersOf(
  db: Database,
  customers: readonly string[],
): Promise<ReadonlyMap<string | null, string>> {
  const now = await db
    .selectFrom("customers")
    .select(["id", "stripe_id"])
    .where(isAmong(db, "id", customers))
    .execute();
  const past = await db
    .selectFrom("past_customers")
    .select(["customer as id", "stripe_id"])
    .where(isAmong(db, "customer", customers))
    .execute();
  return new Map([...past, ...now].flatMap(({ id, stripe_id }) => (stripe_id === null ? [] : [[stripe_id, id]])));
}

async function readSubscriptions(
  db: Database,
  stripeCustomers: readonly (string | null)[],
): Promise<readonly SubscriptionMirror[]> {
  const ids = stripeCustomers.flatMap((id) => id ?? []);
  if (ids.length === 0) return [];
  const stored = await db
    .selectFrom("subscriptions")
    .innerJoin("mirror", "mirror.id", "subscriptions.id")
    .select("mirror.row")
    .where(isAmong(db, "subscriptions.customer", ids))
    .where("mirror.tombstone", "=", 0)
    .orderBy("subscriptions.created_at")
    .orderBy("subscriptions.id")
    .execute();
  return stored.map(({ row }) => JSON.parse(row) as SubscriptionMirror);
}

function heldOf(row: SubscriptionMirror): HeldSubscription {
  const { cancelAt, endedAt, cancelAtPeriodEnd, cancellation } = row;
  const wasToEnd = cancelAtPeriodEnd || (cancelAt !== null && endedAt !== null && cancelAt <= endedAt);
  return {
    id: row.id,
    status: row.status,
    isCollectionPaused: row.pauseCollection !== null,
    trialEnd: msOrNull(row.trialEnd),
    endsAt: msOrNull(plannedEnd(row)),
    isEndedForGood: wasToEnd || cancellation.reason === "payment_disputed",
    daysUntilDue: row.collectionMethod === "send_invoice" ? (row.daysUntilDue ?? 0) : null,
    items: row.items.map(({ id, price, quantity, currentPeriodStart, currentPeriodEnd }) => ({
      id,
      price,
      quantity,
      periodStart: currentPeriodStart * secondMs,
      periodEnd: currentPeriodEnd * secondMs,
    })),
  };
}

const msOrNull = (seconds: number | null) => (seconds === null ? null : seconds * secondMs);

async function readGrants(db: Database, customers: readonly string[]): Promise<readonly AccessGrantRow[]> {
  return db
    .selectFrom("access_grants")
    .selectAll()
    .where(isAmong(db, "customer", customers))
    .where("revoked_at", "is", null)
    .orderBy("id")
    .execute();
}

function grantOf({ feature, amount, until }: AccessGrantRow): HeldGrant {
  return { feature, limit: limitOf(amount), until };
}

export function limitOf(amount: string | null): number | "unlimited" | null {
  return amount === null || amount === "unlimited" ? amount : Number(amount);
}
