// Orders: create → checkout → paid, capture, cancel, settled. One verb, one file.
import { problem } from "#kit/problems.ts";
import {
  type Billing,
  type CaptureOrder,
  type ChargeOrder,
  methodIdPattern,
  type Order,
  type Outcome,
} from "../../api/index.ts";
import { lookNow } from "../../kernel/changes/observe.ts";
import type { Manifest } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { checkAttempt, checkFields, checkFlag, checkId, checkText, type Fields } from "../input.ts";
import { cancel, cancelPayment } from "./cancel.ts";
import { chargeOrder } from "./charge.ts";
import { charge } from "./charge_verb.ts";
import { checkout, checkoutOrder, type OpenLink, withdrawCheckout } from "./checkout.ts";
import { createOrder } from "./create.ts";
import { ordersFacts } from "./facts.table.ts";
import { onChargeFailed, onPaymentChanged, onPaymentGone } from "./follow.ts";
import { capture, captureOrder } from "./held/capture.ts";
import { capturePart, capturePartVerb } from "./held/capture_part.ts";
import { increment, incrementOrder } from "./held/increment.ts";
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
      core.command(async () =>
        checkoutOrder(core, openLink, checked(id, options, { returnUrl: true, savedMethods: true, attempt: true })),
      ),
    charge: (id, options = {}) => core.command(async () => chargeOrder(core, openLink, checkedCharge(id, options))),
    capture: (id, options = {}) => core.command(async () => takeMoney(core, checkId("id", id), options)),
    increment: (id, options) => core.command(async () => incrementOrder(core, id, options)),
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

const captureFields: Fields<CaptureOrder> = { id: true, amount: true, final: true, attempt: true };

/** Once, or a part of it. */
function takeMoney(core: BillingCore, id: string, options: CaptureOrder): Promise<Outcome<Order>> {
  checkAttempt(checkFields("options", options, captureFields).attempt);
  const { final } = options;
  const field = { details: { field: "final" } };
  if (final !== undefined && typeof final !== "boolean") {
    throw problem("invalid_params", "final is true or false", field);
  }
  if (options.id !== undefined) return capturePart(core, id, { ...options, id: checkId("id", options.id) });
  if (final === undefined) return captureOrder(core, { ...options, id });
  const hint = "Give the part an id of yours: the same id is the same part.";
  throw problem("invalid_params", "final is said of a part, and a part has an id", { hint, ...field });
}

/** Async around it, so that what is wrong with an argument is a rejection like every other no. */
function checked<T extends { attempt?: number }>(id: string, options: T, fields: Fields<T>): T & { id: string } {
  checkAttempt(checkFields("options", options, fields).attempt);
  return { ...options, id: checkId("id", id) };
}

function checkedCharge(id: string, options: ChargeOrder) {
  const input = checked(id, options, { method: true, offSession: true, validForMs: true, attempt: true });
  const { method, offSession } = input;
  if (method !== undefined && !(typeof method === "string" && methodIdPattern.test(method))) {
    throw problem("invalid_params", "method is Stripe's id of a method, such as pm_1TqK2mFzYw8rJd5v", {
      hint: "`methods.list()` shows them.",
      details: { field: "method" },
    });
  }
  checkFlag("offSession", offSession);
  return input;
}

export const ordersManifest: Manifest = {
  name: "orders",
  tables: ordersTables,
  facts: ordersFacts,
  kinds: [],
  events: [],
  verbs: [checkout, charge, cancel, capture, capturePartVerb, increment],
  reactions: [onChargeFailed, onPaymentChanged, onPaymentGone],
  timers: [],
};
