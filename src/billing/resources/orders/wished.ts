// A charge that was wished while the order's one PaymentIntent had yet to be made. The order keeps it; it is filed in
// the transaction that ends the making, as old as it is by then, or told as not done when nothing was made.
import { problem } from "#kit/problems.ts";
import type { News, Reacting } from "../../kernel/contract/reacting.ts";
import { integer, record, type Shaped } from "../../kernel/contract/shape.ts";
import { filed, type OperationView, type Refusal } from "../../kernel/contract/verb.ts";
import { canonicalJson } from "../../kernel/store/canonical_json.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { charge, chargeFailed, chargeWish, whyNotChargeable } from "./charge_verb.ts";
import { lockOrder } from "./lock.ts";
import type { OrderRow } from "./tables.ts";

const wishedCharge = record({ attempt: integer, wishedAt: integer, wish: chargeWish });
export type WishedCharge = Shaped<typeof wishedCharge>;

export function wishedChargeOf({ id, charge_wished }: OrderRow): WishedCharge | undefined {
  return charge_wished === null ? undefined : wishedCharge.read(JSON.parse(charge_wished), `order ${id}'s charge`);
}

/** False when the order has its PaymentIntent by now: the charge needs not wait for it. */
export async function keepWishedCharge(tx: BillingTx, id: string, wished: WishedCharge): Promise<boolean> {
  const order = await lockOrder(tx, id);
  const refused = whyNotChargeable(order);
  if (refused) throw refused;
  if (order.payment_intent !== null) return false;
  const kept = wishedChargeOf(order);
  if (kept && canonicalJson(kept.wish) !== canonicalJson(wished.wish)) throw anotherCharge(id);
  if (!kept) await write(tx, id, JSON.stringify(wished));
  return true;
}

export function anotherCharge(id: string) {
  return problem("conflict", `orders.charge ${id} was given before with other parameters`, {
    hint: "Repeat it with the same parameters; after a refusal, name the next attempt to charge otherwise.",
    details: { id },
  });
}

/** The PaymentIntent is there. What was canceled or paid meanwhile is told as that. */
export async function fileWishedCharge(
  reacting: Reacting,
  order: OrderRow,
  { isPromised }: Pick<OperationView, "isPromised">,
): Promise<void> {
  const wished = wishedChargeOf(order);
  if (!wished) return;
  await write(reacting.tx, order.id, null);
  if (order.payment_intent === null || whyNotChargeable(order)) return;
  const { attempt, wishedAt, wish } = wished;
  const params = { ...wish, paymentIntentId: order.payment_intent };
  await reacting.fileOperation(filed(charge, { subject: order.id, attempt, params, wishedAt, isAwaited: !isPromised }));
}

/** Nothing was made that could be charged. */
export async function dropWishedCharge(
  { tx }: Reacting,
  order: OrderRow,
  { operation, refusal }: { operation: Pick<OperationView, "isPromised">; refusal: Refusal },
): Promise<News[]> {
  const wished = wishedChargeOf(order);
  if (!wished) return [];
  await write(tx, order.id, null);
  return chargeFailed({ subject: order.id, attempt: wished.attempt, isPromised: operation.isPromised }, refusal);
}

async function write(tx: BillingTx, id: string, charge_wished: string | null): Promise<void> {
  await tx.updateTable("orders").set({ charge_wished }).where("id", "=", id).execute();
}
