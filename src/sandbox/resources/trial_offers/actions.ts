// What happens to an offer: made, archived, taken up again.
import { hidden } from "../../kernel/state/noun.ts";
import type { Params } from "../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../kernel/state/unit.ts";
import { add, among, change, mustRead, mustReadParam } from "../../kernel/state/writes.ts";
import { common } from "../../kernel/words/errors.table.ts";
import { missingParameter, refusal } from "../../kernel/words/errors.ts";
import { boolean, hash, integer, text } from "../../kernel/words/params.ts";
import { refuseLonger } from "../../kernel/words/texts.ts";
import { type Price, prices } from "../prices/index.ts";
import { trialOfferDefaults } from "./defaults.table.ts";
import { rows } from "./refusals.table.ts";
import { type TrialOffer, trialOffers } from "./trial_offer.ts";

export function createTrialOffer(unit: Unit, params: Params): TrialOffer {
  const transition = hash(hash(params, "end_behavior") ?? {}, "transition") ?? {};
  const price = recurringPrice(unit, text(params, "price"), "price");
  const then = recurringPrice(unit, text(transition, "price"), "end_behavior[transition][price]");
  if (price.currency !== then.currency)
    throw refusal(rows.offerCurrency, { one: price.currency, other: then.currency });
  const nickname = text(params, "nickname") ?? null;
  if (nickname !== null) refuseLonger(nickname, trialOfferDefaults.nicknameLength.value, "nickname");
  return add(
    unit,
    trialOffers,
    {
      id: unit.world.ids.after("to_1", 23),
      object: "product_catalog.trial_offer",
      active: boolean(params, "active") ?? true,
      duration: { relative: { iterations: iterationsOf(params) }, type: "relative" },
      end_behavior: { transition: { price: then.id }, type: "transition" },
      livemode: false,
      nickname,
      price: price.id,
      [hidden]: { created: secondOf(unit) },
    },
    null,
  );
}

function iterationsOf(params: Params): number {
  const iterations = integer(hash(hash(params, "duration") ?? {}, "relative") ?? {}, "iterations");
  const param = "duration[relative][iterations]";
  if (iterations === undefined) throw missingParameter(param);
  if (iterations < 1) throw refusal(common.belowMinimum, { limit: 1 }, { param });
  return iterations;
}

function recurringPrice(unit: Unit, id: string | undefined, param: string): Price {
  if (id === undefined) throw missingParameter(param);
  const price = mustReadParam(unit, prices, id, param);
  if (price.recurring === null) throw refusal(rows.offerOneTime, {}, { param });
  if (!price.active) throw refusal(rows.offerPriceInactive, {}, { param });
  return price;
}

export function updateTrialOffer(unit: Unit, params: Params, id: string): TrialOffer {
  const before = mustRead(unit, trialOffers, id);
  return change(unit, trialOffers, before, { active: boolean(params, "active") ?? before.active }, null);
}

/** A plan that was deleted, and whose id another one has now, is still what is offered. */
export function offerAside(unit: Unit, { id: before }: Price, { id: price }: Price): void {
  for (const offer of among(unit, trialOffers, "price", before)) change(unit, trialOffers, offer, { price }, null);
  for (const offer of among(unit, trialOffers, "end_behavior.transition.price", before)) {
    change(unit, trialOffers, offer, { end_behavior: { ...offer.end_behavior, transition: { price } } }, null);
  }
}
