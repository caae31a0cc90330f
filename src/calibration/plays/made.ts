// What the plays make on an account, and what takes it back.
import type { Call, Made, Step } from "./play.ts";

export const customer: Made = {
  name: "customer",
  at: ["id"],
  undo: [{ call: "DELETE /v1/customers/{customer}" }],
};

export const intent = intentAs("intent");

/** Where a play has two. */
export function intentAs(name: string): Made {
  const cancel: Step = { call: `POST /v1/payment_intents/{${name}}/cancel` };
  const refund: Step = { call: "POST /v1/refunds", form: `payment_intent={${name}}` };
  return { name, at: ["id", "error.payment_intent.id"], undo: [cancel, refund] };
}

/** One that succeeded stays, and does nothing. */
export const setup: Made = {
  name: "setup",
  at: ["id", "error.setup_intent.id"],
  undo: [{ call: "POST /v1/setup_intents/{setup}/cancel" }],
};

export const charge = chargeAs("charge");

/** One that failed, of which there is nothing to take back, is called otherwise. */
export function chargeAs(name: string): Made {
  return { name, at: ["id"], undo: [{ call: "POST /v1/refunds", form: `charge={${name}}` }] };
}

export const product: Made = {
  name: "product",
  at: ["id"],
  undo: [
    { call: "DELETE /v1/products/{product}" },
    { call: "POST /v1/products/{product}", form: "active=false" }, // What has a price can be archived alone.
  ],
};

export const coupon: Made = { name: "coupon", at: ["id"], undo: [{ call: "DELETE /v1/coupons/{coupon}" }] };

/** A draft; none is finalized. */
export const invoice: Made = { name: "invoice", at: ["id"], undo: [{ call: "DELETE /v1/invoices/{invoice}" }] };

export const invoiceitem: Made = {
  name: "invoiceitem",
  at: ["id"],
  undo: [{ call: "DELETE /v1/invoiceitems/{invoiceitem}" }],
};

export const testClock: Made = {
  name: "clock",
  at: ["id"],
  undo: [{ call: "DELETE /v1/test_helpers/test_clocks/{clock}" }],
};

/** It is gone for good with its coupon; until then nobody can redeem it. */
export const promotionCode: Made = {
  name: "code",
  at: ["id"],
  undo: [{ call: "POST /v1/promotion_codes/{code}", form: "active=false" }],
};

export const newCustomer: Step = {
  call: "POST /v1/customers",
  form: "name=Calibration&email=calibration@example.com&metadata[calibration]=1",
  makes: customer,
};

export const newProduct: Step = { call: "POST /v1/products", form: "name=Calibration", makes: product };

/** A refusal that is asked for by the name of its row. */
export function asked(about: string, call: Call, form: string): Step {
  return { call, form, about };
}
