// Keys with which an app may act for one customer for an hour; the sandbox hands them out and takes them back.
// https://docs.stripe.com/api/ephemeral_keys
import type Stripe from "stripe";
import { hourMs } from "#kit/clock.ts";
import { defineNoun, type Stored } from "../../kernel/state/noun.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, change, mustRead, mustReadParam } from "../../kernel/state/writes.ts";
import { missingParameter } from "../../kernel/words/errors.ts";
import { text } from "../../kernel/words/params.ts";
import { customers } from "../customers/index.ts";

export type EphemeralKey = Stored<Stripe.EphemeralKey>;

const ephemeralKeys = defineNoun<EphemeralKey>({ object: "ephemeral_key", prefixes: ["ephkey"] });

const path = "/v1/ephemeral_keys";

export const ephemeralKeyResource = defineResource<EphemeralKey>({
  noun: ephemeralKeys,
  routes: [
    { method: "POST", path, run: createKey },
    { method: "DELETE", path: `${path}/:id`, run: expireKey },
  ],
});

/** The secret is told once. */
function createKey(unit: Unit, params: Params): EphemeralKey {
  const customer = text(params, "customer");
  if (!customer) throw missingParameter("customer");
  mustReadParam(unit, customers, customer, "customer");
  const key: EphemeralKey = {
    id: unit.world.ids.after("ephkey_1", 23),
    object: "ephemeral_key",
    created: unit.created,
    expires: unit.created + hourMs / 1000,
    livemode: false,
  };
  add(unit, ephemeralKeys, key, null);
  return { ...key, secret: unit.world.ids.after("ek_test_", 64) };
}

/** A key that is taken back ends now, and can be taken back again. */
function expireKey(unit: Unit, _params: Params, id: string): EphemeralKey {
  const key = mustRead(unit, ephemeralKeys, id);
  return change(unit, ephemeralKeys, key, { expires: Math.min(key.expires, unit.created) }, null);
}
