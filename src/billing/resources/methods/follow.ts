// What is told when a customer's methods come and go, whoever has done it.
import { hourMs, secondMs } from "#kit/clock.ts";
import { on } from "../../kernel/contract/manifest.ts";
import type { News } from "../../kernel/contract/reacting.ts";
import type { Selecting } from "../../kernel/store/tables.ts";
import { type CustomerMirror, ensure } from "../customers/index.ts";
import { madeBy } from "../marks.ts";
import { type MethodMirror, methodKind } from "./methods.ts";
import { bearersOf } from "./whose.ts";

/** A card may be typed in before its payer is known as a customer; nobody takes longer than this over it. */
const madeBeforeMs = hourMs;

export const onMethodChanged = on("method.changed", async ({ tx }, news) => {
  const moves = news
    .map(({ data: { before, after } }) => ({ from: before?.customer ?? null, after }))
    .filter(({ from, after }) => from !== after.customer);
  const bearers = await bearersOf(
    tx,
    moves.flatMap(({ from, after }) => [from ?? [], after.customer ?? []].flat()),
  );
  const joined = moves.flatMap(({ after }): News[] => {
    const bearer = bearers.get(after.customer ?? "");
    const isNews = bearer !== undefined && bearer.since !== null && madeAtMs(after) >= bearer.since - madeBeforeMs;
    return isNews ? [added(bearer.customerId, after)] : [];
  });
  const left = moves.map(({ from, after: { id } }) => ({ id, customer: from }));
  return [...joined, ...(await lostNews(tx, left))];
});

const madeAtMs = ({ created }: MethodMirror) => created * secondMs;

function added(customerId: string, { id, type }: MethodMirror): News<"method.added"> {
  return { type: "method.added", subject: id, transition: id, data: { customerId, methodId: id, type } };
}

/** Once: Stripe never gives a method back. */
function removed(customerId: string, id: string): News<"method.removed"> {
  return { type: "method.removed", subject: id, transition: id, data: { customerId, methodId: id } };
}

/** What Stripe does not know any more pays nothing: the method itself, or its Customer with all that it had. */
export const onMethodGone = on("object.gone", async ({ tx }, news) => {
  const named = (kind: string) => news.flatMap(({ data }) => (data.kind === kind ? data.id : []));
  const lost = await heldMethods(tx, { ids: named(methodKind.kind), customers: named("customer") });
  return lostNews(tx, lost);
});

/** A default that is lost leaves none, whether or not Stripe goes on naming it. */
async function lostNews(
  db: Selecting,
  lost: readonly Pick<MethodMirror, "id" | "customer">[],
): Promise<readonly News[]> {
  const losers = [...new Set(lost.flatMap(({ customer }) => customer ?? []))];
  const bearers = await bearersOf(db, losers);
  const defaults = await defaultsOf(db, losers);
  return lost.flatMap(({ id, customer }) => {
    const bearer = bearers.get(customer ?? "");
    if (!bearer || customer === null) return [];
    const { customerId } = bearer;
    return [
      removed(customerId, id),
      ...(defaults.get(customer) === id ? [defaultChanged(customerId, null, without(id))] : []),
    ];
  });
}

async function defaultsOf(db: Selecting, stripeIds: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  if (stripeIds.length === 0) return new Map();
  const rows = await db.selectFrom("mirror").select(["id", "row"]).where("id", "in", stripeIds).execute();
  return new Map(rows.map(({ id, row }) => [id, (JSON.parse(row) as CustomerMirror).defaultMethod]));
}

/** What makes it the same loss, told by the method's end or by the Customer that names it no more. */
const without = (methodId: string) => `without ${methodId}`;

function defaultChanged(
  customerId: string,
  methodId: string | null,
  transition: string,
): News<"method.default_changed"> {
  return { type: "method.default_changed", subject: customerId, transition, data: { customerId, methodId } };
}

/** Of these, and of these Customers, what is still with its customer as far as anybody knows. */
async function heldMethods(
  db: Selecting,
  { ids, customers }: { ids: readonly string[]; customers: readonly string[] },
): Promise<readonly MethodMirror[]> {
  if (ids.length + customers.length === 0) return [];
  const rows = await db
    .selectFrom("mirror")
    .select("row")
    .where("kind", "=", methodKind.kind)
    .where((eb) => eb.or([eb("id", "in", [...ids, ""]), eb("customer", "in", [...customers, ""])]))
    .execute();
  return rows.map(({ row }) => JSON.parse(row) as MethodMirror).filter(({ customer }) => customer !== null);
}

/** A Customer that is seen for the first time has not changed, unless we made it: then it had none. */
export const onDefaultChanged = on("customer.default_method", async (reacting, news) => {
  const seenFirst = news.flatMap(({ data: { before, after } }) => (before === null ? after : []));
  const made = await madeBy(reacting, ensure.name, seenFirst);
  const changed = news.filter(({ data: { before, after } }) => before !== null || made.has(after.id));
  const former = changed.flatMap(({ data }) => data.before?.defaultMethod ?? []);
  const held = await heldMethods(reacting.tx, { ids: former, customers: [] });
  const bearers = await bearersOf(
    reacting.tx,
    changed.map(({ data }) => data.after.id),
  );
  return changed.flatMap(({ data: { before, after }, transition }): News[] => {
    const customerId = bearers.get(after.id)?.customerId;
    if (customerId === undefined) return [];
    const lost = before?.defaultMethod ?? null;
    const isLoss = after.defaultMethod === null && lost !== null && held.every(({ id }) => id !== lost);
    return [defaultChanged(customerId, after.defaultMethod, isLoss ? without(lost) : transition)];
  });
});
