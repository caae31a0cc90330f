// For tests: what is subscribed to.
import type { SandboxWorld } from "../../testing.ts";

/** A price of a product that is called Gold. */
export async function monthly({ stripe }: SandboxWorld, amount: number): Promise<string> {
  const { id } = await stripe.prices.create({
    currency: "usd",
    unit_amount: amount,
    recurring: { interval: "month" },
    product_data: { name: "Gold" },
  });
  return id;
}
