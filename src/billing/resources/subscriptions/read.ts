// Subscriptions as callers see them.
import type { NotNull } from "kysely";
import type Stripe from "stripe";
import { secondMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import { isAmong } from "#kit/sql/many.ts";
import {
  type Page,
  type PageOptions,
  type SoldAs,
  type SoldQuantity,
  type Subscription,
  type SubscriptionFilter,
  subscriptionStatuses,
} from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingReader } from "../../kernel/store/tables.ts";
import { type Sold, soldBy } from "../catalog/index.ts";
import { readCustomer } from "../customers/index.ts";
import { checkFields, checkFilter, checkOneOf, type Fields, pageFields } from "../input.ts";
import { dateOrNull } from "../instants.ts";
import { ownersOf, stripeIdsOf } from "../owners.ts";
import { having, readPage } from "../pages.ts";
import { readOnce } from "../read_once.ts";
import { plannedEnd } from "./happened.ts";
import { subscriptionKind } from "./kind.ts";
import { type Planned, plannedOf, type Quantity, type ScheduleMirror } from "./schedules/index.ts";
import type { SubscriptionMirror } from "./subscriptions.ts";

type Options = PageOptions & SubscriptionFilter;
const listFields: Fields<Options> = { ...pageFields, customerId: true, status: true, startId: true };

export async function getSubscription(core: BillingCore, id: string): Promise<Subscription> {
  const row = await core.sql.read("subscriptions.get", (reader) =>
    reader.selectFrom("subscriptions").select("id").where("id", "=", id).executeTakeFirst(),
  );
  const [found] = row ? await viewAll(core, [id]) : [];
  if (found) return found;
  throw problem("not_found", `No subscription ${id} of a customer of yours`, {
    hint: "It is Stripe's id, sub_…: `subscriptions.list({ customerId })` shows those of a customer.",
    details: { id },
  });
}

export async function listSubscriptions(core: BillingCore, given: Options): Promise<Page<Subscription>> {
  const options = checkFields("options", given, listFields);
  const status = checkOneOf("status", options.status, subscriptionStatuses);
  const customerId = checkFilter("customerId", options.customerId);
  const startId = checkFilter("startId", options.startId);
  const customers = customerId === undefined ? undefined : await readOf(core, customerId);
  const from = (reader: BillingReader) => {
    const query = having(reader.selectFrom("subscriptions").selectAll(), { status });
    const ofCustomer = customers === undefined ? query : query.where("customer", "in", customers);
    return startId === undefined ? ofCustomer : ofCustomer.where("id", "in", madeBy(reader, startId));
  };
  const page = await readPage(core, options, {
    label: "subscriptions.list",
    at: "created_at",
    from,
    view: ({ id }) => id,
  });
  return { ...page, data: await viewAll(core, page.data) };
}

function madeBy(reader: BillingReader, startId: string) {
  return reader
    .selectFrom("subscription_starts")
    .select("subscription")
    .where("id", "=", startId)
    .where("subscription", "is not", null)
    .$narrowType<{ subscription: NotNull }>();
}

/** The Customers at Stripe that the customer has or had, of which all subscriptions are known by now. */
export async function readOf(core: BillingCore, customerId: string): Promise<readonly string[]> {
  const customer = await readCustomer(core, customerId);
  if (customer.stripe_id !== null) {
    // Without the status those that are canceled are left out. https://docs.stripe.com/api/subscriptions/list
    const path = `/v1/subscriptions?customer=${customer.stripe_id}&status=all&limit=100`;
    await readOnce(core, customer.stripe_id, { table: "subscriptions_read", kind: subscriptionKind, path });
  }
  return core.sql.read("subscriptions.customers", (reader) => stripeIdsOf(reader, customer));
}

/** In their order. */
export async function viewAll(core: BillingCore, ids: readonly string[]): Promise<readonly Subscription[]> {
  return core.sql.read("subscriptions.view", async (reader) => {
    const stored = await reader
      .selectFrom("mirror")
      .select(["id", "row", "raw"])
      .where(isAmong(reader, "id", ids))
      .execute();
    const seen = new Map(stored.map(({ id, row, raw }) => [id, { row: JSON.parse(row) as SubscriptionMirror, raw }]));
    const owners = await ownersOf(
      reader,
      [...seen.values()].map(({ row }) => row.customer),
    );
    const sold = await soldBy(
      reader,
      [...seen.values()].flatMap(({ row }) => row.items),
    );
    const starts = await startsOf(reader, ids);
    const plans = await plansOf(
      reader,
      [...seen.values()].flatMap(({ row }) => row.schedule ?? []),
    );
    return ids.flatMap((id) => {
      const one = seen.get(id);
      if (!one) return [];
      const customerId = owners.get(one.row.customer)?.id ?? null;
      const planned = plans.get(one.row.schedule) ?? null;
      return viewSubscription(one, { customerId, startId: starts.get(id) ?? null, sold, planned });
    });
  });
}

