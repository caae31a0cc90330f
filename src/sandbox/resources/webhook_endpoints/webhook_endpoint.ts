// READ FIRST. Where events are sent. Its secret is shown once, in the answer to its making.
// https://docs.stripe.com/api/webhook_endpoints

import type Stripe from "stripe";
import type { Instant } from "#kit/clock.ts";
import type { EventType } from "../../kernel/state/event_types.ts";
import { defineMachine } from "../../kernel/state/machine.ts";
import { defineNoun, type Hidden, hidden, type Stored } from "../../kernel/state/noun.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { all } from "../../kernel/state/writes.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { refusal } from "../../kernel/words/errors.ts";

export type WebhookEndpoint = Stored<Omit<Stripe.WebhookEndpoint, "deleted" | "secret">, "enabled" | "disabled">;

export const webhookEndpoints = defineNoun<WebhookEndpoint>({ object: "webhook_endpoint", prefixes: ["we"] });

export const webhookEndpointMachine = defineMachine(webhookEndpoints, (endpoint, action) =>
  refusal(common.moveImpossible, { action, id: endpoint.id, status: endpoint.status }),
)({
  create: { from: ["new"], to: { enabled: null } },
  enable: { from: ["enabled", "disabled"], to: { enabled: null } },
  disable: { from: ["enabled", "disabled"], to: { disabled: null } },
});

export interface SigningSecret {
  readonly text: string;
  /** Of a secret that was rolled: it signs until then. */
  readonly endsAt: Instant | null;
}

/** Newest last, with those that sign no more. */
export function signingSecrets(endpoint: WebhookEndpoint): readonly SigningSecret[] {
  return (endpoint[hidden]?.secrets ?? []) as readonly SigningSecret[]; // Written by withSecrets only.
}

/** What is kept beside an endpoint and never shown by the API. */
export function withSecrets(secrets: readonly SigningSecret[]): Hidden {
  return { [hidden]: { secrets } };
}

/** Newest last. While a secret rolls, the old one still signs. */
export function secretsOf(endpoint: WebhookEndpoint, now: Instant): readonly string[] {
  return signingSecrets(endpoint)
    .filter(({ endsAt }) => endsAt === null || endsAt > now)
    .map(({ text }) => text);
}

function wants(endpoint: WebhookEndpoint, type: EventType): boolean {
  const names: readonly string[] = endpoint.enabled_events;
  return endpoint.status === "enabled" && (names.includes(type) || names.includes("*"));
}

/** An account has at most 16 endpoints, so looking at all of them is cheap. */
export function endpointsFor(unit: Unit, type: EventType): WebhookEndpoint[] {
  const made = all(unit, webhookEndpoints);
  return made.length === 0 ? made : made.filter((endpoint) => wants(endpoint, type));
}
