// An item that begins with an offer: it is billed by the price of the offer for so many of its intervals, then by the
// one that the offer says. It does not make its subscription trialing (documented). That the anchor begins anew where
// the trial ends is declared as the usual of `trial_settings.end_behavior.billing_cycle_anchor`.
// https://docs.stripe.com/api/product-catalog/trial-offer
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { mustRead, mustReadParam } from "../../../kernel/state/writes.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { hash, text } from "../../../kernel/words/params.ts";
import { wholeFrom } from "../../../reckoning/periods.ts";
import { type Price, prices } from "../../prices/index.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { type TrialOffer, trialOffers } from "../../trial_offers/index.ts";
import { rows } from "../refusals.table.ts";

/** The offer that an item is to begin with. */
export function offerOf(unit: Unit, sent: Params, at: string): TrialOffer | undefined {
  const id = text(hash(sent, "current_trial") ?? {}, "trial_offer");
  if (id === undefined) return undefined;
  const param = `${at}[current_trial][trial_offer]`;
  const offer = mustReadParam(unit, trialOffers, id, param);
  if (!offer.active) throw refusal(rows.offerArchived, { offer: id }, { param });
  return offer;
}

/** The item is to be billed by that of its offer: one that is named beside has to be the same (inferred). */
export function offeredPrice(sent: Params, offer: TrialOffer, at: string): Params {
  const field = ["plan", "price", "price_data"].find((name) => sent[name] !== undefined);
  if (field !== undefined && sent[field] !== offer.price) {
    const values = { offer: offer.id, price: offer.price };
    throw refusal(rows.offerPriceOther, values, { param: `${at}[${field}]` });
  }
  return { ...sent, price: offer.price };
}

/** From now on. Undefined: nothing is said of one. */
export function trialBegun(unit: Unit, sent: Params, at: string): SubscriptionItem["current_trial"] | undefined {
  const offer = offerOf(unit, sent, at);
  if (!offer) return undefined;
  const { recurring } = mustRead(unit, prices, offer.price);
  const { interval, interval_count } = recurring ?? { interval: "month", interval_count: 1 }; // It has been checked.
  const iterations = offer.duration.relative?.iterations ?? 1;
  const { start, end } = wholeFrom({ interval, interval_count: interval_count * iterations }, secondOf(unit));
  return { end_date: end, start_date: start, trial_offer: offer.id };
}

/** What it is billed by once its trial is over. */
export function priceAfter(unit: Unit, { current_trial: trial, price }: SubscriptionItem): Price {
  const id = trial ? mustRead(unit, trialOffers, trial.trial_offer).end_behavior.transition.price : price;
  return mustRead(unit, prices, id);
}

export function isTrialOver(unit: Unit, { current_trial: trial }: SubscriptionItem): boolean {
  return trial !== null && trial.end_date <= secondOf(unit);
}

export function afterTrial(unit: Unit, item: SubscriptionItem): SubscriptionItem {
  const { id } = priceAfter(unit, item);
  return { ...item, current_trial: null, plan: id, price: id };
}
