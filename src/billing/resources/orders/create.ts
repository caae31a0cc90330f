// Writes an order down. Stripe hears nothing of it before its checkout, so a shop takes orders while Stripe is away.

import { checkCharge } from "#kit/money.ts";
import { problem } from "#kit/problems.ts";
import { execute } from "#kit/sql/statement.ts";
import {
  amountMax,
  type CaptureMode,
  type CreateOrder,
  captureModes,
  linesMax,
  type Order,
  type OrderLine,
  quantityMax,
} from "../../api/index.ts";
import { paramsHash } from "../../kernel/contract/identity.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { canonicalJson } from "../../kernel/store/canonical_json.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { checkFields, checkId, checkMetadata, checkText, type Fields } from "../input.ts";
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
  metadata: true,
};
const lineFields: Fields<OrderLine> = { description: true, quantity: true, unitAmount: true };

function newOrder(given: CreateOrder): Omit<OrderRow, "created_at"> {
  const input = checkFields("input", given, orderFields);
  const id = checkId("id", input.id);
  const currency = (checkText("currency", input.currency) ?? "").toLowerCase();
  const lines = checkLines(input.lines);
  const total = lines.reduce((sum, line) => sum + line.quantity * line.unitAmount, 0);
  checkCharge({ amount: total, currency }, { field: "lines", of: `Order ${id}` });
  const capture = input.capture ?? "automatic";
  if (!captureModes.includes(capture)) throw invalid("capture", "capture is automatic or manual");
  const multicapture = checkMulticapture(input, capture);
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
    multicapture: multicapture ? 1 : 0,
    metadata: canonicalJson(metadata),
    params_hash: paramsHash({ currency, lines, customer, capture, metadata, ...(multicapture && { multicapture }) }),
    payment_intent: null,
    amount_paid: 0,
    paid_currency: null,
    amount_refunded: 0,
    last_failure: null,
    canceled_reason: null,
    cancel_requested: 0,
    version: 1,
    paid_at: null,
  };
}

function checkMulticapture({ multicapture }: CreateOrder, capture: CaptureMode): boolean {
  if (multicapture === undefined) return false;
  if (typeof multicapture !== "boolean") throw invalid("multicapture", "multicapture is true or false");
  if (!multicapture || capture === "manual") return multicapture;
  throw invalid("multicapture", "Only what is held first is captured in parts", 'Give `capture: "manual"` with it.');
}

function checkLines(lines: readonly OrderLine[]): OrderLine[] {
  if (!Array.isArray(lines) || lines.length < 1 || lines.length > linesMax) {
    throw invalid("lines", `An order has 1 to ${linesMax} lines`);
  }
  return lines.map((line: OrderLine, index) => {
    const { description, quantity, unitAmount } = checkFields(`lines[${index}]`, line, lineFields);
    if (description === undefined) throw invalid(`lines[${index}].description`, "A line says what it is of");
    checkText(`lines[${index}].description`, description);
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > quantityMax) {
      throw invalid(`lines[${index}].quantity`, `A quantity is an integer from 1 to ${quantityMax}`);
    }
    if (!Number.isSafeInteger(unitAmount) || unitAmount < 0 || unitAmount > amountMax) {
      throw invalid(`lines[${index}].unitAmount`, `A unit amount is an integer of minor units, 0 to ${amountMax}`);
    }
    return { description, quantity, unitAmount };
  });
}

function invalid(field: string, message: string, hint?: string) {
  return problem("invalid_params", message, { hint, details: { field } });
}
