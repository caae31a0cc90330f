// Writes an order down. Stripe hears nothing of it before its checkout, so a shop takes orders while Stripe is away.

import { checkCharge } from "#kit/money.ts";
import { problem } from "#kit/problems.ts";
import { execute } from "#kit/sql/statement.ts";
import { type CaptureMode, type CreateOrder, captureModes, type Order } from "../../api/index.ts";
import { paramsHash } from "../../kernel/contract/identity.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { canonicalJson } from "../../kernel/store/canonical_json.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { checkFields, checkId, checkMetadata, checkText, type Fields } from "../input.ts";
import { checkLines, totalOf } from "./lines.ts";
import { viewOrder } from "./read.ts";
import type { OrderRow } from "./tables.ts";

export async function createOrder(core: BillingCore, input: CreateOrder): Promise<Order> {
  const wished = newOrder(input);
  const row: OrderRow = { ...wished, created_at: await core.today() };
  const { stored, isNew } = await core.sql.write("orders.create", async (tx) => {
    if (row.customer !== null) {
      const customer = await tx.selectFrom("customers").select("id").where("id", "=", row.customer).executeTakeFirst();
      if (!customer) {
        const hint = "Call `customers.ensure()` first.";
        throw problem("invalid_params", `Order ${row.id}: there is no customer ${row.customer}`, {
          hint,
          details: { field: "customerId" },
        });
      }
    }
    const inserted = await execute(tx, inserting, row);
    if (inserted.rows.length === 1) return { stored: row, isNew: true };
    const found = await tx.selectFrom("orders").selectAll().where("id", "=", row.id).executeTakeFirstOrThrow();
    return { stored: found, isNew: false };
  });
  if (isNew) logCreated(core, row);
  if (stored.params_hash === row.params_hash) return viewOrder(core, stored);
  throw problem("conflict", `Order ${row.id} was created before with other content`, {
    hint: "One id is one order. Use another id for another order.",
    details: { id: row.id },
  });
}

function inserting(tx: BillingTx, row: OrderRow) {
  return tx
    .insertInto("orders")
    .values(row)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id");
}

function logCreated({ ports }: BillingCore, { id: orderId, total, currency, customer: customerId }: OrderRow): void {
  ports.log.info("order.created", { orderId, amount: { amount: total, currency }, customerId });
}

const orderFields: Fields<CreateOrder> = {
  id: true,
  currency: true,
  lines: true,
  customerId: true,
  capture: true,
  multicapture: true,
  incrementalAuthorization: true,
  metadata: true,
};

function newOrder(given: CreateOrder): Omit<OrderRow, "created_at"> {
  const input = checkFields("input", given, orderFields);
  const id = checkId("id", input.id);
  const currency = (checkText("currency", input.currency) ?? "").toLowerCase();
  const lines = checkLines(input.lines);
  const total = totalOf(lines);
  checkCharge({ amount: total, currency }, { field: "lines", of: `Order ${id}` });
  const capture = input.capture ?? "automatic";
  if (!captureModes.includes(capture)) throw invalid("capture", "capture is automatic or manual");
  const offers = {
    ...(checkOffer("multicapture", input, capture) && { multicapture: true }),
    ...(checkOffer("incrementalAuthorization", input, capture) && { incrementalAuthorization: true }),
  };
  const customer = input.customerId === undefined ? null : checkId("customerId", input.customerId);
  const metadata = checkMetadata(input.metadata);
  return {
    id,
    status: "created",
    currency,
    total,
    lines: JSON.stringify(lines),
    customer,
    capture,
    multicapture: offers.multicapture ? 1 : 0,
    incremental_authorization: offers.incrementalAuthorization ? 1 : 0,
    increment: null,
    metadata: canonicalJson(metadata),
    params_hash: paramsHash({ currency, lines, customer, capture, metadata, ...offers }),
    payment_intent: null,
    amount_paid: 0,
    paid_currency: null,
    amount_refunded: 0,
    last_failure: null,
    canceled_reason: null,
    cancel_requested: 0,
    charge_wished: null,
    version: 1,
    paid_at: null,
  };
}

/** Those that are not wished are in no hash: orders of earlier versions are repeated, and not a conflict. */
function checkOffer(
  name: "multicapture" | "incrementalAuthorization",
  input: CreateOrder,
  capture: CaptureMode,
): boolean {
  const wished = input[name];
  if (wished === undefined) return false;
  if (typeof wished !== "boolean") throw invalid(name, `${name} is true or false`);
  if (!wished || capture === "manual") return wished;
  throw invalid(name, `${name} is of money that is held first`, 'Give `capture: "manual"` with it.');
}

function invalid(field: string, message: string, hint?: string) {
  return problem("invalid_params", message, { hint, details: { field } });
}
