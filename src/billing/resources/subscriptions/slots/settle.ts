// Slots and trials as rows: taken, given back, and held against what is known of Stripe. Whoever does so has locked the
// customer first, so that all that is decided about one customer is decided one after the other.
import { problem } from "#kit/problems.ts";
import { resolveFlag, retellFlag } from "../../../kernel/changes/flags.ts";
import type { Reacting } from "../../../kernel/contract/reacting.ts";
import type { BillingTx } from "../../../kernel/store/tables.ts";
import { soldBy } from "../../catalog/index.ts";
import { lockCustomers } from "../../customers/index.ts";
import { madeBy } from "../../marks.ts";
import type { SubscriptionMirror } from "../subscriptions.ts";
import { type SlotRow, startName } from "../tables.ts";
import { type SlotsAfter, type Subscribed, slotsAfter } from "./slots.ts";

/**
 * Gives back what is over, and takes what is free for what runs. A second one beside a held slot is flagged: nobody
 * should pay twice for the same, and which of the two is to end is for a human.
 */
export async function settleSlots(reacting: Reacting, customers: readonly string[]): Promise<void> {
  if (customers.length === 0) return;
  const { tx } = reacting;
  await lockCustomers(tx, customers);
  const slots = await tx.selectFrom("subscription_slots").selectAll().where("customer", "in", customers).execute();
  const subscribed = await subscribedOf(reacting, customers);
  const { dropped, taken, bound, crowded } = slotsAfter(slots, subscribed);
  for (const { customer, plan_group } of dropped) {
    await tx
      .deleteFrom("subscription_slots")
      .where("customer", "=", customer)
      .where("plan_group", "=", plan_group)
      .execute();
  }
  if (taken.length > 0) await tx.insertInto("subscription_slots").values(taken).execute();
  for (const { start, subscription } of bound) if (start && subscription) await bind(tx, { start, subscription });
  await tellCrowded(reacting, { customers, crowded });
  await keepTrials(tx, subscribed);
}

/** What a start has made is known by its answer, or by an event that overtakes it: of two, the first is the start's. */
export async function bind(tx: BillingTx, made: { start: string; subscription: string }): Promise<string> {
  const { subscription } = await tx
    .updateTable("subscription_starts")
    .set((eb) => ({ subscription: eb.fn.coalesce("subscription", eb.val(made.subscription)) }))
    .where("id", "=", made.start)
    .returning("subscription")
    .executeTakeFirstOrThrow();
  for (const table of ["subscription_slots", "subscription_trials"] as const) {
    await tx
      .updateTable(table as "subscription_slots")
      .set({ subscription })
      .where("start", "=", made.start)
      .where("subscription", "is", null)
      .execute();
  }
  return subscription ?? made.subscription;
}

const secondFlag = "second_subscription";

/** One flag for a slot, with all that crowd it by now; it is seen to when nothing does. */
async function tellCrowded(
  { tx, now, flag }: Reacting,
  { customers, crowded }: { customers: readonly string[]; crowded: SlotsAfter["crowded"] },
): Promise<void> {
  const bySlot = Map.groupBy(crowded, ({ slot }) => `${slot.customer}/${slot.plan_group}`);
  const flags = [...bySlot].map(([subject, ones]) => {
    const [{ slot } = { slot: undefined }] = ones;
    const holder = slot?.subscription ?? `what start ${slot?.start} makes`;
    return { kind: secondFlag, subject, detail: `${ones.map(({ one }) => one.row.id).join(", ")} beside ${holder}` };
  });
  await flag(flags);
  for (const one of flags) await retellFlag(tx, one);
  const open = await tx
    .selectFrom("flags")
    .select("subject")
    .where("kind", "=", secondFlag)
    .where("resolved_at", "is", null)
    .execute();
  const isOver = (subject: string) => customers.includes(customerIn(subject)) && !bySlot.has(subject);
  for (const { subject } of open.filter((one) => isOver(one.subject))) {
    await resolveFlag(tx, { kind: secondFlag, subject, now });
  }
}

/** No id of a host has a `/`. */
const customerIn = (subject: string) => subject.slice(0, subject.indexOf("/"));

