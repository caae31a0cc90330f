// A customer's methods as callers see them. What there was before anybody told us (a Customer that was linked, cards
// saved elsewhere) is read once, when it is first asked for.
import assert from "node:assert/strict";
import type Stripe from "stripe";
import { secondMs } from "#kit/clock.ts";
import type { Method } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { MirrorRow } from "../../kernel/store/tables.ts";
import { type CustomerMirror, readCustomer } from "../customers/index.ts";
import { readOnce } from "../read_once.ts";
import { type MethodMirror, methodKind } from "./methods.ts";

export async function listMethods(core: BillingCore, customerId: string): Promise<readonly Method[]> {
  const { stripe_id: stripeId } = await readCustomer(core, customerId);
  if (stripeId === null) return [];
  const path = `/v1/payment_methods?customer=${stripeId}&limit=100`;
  await readOnce(core, stripeId, { table: "methods_read", kind: methodKind, path });
  const rows = await core.sql.read("methods.list", (reader) =>
    reader
      .selectFrom("mirror")
      .select(["kind", "row", "raw"])
      .where("customer", "=", stripeId)
      .where("kind", "in", ["customer", "payment_method"])
      .where("tombstone", "=", 0)
      .execute(),
  );
  const customer = rows.find(({ kind }) => kind === "customer");
  const standard = customer ? (JSON.parse(customer.row) as CustomerMirror).defaultMethod : null;
  return rows
    .filter(({ kind, row }) => kind === methodKind.kind && isHeldBy(row, stripeId))
    .map((row) => viewMethod(row, { customerId, standard: standard ?? null }))
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1));
}

/** Not of one that was taken off its customer: the mirror knows whose it was. */
const isHeldBy = (row: string, stripeId: string | null) => (JSON.parse(row) as MethodMirror).customer === stripeId;

/** One that is or was this customer's, as it is now: what was taken off is nobody's default. */
export async function readMethod(
  core: BillingCore,
  { customerId, methodId }: { customerId: string; methodId: string },
): Promise<Method> {
  const { stripe_id: stripeId } = await readCustomer(core, customerId);
  const [method, customer] = await core.sql.read("methods.get", async (reader) => {
    const at = (id: string) => reader.selectFrom("mirror").select(["row", "raw"]).where("id", "=", id);
    return [await at(methodId).executeTakeFirst(), await at(stripeId ?? "").executeTakeFirst()];
  });
  assert.ok(method, `${methodId} is mirrored: it was asked for`);
  const standard =
    isHeldBy(method.row, stripeId) && customer ? (JSON.parse(customer.row) as CustomerMirror).defaultMethod : null;
  return viewMethod(method, { customerId, standard });
}

function viewMethod(
  { row, raw }: Pick<MirrorRow, "row" | "raw">,
  { customerId, standard }: { customerId: string; standard: string | null },
): Method {
  const { id, type, created, last4, card } = JSON.parse(row) as MethodMirror;
  const paymentMethod = JSON.parse(Buffer.from(raw).toString("utf8")) as Stripe.PaymentMethod;
  const createdAt = new Date(created * secondMs);
  const isDefault = id === standard;
  return { id, customerId, type, last4, card, isDefault, createdAt, stripe: { paymentMethod } };
}
