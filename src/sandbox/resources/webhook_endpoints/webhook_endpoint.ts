// READ FIRST. Where events are sent. Its secret is shown once, in the answer to its making.
// https://docs.stripe.com/api/webhook_endpoints
import type Stripe from "stripe";
import { invalidRequest } from "../../kernel/errors.ts";
import type { EventType } from "../../kernel/event_types.ts";
import { defineMachine } from "../../kernel/machine.ts";
import { defineNoun, hidden, type Stored } from "../../kernel/noun.ts";
import { collectionOf, type Unit } from "../../kernel/unit.ts";

export type WebhookEndpoint = Stored<Omit<Stripe.WebhookEndpoint, "deleted" | "secret">, "enabled" | "disabled">;

export const webhookEndpoints = defineNoun<WebhookEndpoint>({ object: "webhook_endpoint", prefixes: ["we"] });

export const webhookEndpointMachine = defineMachine(webhookEndpoints, (endpoint, action) =>
  invalidRequest({ message: `You cannot ${action} this webhook endpoint because it is ${endpoint.status}.` }),
)({
  create: { from: ["new"], to: { enabled: null } },
  enable: { from: ["enabled", "disabled"], to: { enabled: null } },
  disable: { from: ["enabled", "disabled"], to: { disabled: null } },
});

/** Newest last. While a secret rolls, the old one still signs. */
export function secretsOf(endpoint: WebhookEndpoint): readonly string[] {
  return (endpoint[hidden]?.secrets ?? []) as readonly string[]; // Written by create() only.
}

export function wants(endpoint: WebhookEndpoint, type: EventType): boolean {
  const names: readonly string[] = endpoint.enabled_events;
  return endpoint.status === "enabled" && (names.includes(type) || names.includes("*"));
}

/** An account has at most 16 endpoints, so looking at all of them is cheap. */
export function endpointsFor(unit: Unit, type: EventType): WebhookEndpoint[] {
  const wanting: WebhookEndpoint[] = [];
  for (const item of collectionOf(unit.account, webhookEndpoints).items) {
    const endpoint = item as WebhookEndpoint | undefined; // This collection holds endpoints only.
    if (endpoint && wants(endpoint, type)) wanting.push(endpoint);
  }
  return wanting;
}
