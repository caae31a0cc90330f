// `stripe events resend` and the Dashboard's button: an old event goes out again, to one endpoint or to the CLIs that
// listen. It stands here and not among the resources, since only delivery knows who is listening.
// https://docs.stripe.com/cli/events/resend

import type { Route } from "../kernel/state/resource.ts";
import type { Unit } from "../kernel/state/unit.ts";
import { mustReadParam } from "../kernel/state/writes.ts";
import { missingParameter } from "../kernel/words/errors.ts";
import { boolean, text } from "../kernel/words/params.ts";
import { type Event, mustReadEvent } from "../resources/events/index.ts";
import { webhookEndpoints } from "../resources/webhook_endpoints/index.ts";
import type { Delivery } from "./delivery.ts";
import type { StripeCli } from "./stripecli/index.ts";

/** `POST /v1/events/:id/retry`, which the SDKs do not declare. */
export function retryRoute(delivery: Delivery, stripeCli: StripeCli): Route {
  return {
    method: "POST",
    path: "/v1/events/:id/retry",
    undeclared: {
      why: "the CLI's `events resend` and the Dashboard's button send it",
      params: { object: { "webhook_endpoint?": "string", "for_stripecli?": "boolean", "account?": "string" } },
      evidence: "recorded",
    },
    run(unit, params, id): Event {
      const event = mustReadEvent(unit, id);
      const endpointId = text(params, "webhook_endpoint");
      if (endpointId) {
        resendTo(unit, delivery, event, endpointId);
        return event;
      }
      if (!boolean(params, "for_stripecli")) throw missingParameter("webhook_endpoint");
      stripeCli.offer(unit, event);
      return event;
    },
  };
}

function resendTo(unit: Unit, delivery: Delivery, event: Event, endpointId: string): void {
  const endpoint = mustReadParam(unit, webhookEndpoints, endpointId, "webhook_endpoint");
  delivery.offer(unit, event, [endpoint]);
}
