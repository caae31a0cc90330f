// Webhook endpoints: who is told of events, and with which secrets. The folder's only door.

import { list } from "../../kernel/answer/lists.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { createEndpoint, deleteEndpoint, updateEndpoint } from "./actions.ts";
import { endpointDefaults } from "./defaults.table.ts";
import { rows } from "./refusals.table.ts";
import { type WebhookEndpoint, webhookEndpointMachine, webhookEndpoints } from "./webhook_endpoint.ts";

export { createEndpoint, rollSecret, rollTimeMaxMs } from "./actions.ts";
export {
  endpointsFor,
  secretsOf,
  signingSecrets,
  type WebhookEndpoint,
  webhookEndpoints,
} from "./webhook_endpoint.ts";

const path = "/v1/webhook_endpoints";

export const webhookEndpointResource = defineResource<WebhookEndpoint>({
  noun: webhookEndpoints,
  machine: webhookEndpointMachine,
  defaults: endpointDefaults,
  refusals: rows,
  routes: [
    { method: "POST", path, run: (unit, params) => createEndpoint(unit, params) },
    { method: "GET", path, run: (unit, params) => list(unit, webhookEndpoints, params, { url: path }) },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, webhookEndpoints, id) },
    { method: "POST", path: `${path}/:id`, run: updateEndpoint },
    { method: "DELETE", path: `${path}/:id`, run: deleteEndpoint },
  ],
});
