// What the host does to a sandbox beside all calls: faults, keys, endpoints, forgetting. Nobody else would write down
// what it changes, so it is written down at once.
import { problem } from "#kit/problems.ts";
import type { FaultRule, Faults } from "./kernel/records/faults.ts";
import { type Account, accountOfKey, revokeKey } from "./kernel/state/accounts.ts";
import type { StripeObject } from "./kernel/state/noun.ts";
import { commit, drop, tickUnit, type World } from "./kernel/state/unit.ts";
import { all } from "./kernel/state/writes.ts";
import { find } from "./kernel/store/store.ts";
import type { Router } from "./kernel/wire/router.ts";
import { plantSeed, type Seed } from "./kernel/wire/seed.ts";
import { asked, check, type EndpointOption } from "./options.ts";
import { offerOf } from "./resources/payment_method_configurations/index.ts";
import { methodTypes, playedType } from "./resources/payment_methods/index.ts";
import {
  createEndpoint,
  rollSecret,
  rollTimeMaxMs,
  signingSecrets,
  type WebhookEndpoint,
  webhookEndpoints,
} from "./resources/webhook_endpoints/index.ts";

export function faultsFromOutside(world: World): Faults {
  const thenKept =
    <G extends readonly unknown[], A>(work: (...given: G) => A) =>
    (...given: G): A => {
      const answer = work(...given);
      world.journal?.flush();
      return answer;
    };
  const { add, remove, clear, list } = world.faults;
  const checked = (rule: FaultRule) => {
    check.fault(rule);
    return add(rule);
  };
  return { add: thenKept(checked), remove: thenKept(remove), clear: thenKept(clear), list };
}

export function seedFromOutside(world: World, router: Router, seed: Seed): StripeObject {
  check.seed(seed);
  return asked(() => plantSeed(world, router, seed), "Its parameters are those of the call that makes it.");
}

/** The types of payment methods there are, and which of them an account offers. */
export function offeredFromOutside(world: World, account: Account) {
  const unit = tickUnit(world, account);
  const { id, types: on } = offerOf(unit);
  drop(unit);
  const types = methodTypes.map((type) => ({ type, name: playedType(type)?.name ?? type, isOn: on.includes(type) }));
  return { configuration: id, types };
}

export function revokeFromOutside(world: World, key: string): void {
  check.text("key", key);
  revokeKey(world.accounts, key);
  world.journal?.flush();
}

/** Whosever endpoint it is. */
export function rollFromOutside(world: World, id: string, options: { readonly oldEndsInMs?: number }): string {
  check.text("endpoint", id);
  check.roll(options);
  const { oldEndsInMs = 0 } = options;
  if (!(oldEndsInMs >= 0 && oldEndsInMs <= rollTimeMaxMs)) {
    throw problem("invalid_params", `An old secret signs for 0 to ${rollTimeMaxMs} ms (a day), not ${oldEndsInMs}.`);
  }
  const owner = [...world.accounts.byId.values()].find(({ collections }) => {
    const endpoints = collections.get(webhookEndpoints.object);
    return endpoints && find(endpoints, id);
  });
  if (!owner) throw problem("not_found", `There is no webhook endpoint ${id}.`);
  const unit = tickUnit(world, owner);
  const secret = rollSecret(unit, id, oldEndsInMs);
  commit(unit);
  world.journal?.flush();
  return secret;
}

/** An endpoint of the options; not twice, when a data folder has it already. */
export function registerEndpoint(world: World, endpoint: EndpointOption): void {
  const { key, secret, url, enabled_events = ["*"], api_version } = endpoint;
  const hint = `It is about the webhook endpoint ${url} of the options.`;
  const unit = tickUnit(
    world,
    asked(() => accountOfKey(world.accounts, key), hint),
  );
  const kept = all(unit, webhookEndpoints);
  const isKnown = (one: WebhookEndpoint) => signingSecrets(one).some(({ text }) => text === secret);
  if (kept.some((one) => one.url === url && isKnown(one))) return;
  const params = { url, enabled_events: [...enabled_events], api_version };
  asked(() => createEndpoint(unit, params, secret), hint);
  commit(unit);
}

/** Accounts stay, since connections hold them; all that is in them goes. */
export function forgetAll(world: World): void {
  world.timelines.clear();
  world.history.clear();
  world.faults.forgetKept();
  world.attempts.clear();
  world.accounts.byClientSecret.clear();
  world.accounts.learnt.clear();
  world.accounts.revoked.clear();
  for (const account of world.accounts.byId.values()) {
    account.collections.clear();
    account.idempotency.clear();
  }
}
