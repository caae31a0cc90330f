// Sends money back as it is asked for: what of an order or of an invoice, by which payment, and what came of it.
import { checkPart } from "#kit/money.ts";
import { isProblem, problem } from "#kit/problems.ts";
import { type CreateRefund, type Outcome, type Refund, refundReasons } from "../../api/index.ts";
import { lookNow } from "../../kernel/changes/observe.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { checkAttempt, checkFields, checkId, checkOneOf, type Fields } from "../input.ts";
import { checkInvoiceId } from "../invoices/index.ts";
import { readOrder } from "../orders/index.ts";
import { outcomeOf } from "../outcomes.ts";
import { planInvoiceRefund } from "./of_invoice.ts";
import { orderRefund, type Paid, paidByOrder, refundable } from "./paid.ts";
import { readRefund, viewRefund } from "./read.ts";
import { isAutomatic } from "./refunds.ts";
import type { RefundRow } from "./tables.ts";
import { aboutRefund, create, type RefundWish } from "./verb.ts";

const fields: Fields<CreateRefund> = {
  id: true,
  orderId: true,
  invoiceId: true,
  amount: true,
  reason: true,
  attempt: true,
};

export async function createRefund(core: BillingCore, given: CreateRefund): Promise<Outcome<Refund>> {
  const input = checkFields("input", given, fields);
  const id = checkOwnId(input.id);
  const reason = checkOneOf("reason", input.reason, refundReasons) ?? null;
  const attempt = checkAttempt(input.attempt);
  const of = checkOf(input);
  await core.ready();
  const wished = { id, amount: input.amount, reason };
  const params =
    of.invoiceId === undefined
      ? await planned(core, of.orderId, wished)
      : await planInvoiceRefund(core, of.invoiceId, { ...wished, attempt });
  const ended = await core.operations.carryOut(create, { subject: id, attempt, params });
  if (ended.state === "failed" && ended.refusal.code === disputed) await lookAtDisputes(core, id, params);
  const row = await readRefund(core, id);
  const value = viewRefund(row);
  const outcome = outcomeOf(ended, { what: `Refund ${id}`, value });
  return outcome.outcome === "done" ? outcomeAtBank(row, { ...outcome, operationId: ended.operationId }) : outcome;
}

function checkOwnId(given: string): string {
  const id = checkId("id", given);
  if (!isAutomatic(id)) return id;
  throw problem("invalid_params", `${id} is the id of a refund that Bursar makes by itself`, {
    hint: "Ids that end in :cancel, or begin with a subscription and a colon, are. Give yours another one.",
    details: { field: "id" },
  });
}

type Of = { readonly orderId: string; readonly invoiceId?: undefined } | { readonly invoiceId: string };

function checkOf({ orderId, invoiceId }: CreateRefund): Of {
  if (orderId !== undefined && invoiceId !== undefined) {
    throw problem("invalid_params", "A refund is of an order or of an invoice, and not of both", {
      hint: "Leave orderId or invoiceId away.",
      details: { field: "invoiceId" },
    });
  }
  return invoiceId === undefined
    ? { orderId: checkId("orderId", orderId) }
    : { invoiceId: checkInvoiceId(invoiceId, "invoiceId") };
}

interface Wished {
  readonly id: string;
  readonly amount: number | undefined;
  readonly reason: string | null;
}

async function planned(core: BillingCore, orderId: string, { id, amount, reason }: Wished): Promise<RefundWish> {
  const order = await readOrder(core, orderId);
  const paid = paidByOrder(order);
  if (amount !== undefined) checkPart({ amount, currency: paid.currency }, { of: `Refund ${id}` });
  return orderRefund(order, { amount: amount ?? (await wholeRest(core, id, paid)), reason });
}

/** Without an amount: all that is left. A repeated command means the same amount as the first time. */
async function wholeRest(core: BillingCore, id: string, paid: Paid): Promise<number> {
  return core.sql.read("refunds.rest", async (reader) => {
    const known = await reader.selectFrom("refunds").select("amount").where("id", "=", id).executeTakeFirst();
    return known?.amount ?? (await refundable(reader, paid));
  });
}

const disputed = "charge_disputed";

/** What Stripe refuses it for is for a human to answer, who is told at once: its own event may be late, or lost. */
async function lookAtDisputes({ kernel }: BillingCore, subject: string, params: RefundWish): Promise<void> {
  const about = aboutRefund({ subject, params });
  const path = `/v1/disputes?payment_intent=${params.paymentIntentId}`;
  try {
    for await (const dispute of kernel.gateway.list(path, { priority: "command", about })) {
      await lookNow(kernel, { kind: "dispute", id: dispute.id });
    }
  } catch (error) {
    if (!isProblem(error)) throw error;
    kernel.ports.log.warn("refund.dispute_not_seen", { ...about, error: error.message }); // its event tells
  }
}

/** Stripe took it; whether the money is back is the bank's to say, at once or days later. */
function outcomeAtBank(row: RefundRow, done: { value: Refund; operationId: string }): Outcome<Refund> {
  const { value, operationId } = done;
  if (row.status === "succeeded") return { outcome: "done", value };
  if (row.status === "pending" || row.status === "requires_action") {
    return { outcome: "processing", operationId, value };
  }
  const reason = row.failure_reason ?? row.status;
  const message = "The refund came back: the money is with you again. Wish it anew under another id.";
  return { outcome: "declined", value, reason, code: null, declineCode: null, message };
}
