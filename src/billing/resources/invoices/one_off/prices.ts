// The prices that an invoice's lines name: those of the catalog by their lookup keys. Each is paid once.
import { type Problem, problem } from "#kit/problems.ts";
import type { Remote } from "../../../kernel/contract/reacting.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import type { MadeWish } from "./wish.ts";

/** A request asks for as many lookup keys. Declared with the parameter. */
const keysMax = 10;

/** Stripe's ids, by the names that they were given. */
export async function priceIdsOf(
  core: BillingCore,
  { lines, currency }: Pick<MadeWish, "lines" | "currency">,
): Promise<Readonly<Record<string, string>>> {
  const keys = [...new Set(lines.flatMap(({ price }) => price ?? []))].filter((name) => !name.startsWith("price_"));
  const ids: Record<string, string> = {};
  for (let at = 0; at < keys.length; at += keysMax) {
    const asked = keys.slice(at, at + keysMax);
    const found = await sold(core, asked);
    for (const key of asked) ids[key] = idOf(found.get(key), { key, currency });
  }
  return ids;
}

async function sold({ kernel }: BillingCore, keys: readonly string[]): Promise<ReadonlyMap<unknown, Remote>> {
  const query = keys.map((key, n) => `lookup_keys[${n}]=${encodeURIComponent(key)}`).join("&");
  const prices = await Array.fromAsync(
    kernel.gateway.list(`/v1/prices?limit=100&active=true&${query}`, { priority: "command" }),
  );
  return new Map(prices.map((price) => [price.lookup_key, price]));
}

function idOf(price: Remote | undefined, { key, currency }: { key: string; currency: string }): string {
  if (price === undefined) throw refused(`There is no price ${key} that is sold`, "`catalog.get()` shows the prices.");
  if (price.type === "recurring") {
    throw refused(`Price ${key} is paid again and again`, "An invoice takes prices that are paid once: `once`.");
  }
  if (price.currency !== currency) {
    throw refused(
      `Price ${key} is in ${price.currency}, and the invoice in ${currency}`,
      "Name the price of that currency.",
    );
  }
  return price.id;
}

function refused(message: string, hint: string): Problem {
  return problem("invalid_params", message, { hint, details: { field: "lines" } });
}
