import { test } from "node:test";
import { assertMoves } from "../../testing.ts";
import { webhookEndpointMachine } from "./webhook_endpoint.ts";

test("a webhook endpoint in every status takes or refuses every action", () => {
  assertMoves(webhookEndpointMachine, {
    new: { create: "enabled", enable: "refused", disable: "refused" },
    enabled: { create: "refused", enable: "enabled", disable: "disabled" },
    disabled: { create: "refused", enable: "enabled", disable: "disabled" },
  });
});
