// What happens to a webhook endpoint: created, updated, its secret rolled, deleted.
import { begin, move } from "../../kernel/state/machine.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { all, change, erase, mustRead } from "../../kernel/state/writes.ts";
import { inWorld } from "../../kernel/time/later.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { missingParameter, refusal } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { boolean, text, textOrNull, texts } from "../../kernel/words/params.ts";
import { endpointDefaults } from "./defaults.table.ts";
import { rows } from "./refusals.table.ts";
import {
  signingSecrets,
  type WebhookEndpoint,
  webhookEndpointMachine,
  webhookEndpoints,
  withSecrets,
} from "./webhook_endpoint.ts";

const endpointsMax = endpointDefaults.endpoints.value;
export const rollTimeMaxMs = endpointDefaults.rollTimeMs.value;
const secretsKeptMax = endpointDefaults.secretsKept.value;

/** `secret` is given only for an endpoint that stands in the sandbox's options. */
export function createEndpoint(unit: Unit, params: Params, secret = newSecret(unit)): object {
  const url = checkedUrl(text(params, "url"));
  const enabledEvents = texts(params, "enabled_events");
  if (!enabledEvents) throw missingParameter("enabled_events");
  const living = all(unit, webhookEndpoints).length;
  if (living >= endpointsMax) {
    throw refusal(rows.webhookEndpointsTooMany, { limit: endpointsMax });
  }
  const endpoint = begin(
    unit,
    webhookEndpointMachine,
    "create",
    "enabled",
    (status): WebhookEndpoint => ({
      id: unit.world.ids.after("we_1", 23),
      object: "webhook_endpoint",
      api_version: text(params, "api_version") ?? null,
      application: null,
      created: unit.created,
      description: text(params, "description") ?? null,
      enabled_events: [...enabledEvents],
      livemode: false,
      metadata: { ...mergeMetadata({}, params.metadata) },
      status,
      url,
      ...withSecrets([{ text: secret, endsAt: null }]),
    }),
  );
  const { status, url: shownUrl, ...front } = endpoint;
  return { ...front, secret, status, url: shownUrl };
}

export function updateEndpoint(unit: Unit, params: Params, id: string): WebhookEndpoint {
  const before = mustRead(unit, webhookEndpoints, id);
  const changes = {
    description: textOrNull(params, "description") ?? (params.description === null ? null : before.description),
    enabled_events: [...(texts(params, "enabled_events") ?? before.enabled_events)],
    metadata: { ...mergeMetadata(before.metadata, params.metadata) },
    url: params.url === undefined ? before.url : checkedUrl(text(params, "url")),
  };
  const isDisabled = boolean(params, "disabled") ?? before.status === "disabled";
  return isDisabled
    ? move(unit, webhookEndpointMachine, before, "disable", "disabled", changes)
    : move(unit, webhookEndpointMachine, before, "enable", "enabled", changes);
}

/**
 * The Dashboard's "Roll secret": a new secret signs from now on, and beside it the old one for `oldEndsInMs`.
 * Answers the new one. https://docs.stripe.com/webhooks#roll-endpoint-secrets
 */
export function rollSecret(unit: Unit, id: string, oldEndsInMs: number): string {
  const before = mustRead(unit, webhookEndpoints, id);
  const now = inWorld(unit).now;
  const text = newSecret(unit);
  const old = signingSecrets(before).map((secret) => ({ ...secret, endsAt: secret.endsAt ?? now + oldEndsInMs }));
  const secrets = [...old.slice(1 - secretsKeptMax), { text, endsAt: null }];
  change(unit, webhookEndpoints, before, withSecrets(secrets), null);
  return text;
}

/** Pending tries die with it. */
export function deleteEndpoint(unit: Unit, _params: Params, id: string): object {
  const endpoint = mustRead(unit, webhookEndpoints, id);
  erase(unit, webhookEndpoints, endpoint, null);
  return { id, object: "webhook_endpoint", deleted: true };
}

function newSecret(unit: Unit): string {
  return unit.world.ids.after("whsec_", 32);
}

function checkedUrl(url: string | undefined): string {
  if (url === undefined) throw missingParameter("url");
  const parsed = URL.parse(url);
  if (parsed?.protocol === "http:" || parsed?.protocol === "https:") return url;
  throw refusal(common.urlInvalid);
}
