// Refunds, as Stripe was recorded.
import type { RealBody } from "./shape.ts";

export const refundBodies: readonly RealBody[] = [
  {
    name: "refund.succeeded.masked-2026-05",
    shape: {
      string: `
        id object balance_transaction charge currency destination_details.card.reference_status
        destination_details.card.reference_type destination_details.card.type destination_details.type
        status`,
      number: "amount created",
      map: "metadata",
      null: "payment_intent reason receipt_number source_transfer_reversal transfer_reversal",
    },
    make: async ({ call }) => {
      const { id } = await call("POST", "/v1/charges", "amount=2000&currency=cad&source=tok_visa");
      return call("POST", "/v1/refunds", `charge=${id}`);
    },
  },
];
