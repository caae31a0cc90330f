// READ FIRST. A payment method configuration says which types of payment methods are on: those that an intent offers by
// itself. Every account begins with one, whose types are those of the sandbox's option; it is stored when it is first
// changed. https://docs.stripe.com/api/payment_method_configurations

import type Stripe from "stripe";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, change, read } from "../../kernel/state/writes.ts";
import { noSuch, notPlayed } from "../../kernel/words/errors.ts";
import { boolean, hash, text } from "../../kernel/words/params.ts";
import { methodTypes, usualMethodTypes } from "../payment_methods/index.ts";

export type Configuration = Stored<Stripe.PaymentMethodConfiguration>;

export const configurations = defineNoun<Configuration>({
  object: "payment_method_configuration",
  prefixes: ["pmc"],
});

/** What an intent asks of a configuration. */
export interface Offer {
  readonly id: string;
  /** Those that are on, in no order. */
  readonly types: readonly string[];
}

/** The named one's, or that of the one which the account began with: nobody has to see that for it to be asked. */
export function offerOf(unit: Unit, named?: string): Offer {
  const first = firstId(unit);
  const id = named ?? first;
  const stored = read(unit, configurations, id);
  if (stored) return { id, types: methodTypes.filter((type) => stored[type]?.available === true) };
  if (id === first) return { id, types: firstTypes(unit) };
  throw noSuch(configurations, id, { inPath: false, param: "payment_method_configuration" });
}

/** The one that an account begins with. */
export function defaultConfiguration(unit: Unit): Configuration {
  return configurationOf(unit, firstId(unit));
}

/** The one of the path, stored or not. */
export function configurationOf(unit: Unit, id: string): Configuration {
  const stored = read(unit, configurations, id);
  if (stored) return stored;
  if (id === firstId(unit)) return shapeOf(unit, { id, name: "Default", isDefault: true });
  throw noSuch(configurations, id, { inPath: true });
}

/** It follows from the account's. */
function firstId({ account }: Unit): string {
  return `pmc_1${account.id.slice("acct_1".length)}`;
}

function firstTypes({ world }: Unit): readonly string[] {
  return world.methodTypes ?? usualMethodTypes;
}

export function createConfiguration(unit: Unit, params: Params): Configuration {
  if (params.parent !== undefined) throw notPlayed("configurations of connected accounts", "parent");
  const named = { id: unit.world.ids.after("pmc_1", 23), name: text(params, "name") ?? "", isDefault: false };
  const fresh = shapeOf(unit, named);
  return add(unit, configurations, { ...fresh, ...sentTypes(params, fresh) }, null);
}

export function updateConfiguration(unit: Unit, params: Params, id: string): Configuration {
  const before = configurationOf(unit, id);
  const stored = read(unit, configurations, id) ?? add(unit, configurations, before, null);
  const changes = {
    ...sentTypes(params, before),
    active: boolean(params, "active") ?? before.active,
    name: text(params, "name") ?? before.name,
  };
  return change(unit, configurations, stored, changes, null);
}

/** A type that is not played can be turned off, never on: nothing would come of it. */
function sentTypes(params: Params, before: Configuration): Partial<Configuration> {
  const preferences = Object.entries(params).flatMap(([type]) => {
    const preference = text(hash(hash(params, type) ?? {}, "display_preference") ?? {}, "preference");
    return preference === undefined ? [] : [[type, preference] as const];
  });
  for (const [type, preference] of preferences) {
    const isPlayed = methodTypes.some((played) => played === type);
    if (!isPlayed && preference === "on") throw notPlayed(`payment methods of type ${type}`, type);
  }
  const played = preferences.filter(([type]) => type in before);
  return Object.fromEntries(played.map(([type, preference]) => [type, switched(preference)]));
}

/** `none` is Stripe's own choice, which is not to offer it. */
function switched(preference: string) {
  const isOn = preference === "on";
  return {
    available: isOn,
    display_preference: { overridable: null, preference, value: isOn ? "on" : "off" },
  };
}

interface Named {
  readonly id: string;
  readonly name: string;
  readonly isDefault: boolean;
}

function shapeOf(unit: Unit, { id, name, isDefault }: Named): Configuration {
  const on = firstTypes(unit);
  const types = methodTypes.map((type) => [type, switched(on.includes(type) ? "on" : "off")]);
  return {
    id,
    object: "payment_method_configuration",
    active: true,
    application: null,
    is_default: isDefault,
    livemode: false,
    name,
    parent: null,
    ...Object.fromEntries(types),
  };
}
