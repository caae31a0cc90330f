// Whoever was read becomes the user that it is said to be, where nobody else is said to be the same.
import { isAmong } from "#kit/sql/many.ts";
import { type Observation, tellSeen, writeSeen } from "../../kernel/changes/observe.ts";
import { reactingToHistory } from "../../kernel/changes/react.ts";
import type { MirroredRow, MirrorKind } from "../../kernel/contract/manifest.ts";
import type { Remote } from "../../kernel/contract/reacting.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { customerKind, judgePlacings, type Placing, placeCustomers, taxIdKind } from "../customers/index.ts";
import { taxIdsOf } from "./customers.ts";
import { type Advance, type Importing, Overtaken, type Stage } from "./stage.ts";
import type { ImportCustomerRow } from "./tables.ts";

const atOnce = 100;
/** So many others are named that claim the same id. */
const rivalsShown = 5;

export const placingStage: Stage = {
  name: "placing",
  next: async (importing) => (tx) => placeSome(importing, tx),
  total: ({ core }) =>
    core.sql.read("import.to_place", async (reader) => {
      const counted = reader.selectFrom("import_customers").where("remote", "is not", null);
      const { count } = await counted.select((eb) => eb.fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
      return Number(count);
    }),
};

/** Of whom nobody has said who it is, that stands in its row already. */
type Why = Partial<Pick<ImportCustomerRow, "reason" | "detail">>;

interface Read extends Placing {
  readonly row: ImportCustomerRow;
}

async function placeSome(importing: Importing, tx: BillingTx): Promise<Advance> {
  const rows = await tx
    .selectFrom("import_customers")
    .selectAll()
    .where("state", "=", "read")
    .orderBy("stripe_id")
    .limit(atOnce)
    .execute();
  const last = rows.at(-1);
  if (!last) return { cursor: null, done: 0 };
  const read = rows.map((row): Read => ({ row, id: row.host_id, remote: remoteOf(row) }));
  const { instance } = importing.core.kernel;
  const verdicts = await judgePlacings(tx, instance, read);
  const rivals = await rivalsOf(tx, read);
  const placed: Read[] = [];
  const left = new Map<string, Why>();
  for (const one of read) {
    const verdict = verdicts.get(one.remote.id) ?? "new";
    const others = rivals.get(one.id ?? "") ?? [];
    if (typeof verdict !== "string") left.set(one.remote.id, verdict);
    else if (verdict === "unsaid") left.set(one.remote.id, {});
    else if (verdict !== "linked" && others.length > 1) left.set(one.remote.id, claimedTwice(one.id ?? "", others));
    else placed.push(one);
  }
  const isNew = ({ remote }: Read) => verdicts.get(remote.id) !== "linked";
  if (!importing.isDryRun) await place(importing, tx, { placed, as: verdicts });
  await writeEnds(tx, placed, left);
  return { cursor: last.stripe_id, done: rows.length, added: placed.filter(isNew).length };
}

function remoteOf({ remote, stripe_id }: ImportCustomerRow): Remote {
  return remote ? (JSON.parse(Buffer.from(remote).toString("utf8")) as Remote) : { id: stripe_id, object: "customer" };
}

function claimedTwice(id: string, rivals: readonly string[]): Why {
  const shown = rivals.slice(0, rivalsShown);
  const more = rivals.length > shown.length ? ` and ${rivals.length - shown.length} more` : "";
  return { reason: "claimed_twice", detail: `${id} is said of ${shown.join(", ")}${more}` };
}

/** By the host's id, all Customers that claim it. Those that only a file names, and that are not there, do not. */
async function rivalsOf(tx: BillingTx, read: readonly Read[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const ids = [...new Set(read.flatMap(({ id }) => id ?? []))];
  const rows = await tx
    .selectFrom("import_customers")
    .select(["host_id", "stripe_id"])
    .where(isAmong(tx, "host_id", ids))
    .where((eb) => eb.or([eb("reason", "is", null), eb("reason", "not in", ["deleted", "unknown"])]))
    .orderBy("stripe_id")
    .execute();
  const claims = Map.groupBy(rows, ({ host_id }) => host_id ?? "");
  return new Map([...claims].map(([id, of]) => [id, of.map(({ stripe_id }) => stripe_id)]));
}

/** The mirror before the customers, as everywhere. One that is in the mirror already is followed. */
async function place(
  { core }: Importing,
  tx: BillingTx,
  { placed, as }: { placed: readonly Read[]; as: Awaited<ReturnType<typeof judgePlacings>> },
): Promise<void> {
  const { kernel } = core;
  const observations = placed.flatMap(({ remote, row: { look_begun: lookBegun } }) => [
    ...observed(customerKind, remote, lookBegun),
    // Of tax ids the list has shown all, so that nobody need ask for one.
    ...taxIdsOf(remote).flatMap((taxId) => observed(taxIdKind, taxId, lookBegun)),
  ]);
  const mirrored = await tx
    .selectFrom("mirror")
    .select("id")
    .where(
      isAmong(
        tx,
        "id",
        observations.map(({ row }) => row.id),
      ),
    )
    .execute();
  const isMirrored = new Set(mirrored.map(({ id }) => id));
  const fresh = observations.filter(({ row }) => !isMirrored.has(row.id));
  const seen = await writeSeen(kernel, tx, fresh);
  const reacting = reactingToHistory(kernel, tx, core.ports.clock.now());
  const placings = placed.flatMap(({ id, remote }) => {
    const verdict = as.get(remote.id);
    return typeof verdict === "string" && verdict !== "unsaid" && id !== null ? [{ id, remote, as: verdict }] : [];
  });
  if (!(await placeCustomers(reacting, placings))) throw new Overtaken();
  await tellSeen(kernel, reacting, seen);
}

function observed<Row extends MirroredRow>(kind: MirrorKind<Row>, remote: Remote, lookBegun: number): Observation[] {
  const row = kind.row(remote);
  return row ? [{ kind, remote, row, version: 0, lookBegun }] : [];
}

/** What Stripe knows of them is not needed any more. */
async function writeEnds(tx: BillingTx, placed: readonly Read[], left: ReadonlyMap<string, Why>): Promise<void> {
  const ids = placed.map(({ remote }) => remote.id);
  const ending = tx.updateTable("import_customers").set({ remote: null });
  await ending
    .set({ state: "placed" })
    .where(isAmong(tx, "stripe_id", ids))
    .execute();
  for (const [id, why] of left)
    await ending
      .set({ state: "left", ...why })
      .where("stripe_id", "=", id)
      .execute();
}
