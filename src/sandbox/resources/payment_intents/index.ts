import { list } from "../../kernel/lists.ts";
import { defineResource } from "../../kernel/resource.ts";
import {
  authenticate,
  cancelIntent,
  captureIntent,
  confirmIntent,
  createIntent,
  retrieveIntent,
  updateIntent,
} from "./actions.ts";
import { type PaymentIntent, paymentIntents, reducedIntent } from "./payment_intent.ts";

export { type PaymentIntent, paymentIntentMachine, paymentIntents } from "./payment_intent.ts";

const path = "/v1/payment_intents";

export const paymentIntentResource = defineResource<PaymentIntent>({
  noun: paymentIntents,
  reduced: reducedIntent,
  routes: [
    { method: "POST", path, run: createIntent },
    {
      method: "GET",
      path,
      run: (unit, params) => list(unit, paymentIntents, params, path, { customer: params.customer }),
    },
    { method: "GET", path: `${path}/:id`, publishable: true, run: retrieveIntent },
    { method: "POST", path: `${path}/:id`, run: updateIntent },
    { method: "POST", path: `${path}/:id/confirm`, publishable: true, run: confirmIntent },
    { method: "POST", path: `${path}/:id/capture`, run: captureIntent },
    { method: "POST", path: `${path}/:id/cancel`, run: cancelIntent },
    { method: "POST", path: "/v1/3ds2/authenticate", publishable: true, run: authenticate },
  ],
});
