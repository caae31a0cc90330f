// A card that is about to expire is told once for each date that is printed on it, whatever becomes of it later: a card
// that its network renews is filed anew for its new date, one that is removed is told no more.
//
// It is told thirty days before its month ends. Whoever is billed by the month is billed once more in that time, so
// that no payment fails untold; earlier, the bank has seldom sent the next card, nor its network told Stripe of it.
import { dayMs, type Instant } from "#kit/clock.ts";
import { on, type Timer } from "../../kernel/contract/manifest.ts";
import type { FiledTimer } from "../../kernel/contract/reacting.ts";
import type { CustomerMirror } from "../customers/index.ts";
import type { MethodMirror } from "./methods.ts";
import { bearersOf } from "./whose.ts";

const kind = "methods.expiring";
const leadMs = 30 * dayMs;

type Card = NonNullable<MethodMirror["card"]>;

/** A card pays until its month is over; where that is, nobody says, so it is over when the last clock is past it. */
const endsAt = ({ expYear, expMonth }: Card): Instant => Date.UTC(expYear, expMonth);

const toldAt = (card: Card): Instant => endsAt(card) - leadMs;

/** Of a card that had expired before it was seen there is nothing to tell. */
export const onCardChanged = on("method.changed", async ({ now, fileTimers, withdrawTimers }, news) => {
  const changed = news.filter(({ data: { before, after } }) => nameOf(before) !== nameOf(after));
  const last = new Map(changed.map(({ data }) => [data.after.id, data.after]));
  const timers = [...last.values()].map(({ id: subject, customer, card }): FiledTimer | { subject: string } =>
    customer === null || card === null || endsAt(card) <= now ? { subject } : { kind, subject, dueAt: toldAt(card) },
  );
  await fileTimers(timers.filter((timer) => "dueAt" in timer));
  await withdrawTimers(timers.filter((timer) => !("dueAt" in timer)).map(({ subject }) => ({ kind, subject })));
  return [];
});

/** Whose card it is, and until when it pays. */
function nameOf(method: MethodMirror | null): string {
  return `${method?.customer} ${method?.card && dateOf(method.card)}`;
}

const dateOf = ({ expYear, expMonth }: Card) => `${expYear}-${expMonth}`;

export const expiringTimer: Timer = {
  kind,
  async work({ tx }, { subject, dueAt }) {
    const at = (id: string) => tx.selectFrom("mirror").select("row").where("id", "=", id).where("tombstone", "=", 0);
    const mirrored = await at(subject).executeTakeFirst();
    const { customer, card } = mirrored ? (JSON.parse(mirrored.row) as MethodMirror) : { customer: null, card: null };
    if (customer === null || card === null || toldAt(card) !== dueAt) return [];
    const bearer = (await bearersOf(tx, [customer])).get(customer);
    if (!bearer || bearer.since === null) return [];
    const owner = await at(customer).executeTakeFirst();
    const isDefault = owner !== undefined && (JSON.parse(owner.row) as CustomerMirror).defaultMethod === subject;
    const { expMonth, expYear } = card;
    const data = { customerId: bearer.customerId, methodId: subject, expMonth, expYear, isDefault };
    return [{ type: "method.expiring", subject, transition: `${subject} ${dateOf(card)}`, data }];
  },
};
