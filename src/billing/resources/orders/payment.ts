// What the verbs about an order's payment share.
import type { OperationView, Verb } from "../../kernel/contract/manifest.ts";

export const orderLane: Verb["lane"] = ({ subject }) => `order:${subject}`;

export const touchedPayment = ({ params }: OperationView) => String(params.paymentIntentId);

/** Whether the PaymentIntent stands as the call wished it: nothing was made that could be listed. */
export const standsAs =
  (status: string): Verb["find"] =>
  async ({ params }, finder) => {
    const payment = await finder.get(`/v1/payment_intents/${String(params.paymentIntentId)}`);
    return payment?.status === status ? payment : null;
  };
