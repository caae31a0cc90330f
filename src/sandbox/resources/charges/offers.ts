// What a card that is held offers, when its payment asked for it: to be captured in parts, to hold more.
import type Stripe from "stripe";
import { chargeDefaults } from "./defaults.table.ts";

/** As `payment_method_details.card` names them; a payment asks by `request_…`. */
export type Offer = "multicapture" | "incremental_authorization";

const brands: Readonly<Record<Offer, readonly string[]>> = {
  multicapture: chargeDefaults.multicaptureBrands.value,
  incremental_authorization: chargeDefaults.incrementBrands.value,
};

/** Only what is held at first offers anything. */
export function offered(offer: Offer, { brand, asked }: { brand: string; asked: readonly Offer[] }) {
  const isAvailable = asked.includes(offer) && brands[offer].includes(brand);
  return { status: isAvailable ? "available" : "unavailable" };
}

export function offers(charge: Pick<Stripe.Charge, "payment_method_details">, offer: Offer): boolean {
  return charge.payment_method_details?.card?.[offer]?.status === "available";
}