async function startsOf(reader: BillingReader, ids: readonly string[]): Promise<ReadonlyMap<string | null, string>> {
  const rows = await reader
    .selectFrom("subscription_starts")
    .select(["id", "subscription"])
    .where(isAmong(reader, "subscription", ids))
    .execute();
  return new Map(rows.map(({ id, subscription }) => [subscription, id]));
}

/** By schedule, what its subscription becomes. */
async function plansOf(reader: BillingReader, ids: readonly string[]): Promise<ReadonlyMap<string | null, Planned>> {
  if (ids.length === 0) return new Map();
  const stored = await reader
    .selectFrom("mirror")
    .select(["id", "row"])
    .where(isAmong(reader, "id", ids))
    .where("kind", "=", "subscription_schedule")
    .execute();
  const planned = stored.map(({ id, row }) => [id, plannedOf(JSON.parse(row) as ScheduleMirror)] as const);
  return new Map(planned.flatMap(([id, one]) => (one === null ? [] : [[id, one] as const])));
}

interface Seen {
  readonly row: SubscriptionMirror;
  readonly raw: Uint8Array;
}

/** What the mirror does not know. */
interface Beside {
  readonly customerId: string | null;
  readonly startId: string | null;
  readonly sold: ReadonlyMap<string, Sold>;
  readonly planned: Planned | null;
}

function viewSubscription({ row, raw }: Seen, { customerId, startId, sold, planned }: Beside): Subscription {
  const { pauseCollection, pendingUpdate } = row;
  return {
    id: row.id,
    customerId,
    startId,
    status: row.status,
    currency: row.currency,
    items: row.items.map((item) => ({
      id: item.id,
      priceId: item.price,
      lookupKey: item.lookupKey,
      productId: item.product,
      sold: viewSold(sold.get(item.price)),
      quantity: item.quantity,
      currentPeriodStart: new Date(item.currentPeriodStart * secondMs),
      currentPeriodEnd: new Date(item.currentPeriodEnd * secondMs),
    })),
    createdAt: new Date(row.created * secondMs),
    startedAt: new Date(row.startDate * secondMs),
    cancelAt: dateOrNull(plannedEnd(row)),
    cancelAtPeriodEnd: row.cancelAtPeriodEnd,
    canceledAt: dateOrNull(row.canceledAt),
    endedAt: dateOrNull(row.endedAt),
    cancellation: row.cancellation,
    pauseCollection: pauseCollection && {
      behavior: pauseCollection.behavior,
      resumesAt: dateOrNull(pauseCollection.resumesAt),
    },
    trialStart: dateOrNull(row.trialStart),
    trialEnd: dateOrNull(row.trialEnd),
    defaultMethodId: row.defaultMethod,
    latestInvoiceId: row.latestInvoice,
    pendingUpdate: pendingUpdate && {
      expiresAt: new Date(pendingUpdate.expiresAt * secondMs),
      items: pendingUpdate.items?.map(viewQuantity) ?? null,
    },
    scheduledChange: planned && {
      changesAt: new Date(planned.at * secondMs),
      items: planned.items.map(viewQuantity),
    },
    collectionMethod: row.collectionMethod,
    daysUntilDue: row.daysUntilDue,
    billingMode: row.billingMode,
    scheduleId: row.schedule,
    testClockId: row.testClock,
    stripe: { subscription: JSON.parse(Buffer.from(raw).toString("utf8")) as Omit<Stripe.Subscription, "items"> },
  };
}

const viewQuantity = ({ price, quantity }: Quantity): SoldQuantity => ({ priceId: price, quantity });

function viewSold(sold: Sold | undefined): SoldAs | null {
  if (!sold) return null;
  const { namespace, kind, name, every } = sold;
  return { namespace, kind, name, every };
}
