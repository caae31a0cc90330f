// Many Customers that Stripe has already become the host's users at once, by the rules of link.ts. Nothing is written
// at Stripe: that a Customer is in our table makes it ours, and what hangs on it.
import { sqlState } from "#kit/sql/errors.ts";
import type { ImportReason } from "../../../api/index.ts";
import type { Reacting, Remote } from "../../../kernel/contract/reacting.ts";
import type { BillingTx, Selecting } from "../../../kernel/store/tables.ts";
import { columnsOf, metadataOf, withoutEmpty } from "../profile/profile.ts";
import type { CustomerRow } from "../tables.ts";
import { wishOf } from "../wishes.ts";
import { lockCustomer } from "../write.ts";
import {
  type Known,
  known,
  type LinkWish,
  markedBearer,
  otherBearer,
  readMaking,
  takeOver,
  takeOverTaxIds,
} from "./link.ts";

export interface Placing {
  /** The host's id of it; null where nobody says one, which is enough for one that was placed before. */
  readonly id: string | null;
  readonly remote: Remote;
}

interface LinkWithRemote extends Placing {
  readonly id: string;
}

/** new: nobody is known by the id. said: somebody is, whom Stripe does not know. linked: it was placed before. */
export type Placeable = "new" | "said" | "linked";
/** It would be, if somebody said who it is. */
type Unsaid = "unsaid";
export interface Unplaceable {
  readonly reason: ImportReason;
  readonly detail: string;
}

/** By Stripe's id, whether it can be the user that it is said to be. */
export async function judgePlacings(
  db: Selecting,
  instance: string,
  placings: readonly Placing[],
): Promise<ReadonlyMap<string, Placeable | Unsaid | Unplaceable>> {
  const rows = await db
    .selectFrom("customers")
    .selectAll()
    .where((eb) =>
      eb.or([
        eb(
          "id",
          "in",
          placings.map(({ id }) => id ?? ""),
        ),
        eb(
          "stripe_id",
          "in",
          placings.map(({ remote }) => remote.id),
        ),
      ]),
    )
    .execute();
  const making = rows.length === 0 ? [] : await readMaking(db, instance, rows);
  const isMade = new Set(making.map(({ subject }) => subject));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const byStripeId = new Map(rows.map((row) => [row.stripe_id, row]));
  return new Map(
    placings.map(({ id, remote }) => {
      if (id === null) return [remote.id, byStripeId.has(remote.id) ? "linked" : "unsaid"];
      const wish = { id, stripeId: remote.id };
      const user = byId.get(id);
      const bearers = [user, byStripeId.get(remote.id), markedBearer(remote, instance)];
      return [remote.id, judge(wish, { user, bearers, isMade: user !== undefined && isMade.has(wishOf(user)) })];
    }),
  );
}

function judge(
  wish: LinkWish,
  of: {
    user: CustomerRow | undefined;
    bearers: readonly (Pick<CustomerRow, "id" | "stripe_id"> | undefined)[];
    isMade: boolean;
  },
): Placeable | Unsaid | Unplaceable {
  for (const bearer of of.bearers) {
    const detail = bearer ? otherBearer(bearer, wish) : null;
    if (bearer && detail !== null) {
      return { reason: bearer.id === wish.id ? "id_is_linked" : "customer_is_linked", detail };
    }
  }
  if (of.user === undefined) return "new";
  if (of.user.stripe_id !== null) return "linked";
  const detail = `Customer ${wish.id} is being made at Stripe`;
  return of.isMade ? { reason: "being_made", detail } : "said";
}

/**
 * Writes those that can be placed; what the host had said of one stays, and is told to Stripe. Answers false when
 * somebody else was faster with one of them: then nothing of the transaction may stay, and all are judged anew.
 */
export async function placeCustomers(
  reacting: Reacting,
  placings: readonly (LinkWithRemote & { readonly as: Placeable })[],
): Promise<boolean> {
  const { tx, now } = reacting;
  const fresh = placings.filter(({ as }) => as === "new");
  const theirs = fresh.map(({ id, remote }) => ({ id, remote: known.read(remote, remote.id) }));
  const rows = theirs.map(({ id, remote }) => ({ row: rowOf(id, remote, now), remote }));
  const made = await insertCustomers(
    tx,
    rows.map(({ row }) => row),
  );
  if (made !== fresh.length) return false;
  for (const { row, remote } of rows) {
    if ((remote.tax_ids?.data.length ?? 0) > 0) await takeOverTaxIds(reacting, row, remote);
  }
  const said = placings.filter(({ as }) => as === "said").sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const { id, remote } of said) {
    const before = await lockCustomer(tx, id);
    if (before.stripe_id !== null || (await readMaking(tx, reacting.instance, [before])).length > 0) return false;
    if (!(await bear(tx, id, remote.id))) return false;
    await takeOver(reacting, id, known.read(remote, remote.id));
  }
  return true;
}

function rowOf(id: string, theirs: Known, now: number): CustomerRow {
  const columns = columnsOf(theirs);
  const { id: stripe_id, currency } = theirs;
  return { ...columns, id, stripe_id, currency, revision: 0, generation: 0, created_at: now };
}

async function insertCustomers(tx: BillingTx, rows: readonly CustomerRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  const made = await tx
    .insertInto("customers")
    .values([...rows].sort((a, b) => (a.id < b.id ? -1 : 1)))
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .execute();
  const metadata = rows.flatMap(({ id: customer, created_at, ...row }) =>
    Object.entries(withoutEmpty(metadataOf(row))).map(([name, value]) => ({ customer, name, value, created_at })),
  );
  if (made.length === rows.length && metadata.length > 0) {
    await tx.insertInto("customer_metadata").values(metadata).execute();
  }
  return made.length;
}

/** PostgreSQL's code: somebody else bears it since we asked. On SQLite nobody writes beside us. */
const takenState = "23505";

async function bear(tx: BillingTx, id: string, stripeId: string): Promise<boolean> {
  try {
    await tx.updateTable("customers").set({ stripe_id: stripeId }).where("id", "=", id).execute();
    return true;
  } catch (error) {
    if (sqlState(error) !== takenState) throw error;
    return false;
  }
}
