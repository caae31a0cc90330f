// Events of payments, and what becomes of their receipts.
import assert from "node:assert/strict";
import { secondMs } from "#kit/clock.ts";
import type { BillingSql } from "../kernel/store/tables.ts";
import { apiVersion } from "../kernel/stripe/gateway.ts";
import type { World } from "./index.ts";

/** A payment that has just succeeded; of this installation when an instance is named. */
export function paymentEvent(world: World, nth: number, instance?: string): object {
  const metadata = instance === undefined ? {} : { bursar_instance: instance };
  const money = { amount: 2_500, amount_received: 2_500, currency: "eur", status: "succeeded" };
  const object = { id: `pi_${nth}`, object: "payment_intent", ...money, metadata };
  const created = Math.floor(world.ports.clock.now() / secondMs);
  const about = { object: "event", created, livemode: false, api_version: apiVersion };
  return { id: `evt_${nth}`, ...about, type: "payment_intent.succeeded", data: { object } };
}

export async function deliver(world: World, events: readonly object[]): Promise<void> {
  assert.deepEqual(new Set(await Promise.all(events.map((event) => world.deliver(event)))), new Set([200]));
}

/** By their objects. */
export async function receipts(sql: BillingSql) {
  const rows = await sql.read("receipts", (reader) =>
    reader.selectFrom("receipts").select(["object_id", "state", "attempts", "error"]).orderBy("id").execute(),
  );
  return Object.fromEntries(rows.map(({ object_id, ...row }) => [object_id ?? "", row]));
}
