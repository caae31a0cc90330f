// A card that is about to expire is told once for each date that is printed on it, whatever becomes of it later: a card
// that its network renews is filed anew for its new date, one that is removed is told no more.
//
// It is told thirty days before its month ends. Whoever is billed by the month is billed once more in that time, so
// that no payment fails untold; earlier, the bank has seldom sent the next card, nor its network told Stripe of it.
import { dayMs, type Instant } from "#kit/clock.ts";
import { on, type Timer } from "../../kernel/contract/manifest.ts";
import type { Reacting } from "../../kernel/contract/reacting.ts";
import type { CustomerMirror } from "../customers/index.ts";
import { clockTimes, customersOn } from "./clocks.ts";
import { type MethodMirror, methodKind } from "./methods.ts";
import { bearersOf } from "./whose.ts";

const kind = "methods.expiring";
const leadMs = 30 * dayMs;

type Card = NonNullable<MethodMirror["card"]>;

/** A card pays until its month is over, by the one clock that Stripe's dates are in. */
const endsAt = ({ expYear, expMonth }: Card): Instant => Date.UTC(expYear, expMonth);

const toldAt = (card: Card): Instant => endsAt(card) - leadMs;

export const onCardChanged = on("method.changed", async (reacting, news) => {
  const changed = news.filter(({ data: { before, after } }) => nameOf(before) !== nameOf(after));
  await file(reacting, [...new Map(changed.map(({ data }) => [data.after.id, data.after])).values()]);
  return [];
});

/** What is due by a test clock is due when the clock has come there. */
export const onClockMoved = on("test_clock.ready", async (reacting, news) => {
  const { tx } = reacting;
  const customers = await customersOn(
    tx,
    news.map(({ data }) => data.id),
  );
  if (customers.length === 0) return [];
  const rows = await tx
    .selectFrom("mirror")
    .select("row")
    .where("kind", "=", methodKind.kind)
    .where("customer", "in", customers)
    .where("tombstone", "=", 0)
    .execute();
  await file(
    reacting,
    rows.map(({ row }) => JSON.parse(row) as MethodMirror),
  );
  return [];
});

/** Of a card that had expired before it was seen there is nothing to tell. */
async function file({ tx, now, fileTimers, withdrawTimers }: Reacting, methods: readonly MethodMirror[]) {
  const clocks = await clockTimes(
    tx,
    methods.flatMap(({ customer }) => customer ?? []),
  );
  const dueAtOf = ({ customer, card }: MethodMirror): Instant | null => {
    if (customer === null || card === null) return null;
    const clock = clocks.get(customer);
    if (clock === undefined) return endsAt(card) <= now ? null : toldAt(card);
    return clock === null || clock < toldAt(card) || endsAt(card) <= clock ? null : now;
  };
  const timers = methods.map((method) => ({ kind, subject: method.id, dueAt: dueAtOf(method) }));
  await fileTimers(timers.flatMap(({ dueAt, ...timer }) => (dueAt === null ? [] : [{ ...timer, dueAt }])));
  await withdrawTimers(timers.filter(({ dueAt }) => dueAt === null));
}

/** Whose card it is, and until when it pays. */
function nameOf(method: MethodMirror | null): string {
  return `${method?.customer} ${method?.card && dateOf(method.card)}`;
}

const dateOf = ({ expYear, expMonth }: Card) => `${expYear}-${expMonth}`;

export const expiringTimer: Timer = {
  kind,
  async work({ tx, now }, { subject }) {
    const at = (id: string) => tx.selectFrom("mirror").select("row").where("id", "=", id).where("tombstone", "=", 0);
    const mirrored = await at(subject).executeTakeFirst();
    const { customer, card } = mirrored ? (JSON.parse(mirrored.row) as MethodMirror) : { customer: null, card: null };
    if (customer === null || card === null) return [];
    const clock = (await clockTimes(tx, [customer])).get(customer);
    if ((clock === undefined ? now : (clock ?? 0)) < toldAt(card)) return []; // It was renewed since.
    const bearer = (await bearersOf(tx, [customer])).get(customer);
    if (!bearer || bearer.since === null) return [];
    const owner = await at(customer).executeTakeFirst();
    const isDefault = owner !== undefined && (JSON.parse(owner.row) as CustomerMirror).defaultMethod === subject;
    const { expMonth, expYear } = card;
    const data = { customerId: bearer.customerId, methodId: subject, expMonth, expYear, isDefault };
    return [{ type: "method.expiring", subject, transition: `${subject} ${dateOf(card)}`, data }];
  },
};
