// What customers are told they may use, as Stripe was recorded.
import { dayMs } from "#kit/clock.ts";
import type { RealBody } from "./shape.ts";
import { subscribed } from "./subscribe.ts";

export const entitlementBodies: readonly RealBody[] = [
  {
    name: "entitlements.active_entitlement_summary.updated_event.2020-03-02",
    shape: {
      string: `
        id object api_version data.object.object data.object.customer data.object.entitlements.object
        data.object.entitlements.data[].id data.object.entitlements.data[].object
        data.object.entitlements.data[].feature data.object.entitlements.data[].lookup_key
        data.object.entitlements.url type`,
      number: "created pending_webhooks",
      boolean: `
        data.object.entitlements.data[].livemode data.object.entitlements.has_more data.object.livemode
        livemode`,
      list: "data.previous_attributes.entitlements.data",
      null: "request.id request.idempotency_key",
    },
    make: async (maker) => {
      const { call, event, clock } = maker;
      const { plan } = await subscribed("&trial_period_days=7")(maker);
      const { product } = plan as { product: string };
      const { id: feature } = await call("POST", "/v1/entitlements/features", "lookup_key=journeys&name=Journeys");
      await call("POST", `/v1/products/${product}/features`, `entitlement_feature=${feature}`);
      await clock.advance(8 * dayMs);
      return event("entitlements.active_entitlement_summary.updated");
    },
  },
];
