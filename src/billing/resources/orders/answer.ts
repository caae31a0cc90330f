// What a command about an order answers.
import { problem } from "#kit/problems.ts";
import type { Order, Outcome } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { Ended } from "../../kernel/journal/operations.ts";
import { failureOf } from "../outcomes.ts";
import { readOrder, viewOrder } from "./read.ts";
import type { OrderRow } from "./tables.ts";

export async function answer(
  core: BillingCore,
  input: { id: string; ended: Ended; what: string },
): Promise<Outcome<Order>> {
  const { id, ended, what } = input;
  const value = await viewOrder(core, await readOrder(core, id));
  if (ended.state === "done") return { outcome: "done", value };
  if (ended.state === "open") return { outcome: "processing", operationId: ended.operationId, value };
  if (ended.state !== "refused") throw failureOf(ended, what);
  const refusal = ended.outcome as { code?: string; declineCode?: string; message?: string } | null;
  const reason = refusal?.declineCode ?? refusal?.code ?? "declined";
  return { outcome: "declined", value, reason, message: refusal?.message ?? "" };
}

export function wrongState(order: Pick<OrderRow, "id" | "status">, what: string) {
  return problem("wrong_state", `Order ${order.id} ${what}`, { details: { id: order.id, status: order.status } });
}
