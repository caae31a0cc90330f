// Refunds: an order's or an invoice's money on its way back.
import type { Billing } from "../../api/index.ts";
import type { Manifest } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { checkKey } from "../input.ts";
import { createRefund } from "./create.ts";
import { refundsFacts } from "./facts.table.ts";
import { onPaidAfterCancel, onRefundChanged, onRefundGone } from "./follow.ts";
import { heldRefunds, onRefundClaims, onRefundInvoice } from "./held.ts";
import { listRefunds, readRefund, viewRefund } from "./read.ts";
import { refundKind } from "./refunds.ts";
import { refundsTables } from "./tables.ts";
import { create } from "./verb.ts";

export { awaitRefunds, fileRefunds, planRefunds, type Unused } from "./follows.ts";
export { isReserved } from "./paid.ts";
export { isAutomatic } from "./refunds.ts";
export type { RefundRow } from "./tables.ts";
export { refundWish } from "./verb.ts";

export function createRefunds(core: BillingCore): Billing["refunds"] {
  return {
    create: (input) => core.command(async () => createRefund(core, input)),
    get: async (id) => viewRefund(await readRefund(core, checkKey("id", id))),
    list: async (options) => listRefunds(core, options ?? {}),
  };
}

export const refundsManifest: Manifest = {
  name: "refunds",
  tables: refundsTables,
  facts: refundsFacts,
  kinds: [refundKind],
  events: ["refund.created", "refund.updated", "refund.failed"],
  verbs: [create],
  reactions: [onRefundChanged, onRefundClaims, onRefundInvoice, onRefundGone, onPaidAfterCancel],
  timers: [heldRefunds],
};
