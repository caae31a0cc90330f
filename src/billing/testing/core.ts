// Billing's kernel and rooms on a world's database, for tests of one rule: without workers, it hears what it is told.

import type { DatabaseWorld } from "#kit/sql/testing.ts";
import { createReacting, spread } from "../kernel/changes/react.ts";
import type { Manifest } from "../kernel/contract/manifest.ts";
import type { News } from "../kernel/contract/reacting.ts";
import { type BillingCore, createCore } from "../kernel/core.ts";
import type { BillingSql, BillingTables } from "../kernel/store/tables.ts";
import { manifests } from "../resources/index.ts";
import type { OrderRow } from "../resources/orders/index.ts";
import { createOrder, optionsFor, startWorld, type World } from "./index.ts";

/** `sql` is open on the world's database; `rooms` are above all others. */
export async function coreOn(world: World, sql: BillingSql, rooms: readonly Manifest[] = []): Promise<BillingCore> {
  const fetch = (input: string | URL | Request, init?: RequestInit) => world.sandbox.fetch(new Request(input, init));
  const ports = { ...world.ports, fetch };
  const options = optionsFor("unused");
  const core = await world.run(createCore({ options, ports, sql, manifests: [...manifests, ...rooms] }));
  // Learns Stripe's time, without which no payload is believed.
  await world.run(core.kernel.gateway.read("/v1/events?limit=1", { priority: "look" }));
  return core;
}

/** What follows from news, in one transaction, as if that had brought them. */
function tell({ kernel }: BillingCore, ...news: readonly News[]): Promise<void> {
  const now = kernel.ports.clock.now();
  return kernel.sql.write("told", (tx) => spread(kernel, createReacting(kernel, tx, now), news));
}

/** Two orders of 25 €, of which the first stands as `first` says, and rooms that hear what they are told. */
export async function openBooks(
  { url, open }: Pick<DatabaseWorld<BillingTables>, "url" | "open">,
  first: Partial<OrderRow>,
) {
  const world = await startWorld({ url, isStarted: false });
  const sql = await open({ clock: world.ports.clock });
  const core = await coreOn(world, sql);
  await createOrder(world, "order_1");
  await createOrder(world, "order_2");
  const change = (id: string, changes: Partial<OrderRow>) =>
    sql.write("order", async (tx) => void (await tx.updateTable("orders").set(changes).where("id", "=", id).execute()));
  await change("order_1", first);
  return { world, sql, core, change, tell: (...news: readonly News[]) => tell(core, ...news) };
}
