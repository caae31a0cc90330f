// What is given by hand, and taken back. Stripe hears nothing of it, so there is no operation: a row under an id of the
// host's, written in the transaction that reckons what follows from it.
import { problem } from "#kit/problems.ts";
import { isAmong } from "#kit/sql/many.ts";
import type { AccessGrant, FeatureType, GrantAccess } from "../../api/index.ts";
import { createReacting, spread, wakeWorkers } from "../../kernel/changes/react.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { appliedFeatures } from "../catalog/index.ts";
import { checkFields, checkId, checkInstant, checkKey, checkText, type Fields } from "../input.ts";
import { unknownFeature } from "./check.ts";
import { limitOf } from "./gather.ts";
import { reckon } from "./reckon.ts";
import type { AccessGrantRow } from "./tables.ts";

const fields: Fields<GrantAccess> = {
  id: true,
  customerId: true,
  feature: true,
  limit: true,
  until: true,
  reason: true,
  by: true,
};
/** A feature of more than this is unlimited. */
const limitMax = 1_000_000_000;

export async function grantAccess(core: BillingCore, given: GrantAccess): Promise<AccessGrant> {
  const wished = checkGrant(given);
  await core.ready();
  const now = core.ports.clock.now();
  const row = await core.sql.write("access.grant", async (tx) => {
    await refuseUnknownCustomer(tx, wished.customer);
    const known = await readGrant(tx, wished.id);
    if (known) return sameAs(known, wished);
    checkAmount(await appliedFeatures(tx), wished);
    const revoked = { revoked_at: null, revoked_reason: null, revoked_by: null };
    const row: AccessGrantRow = { ...wished, created_at: now, ...revoked };
    const made = await tx
      .insertInto("access_grants")
      .values(row)
      .onConflict((conflict) => conflict.column("id").doNothing())
      .returning("id")
      .executeTakeFirst();
    // Somebody has given it since we looked.
    if (!made) return sameAs((await readGrant(tx, wished.id)) ?? row, wished);
    await reckonNow(core, tx, wished.customer);
    return row;
  });
  wakeWorkers(core.sql);
  return viewGrant(row);
}

type Wished = Pick<AccessGrantRow, "id" | "customer" | "feature" | "amount" | "until" | "reason" | "granted_by">;

function checkGrant(given: GrantAccess): Wished {
  const input = checkFields("input", given, fields);
  return {
    id: checkId("id", input.id),
    customer: checkId("customerId", input.customerId),
    feature: checkKey("feature", input.feature),
    amount: input.limit === undefined ? null : String(input.limit),
    until: checkInstant("until", input.until) ?? null,
    reason: said("reason", input.reason),
    granted_by: said("by", input.by),
  };
}

function said(field: string, given: string): string {
  const text = checkText(field, given);
  if (text !== null) return text;
  throw problem("invalid_params", `${field} is missing`, { details: { field } });
}

function checkAmount(features: Readonly<Record<string, FeatureType>>, { feature, amount }: Wished): void {
  const type = features[feature];
  if (type === undefined) throw unknownFeature(features, feature);
  const count = Number(amount ?? Number.NaN);
  const isCount = Number.isSafeInteger(count) && count >= 1 && count <= limitMax;
  const isGood = type === "boolean" ? amount === null : isCount || (type === "number" && amount === "unlimited");
  if (isGood) return;
  const says = {
    boolean: "is there or not: it takes no limit",
    number: 'is counted: its limit is an integer from 1 on, or "unlimited"',
    seats: "is counted: its limit is an integer from 1 on",
  };
  throw problem("invalid_params", `The feature ${feature} ${says[type]}`, { details: { field: "limit" } });
}

async function refuseUnknownCustomer(tx: BillingTx, id: string): Promise<void> {
  const row = await tx.selectFrom("customers").select("id").where("id", "=", id).executeTakeFirst();
  if (row) return;
  throw problem("not_found", `No customer ${id}`, { hint: "Call `customers.ensure()` first.", details: { id } });
}

function sameAs(known: AccessGrantRow, wished: Wished): AccessGrantRow {
  const names = Object.keys(wished) as (keyof Wished)[];
  const other = names.find((name) => known[name] !== wished[name]);
  if (other === undefined) return known;
  throw problem("conflict", `Grant ${wished.id} was given before with another content`, {
    hint: "Choose another id for another grant.",
    details: { id: wished.id },
  });
}

export async function revokeAccess(
  core: BillingCore,
  id: string,
  given: { readonly reason: string; readonly by: string },
): Promise<AccessGrant> {
  checkId("id", id);
  const input = checkFields("input", given, { reason: true, by: true });
  const [reason, by] = [said("reason", input.reason), said("by", input.by)];
  await core.ready();
  const now = core.ports.clock.now();
  const row = await core.sql.write("access.revoke", async (tx) => {
    const taken = await tx
      .updateTable("access_grants")
      .set({ revoked_at: now, revoked_reason: reason, revoked_by: by })
      .where("id", "=", id)
      .where("revoked_at", "is", null)
      .returningAll()
      .executeTakeFirst();
    if (taken) await reckonNow(core, tx, taken.customer);
    return taken ?? (await readGrant(tx, id));
  });
  wakeWorkers(core.sql);
  if (row) return viewGrant(row);
  throw problem("not_found", `No grant ${id}`, {
    hint: "`access.grants()` shows those of a customer.",
    details: { id },
  });
}

/** And tells what is another answer by that. */
async function reckonNow({ kernel, ports }: BillingCore, tx: BillingTx, customer: string): Promise<void> {
  const reacting = createReacting(kernel, tx, ports.clock.now());
  await spread(kernel, reacting, await reckon(reacting, [customer]));
}

async function readGrant(tx: BillingTx, id: string): Promise<AccessGrantRow | undefined> {
  return tx.selectFrom("access_grants").selectAll().where("id", "=", id).executeTakeFirst();
}

export async function listGrants(core: BillingCore, customerId: string): Promise<readonly AccessGrant[]> {
  checkId("customerId", customerId);
  const rows = await core.sql.read("access.grants", (reader) =>
    reader
      .selectFrom("access_grants")
      .selectAll()
      .where(isAmong(reader, "customer", [customerId]))
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .execute(),
  );
  return rows.map(viewGrant);
}

function viewGrant(row: AccessGrantRow): AccessGrant {
  const { revoked_at: at, revoked_reason: reason, revoked_by: by } = row;
  return {
    id: row.id,
    customerId: row.customer,
    feature: row.feature,
    limit: limitOf(row.amount),
    until: row.until === null ? null : new Date(row.until),
    reason: row.reason,
    by: row.granted_by,
    createdAt: new Date(row.created_at),
    revoked: at === null ? null : { at: new Date(at), reason: reason ?? "", by: by ?? "" },
  };
}
