// Orders: create → checkout → paid, capture, cancel, settled. One verb, one file.
import type { Billing } from "../../api/index.ts";
import { lookNow } from "../../kernel/changes/observe.ts";
import type { Manifest } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { checkAttempt, checkFields, checkId, checkText, type Fields } from "../input.ts";
import { cancel, cancelPayment } from "./cancel.ts";
import { capture, captureOrder } from "./capture.ts";
import { checkout, checkoutOrder, type OpenLink, withdrawCheckout } from "./checkout.ts";
import { createOrder } from "./create.ts";
import { ordersFacts } from "./facts.table.ts";
import { onChargeFailed, onPaymentChanged, onPaymentGone } from "./follow.ts";
import { listOrders, readOrder, viewOrder } from "./read.ts";
import { ordersTables } from "./tables.ts";

export { type OpenLink, paymentSecret } from "./checkout.ts";
export { lockOrder } from "./lock.ts";
export { readOrder } from "./read.ts";
export type { OrderRow } from "./tables.ts";

export function createOrders(core: BillingCore, openLink: OpenLink): Billing["orders"] {
  return {
    create: (input) => core.command(() => createOrder(core, input)),
    get: async (id) => viewOrder(core, await readOrder(core, checkId("id", id))),
    list: async (options) => listOrders(core, options ?? {}),
    checkout: (id, options = {}) =>
      core.command(async () => checkoutOrder(core, openLink, checked(id, options, { returnUrl: true, attempt: true }))),
    capture: (id, options = {}) =>
      core.command(async () => captureOrder(core, checked(id, options, { amount: true, attempt: true }))),
    cancel: (id, options = {}) =>
      core.command(async () => {
        const { attempt } = checked(id, options, { reason: true, attempt: true });
        const wish = { id, reason: checkText("reason", options.reason), attempt };
        await core.ready();
        return (await withdrawCheckout(core, wish)) ?? cancelPayment(core, wish);
      }),
    settled: (id) =>
      core.command(async () => {
        const order = await readOrder(core, checkId("id", id));
        await core.ready();
        if (order.payment_intent !== null)
          await lookNow(core.kernel, { kind: "payment_intent", id: order.payment_intent });
        return viewOrder(core, await readOrder(core, id));
      }),
  };
}

/** Async around it, so that what is wrong with an argument is a rejection like every other no. */
function checked<T extends { attempt?: number }>(id: string, options: T, fields: Fields<T>): T & { id: string } {
  checkAttempt(checkFields("options", options, fields).attempt);
  return { ...options, id: checkId("id", id) };
}

export const ordersManifest: Manifest = {
  name: "orders",
  tables: ordersTables,
  facts: ordersFacts,
  kinds: [],
  events: [],
  verbs: [checkout, cancel, capture],
  reactions: [onChargeFailed, onPaymentChanged, onPaymentGone],
  timers: [],
};
