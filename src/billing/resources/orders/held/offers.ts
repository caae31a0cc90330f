// What the card that pays an order offers, besides to be captured once: it says so when it is charged.

import { lookNow } from "../../../kernel/changes/observe.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { type Offer, offersIn, type PaymentIntentMirror } from "../../payments/index.ts";
import type { OrderRow } from "../tables.ts";

/** Its charge is looked at where no event has told of it yet. */
export async function isOffered(core: BillingCore, order: OrderRow, offer: Offer): Promise<boolean> {
  const charge = await chargeOf(core, order);
  if (charge === null) return false;
  const seen = await offersOf(core, charge);
  if (seen !== undefined) return seen.includes(offer);
  await lookNow(core.kernel, { kind: "charge", id: charge });
  return (await offersOf(core, charge))?.includes(offer) ?? false;
}

async function chargeOf(core: BillingCore, { payment_intent }: OrderRow): Promise<string | null> {
  const row = await mirrored(core, payment_intent ?? "");
  return row === undefined ? null : (JSON.parse(row) as PaymentIntentMirror).latestCharge;
}

async function offersOf(core: BillingCore, charge: string): Promise<readonly Offer[] | undefined> {
  const row = await mirrored(core, charge);
  return row === undefined ? undefined : offersIn(row);
}

async function mirrored({ sql }: BillingCore, id: string): Promise<string | undefined> {
  const found = await sql.read("orders.offers", (reader) =>
    reader.selectFrom("mirror").select("row").where("id", "=", id).executeTakeFirst(),
  );
  return found?.row;
}
