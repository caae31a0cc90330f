// Trial offers: what subscribers pay to begin with. The folder's only door.
import { list, rangeOf } from "../../kernel/answer/lists.ts";
import { hidden } from "../../kernel/state/noun.ts";
import { onSignal } from "../../kernel/state/reactions.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead } from "../../kernel/state/writes.ts";
import { isWithin } from "../../kernel/store/store.ts";
import { boolean, texts } from "../../kernel/words/params.ts";
import { prices } from "../prices/index.ts";
import { createTrialOffer, offerAside, updateTrialOffer } from "./actions.ts";
import { trialOfferDefaults } from "./defaults.table.ts";
import { trialOfferExtras } from "./extras.table.ts";
import { rows } from "./refusals.table.ts";
import { type TrialOffer, trialOffers } from "./trial_offer.ts";

export { type TrialOffer, trialOffers } from "./trial_offer.ts";

const path = "/v1/product_catalog/trial_offers";

export const trialOfferResource = defineResource<TrialOffer>({
  noun: trialOffers,
  defaults: trialOfferDefaults,
  extras: trialOfferExtras,
  refusals: rows,
  reactions: [onSignal(prices, "stand_aside", offerAside)],
  routes: [
    { method: "POST", path, run: createTrialOffer },
    { method: "GET", path, run: listTrialOffers },
    { method: "GET", path: `${path}/:id`, run: (unit, _params, id) => mustRead(unit, trialOffers, id) },
    { method: "POST", path: `${path}/:id`, run: updateTrialOffer },
  ],
});

/** `prices`: those of the trial itself (declared). */
function listTrialOffers(unit: Unit, params: Params): object {
  const active = boolean(params, "active");
  const range = rangeOf(params, "created");
  const named = texts(params, "prices");
  const where = (offer: TrialOffer) =>
    (active === undefined || offer.active === active) &&
    (range === undefined || isWithin(range, offer[hidden].created)) &&
    (named === undefined || named.includes(offer.price));
  const { created: _created, ...rest } = params;
  return list(unit, trialOffers, rest, { url: path, where });
}
