// Tax ids, as Stripe was recorded.
import type { RealBody } from "./shape.ts";

export const taxIdBodies: readonly RealBody[] = [
  {
    name: "tax_id.created.2020-03-02",
    shape: {
      string: "id object country owner.type type value",
      number: "created",
      null: "customer owner.customer verification",
      boolean: "livemode",
    },
    make: ({ call }) => call("POST", "/v1/tax_ids", "type=eu_vat&value=DE123456789"),
  },
];
