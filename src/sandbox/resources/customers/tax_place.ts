// Where a customer is taxed: where things are sent to, else where they live.
// https://docs.stripe.com/tax/customer-locations
import type { Customer } from "./customer.ts";

interface TaxPlace {
  readonly country: string;
  readonly source: "billing_address" | "shipping_destination";
  readonly state: string | null;
}

interface Address {
  readonly country: string | null;
  readonly postal_code: string | null;
  readonly state: string | null;
}

/** Undefined: it is not recognized. */
export function taxPlaceOf({ address, shipping }: Pick<Customer, "address" | "shipping">): TaxPlace | undefined {
  return placeAt(shipping?.address, "shipping_destination") ?? placeAt(address, "billing_address");
}

/** Where taxes are those of states a country alone is not enough. */
const byState: readonly string[] = ["CA", "US"];

function placeAt(address: unknown, source: TaxPlace["source"]): TaxPlace | undefined {
  const { country, postal_code: code, state } = (address ?? {}) as Partial<Address>; // Stored so, or null.
  if (!country || (byState.includes(country) && !state && !code)) return undefined;
  return { country, source, state: state ?? null };
}