/** A trial that was had is had, wherever it was begun. */
async function keepTrials(tx: BillingTx, subscribed: readonly Subscribed[]): Promise<void> {
  const had = subscribed.filter(({ row }) => row.trialStart !== null);
  const rows = had.flatMap(({ customer, groups, start, row }) =>
    groups.map((plan_group) => ({ customer, plan_group, start, subscription: row.id })),
  );
  if (rows.length === 0) return;
  await tx
    .insertInto("subscription_trials")
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** All that is known of them, also what is over; the oldest first. */
async function subscribedOf(reacting: Reacting, customers: readonly string[]): Promise<readonly Subscribed[]> {
  const { tx } = reacting;
  const now = await tx.selectFrom("customers").select(["id", "stripe_id"]).where("id", "in", customers).execute();
  const past = await tx
    .selectFrom("past_customers")
    .select(["customer as id", "stripe_id"])
    .where("customer", "in", customers)
    .execute();
  const owners = new Map([...past, ...now].map(({ id, stripe_id }) => [stripe_id, id]));
  const stripeIds = [...owners.keys()].filter((id) => id !== null);
  if (stripeIds.length === 0) return [];
  const stored = await tx
    .selectFrom("subscriptions")
    .innerJoin("mirror", "mirror.id", "subscriptions.id")
    .select("mirror.row")
    .where("subscriptions.customer", "in", stripeIds)
    .where("mirror.tombstone", "=", 0)
    .orderBy("subscriptions.created_at")
    .orderBy("subscriptions.id")
    .execute();
  const rows = stored.map(({ row }) => JSON.parse(row) as SubscriptionMirror);
  const sold = await soldBy(
    tx,
    rows.flatMap(({ items }) => items),
  );
  const starts = await madeBy(reacting, startName, rows);
  return rows.flatMap((row) => {
    const customer = owners.get(row.customer);
    if (customer === undefined) return [];
    const groups = row.items.flatMap(({ price }) => {
      const one = sold.get(price);
      return one?.kind === "plan" ? one.group : [];
    });
    return [{ row, customer, groups: [...new Set(groups)], start: starts.get(row.id) ?? null }];
  });
}

interface Wanted {
  readonly customer: string;
  readonly plan_group: string;
  readonly start: string;
}

/** For what the start will make. Throws when something else holds it. */
export async function takeSlot(tx: BillingTx, wanted: Wanted): Promise<void> {
  const { customer, plan_group, start } = wanted;
  const taken = await tx
    .insertInto("subscription_slots")
    .values({ ...wanted, subscription: null })
    .onConflict((conflict) => conflict.doNothing())
    .returning("customer")
    .executeTakeFirst();
  if (taken) return;
  const holder = await tx
    .selectFrom("subscription_slots")
    .selectAll()
    .where("customer", "=", customer)
    .where("plan_group", "=", plan_group)
    .executeTakeFirstOrThrow();
  if (holder.subscription === null && holder.start === start) return; // of the attempt before
  throw slotHeld(holder);
}

function slotHeld({ customer, plan_group, start, subscription }: SlotRow) {
  const has = subscription === null ? `start ${start} under way` : `subscription ${subscription}`;
  return problem("wrong_state", `Customer ${customer} has ${has}, and one plan of ${plan_group} at a time`, {
    hint:
      subscription === null
        ? "Wait for its end: a fact tells when nothing comes of it."
        : "Change or cancel that one, or give the plan a `group` of its own in the catalog.",
    details: { customerId: customer, group: plan_group, subscriptionId: subscription, startId: start },
  });
}

/** Throws when the customer has had theirs: whoever was promised a trial is not charged instead. */
export async function takeTrial(tx: BillingTx, wanted: Wanted): Promise<void> {
  const { customer, plan_group, start } = wanted;
  const taken = await tx
    .insertInto("subscription_trials")
    .values({ ...wanted, subscription: null })
    .onConflict((conflict) => conflict.doNothing())
    .returning("customer")
    .executeTakeFirst();
  if (taken) return;
  const had = await tx
    .selectFrom("subscription_trials")
    .selectAll()
    .where("customer", "=", customer)
    .where("plan_group", "=", plan_group)
    .executeTakeFirstOrThrow();
  if (had.subscription === null && had.start === start) return; // of the attempt before
  throw problem("wrong_state", `Customer ${customer} has had their trial in ${plan_group}`, {
    hint: "A trial is given once. Without `trial` the plan is paid for from the first day.",
    details: { field: "trial", customerId: customer, group: plan_group, subscriptionId: had.subscription },
  });
}

/** Nothing came of the start. */
export async function giveBack(reacting: Reacting, { customer, start }: Omit<Wanted, "plan_group">): Promise<void> {
  for (const table of ["subscription_slots", "subscription_trials"] as const) {
    await reacting.tx
      .deleteFrom(table as "subscription_slots")
      .where("customer", "=", customer)
      .where("start", "=", start)
      .where("subscription", "is", null)
      .execute();
  }
  await settleSlots(reacting, [customer]);
}
