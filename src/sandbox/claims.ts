// All that this sandbox holds to be true of Stripe, for the pages that count it and the tests that read it.
import { currencyTable } from "#kit/currencies.table.ts";
import { deliveryDefaults } from "./delivery/defaults.table.ts";
import { rows as cliRefusals } from "./delivery/stripecli/refusals.table.ts";
import { everywhere } from "./kernel/schema/extras.ts";
import { type Claim, claimsOf } from "./kernel/state/claims.ts";
import { knownVersions } from "./kernel/versions/known_versions.table.ts";
import { commonDefaults } from "./kernel/words/defaults.table.ts";
import { usual } from "./kernel/words/defaults.ts";
import { common } from "./kernel/words/errors.table.ts";
import { resources } from "./resources/index.ts";

/** Worked out when somebody looks: a start needs none of it. */
export function allClaims(): Claim[] {
  // Both halves go by the currencies, so their table stands in the kit.
  const rules = Object.fromEntries(currencyTable);
  const currencies = usual("decimals, coins, least and most amount of each currency", rules, "documented");
  return [
    ...claimsOf("every call", {
      refusals: common,
      defaults: { ...commonDefaults, currencies, knownVersions },
      extras: { params: [everywhere] },
    }),
    ...resources.flatMap((resource) => claimsOf(resource.noun.object, resource)),
    ...claimsOf("delivery", { refusals: cliRefusals, defaults: deliveryDefaults }),
  ];
}
