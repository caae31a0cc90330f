// Billing's kernel and rooms on a world's database, for tests of one rule: without workers, it hears what it is told.

import { createReacting, spread } from "../kernel/changes/react.ts";
import type { Manifest } from "../kernel/contract/manifest.ts";
import type { News } from "../kernel/contract/reacting.ts";
import { type BillingCore, createCore } from "../kernel/core.ts";
import type { BillingSql } from "../kernel/store/tables.ts";
import { manifests } from "../resources/index.ts";
import { optionsFor, type World } from "./index.ts";

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
export function tell({ kernel }: BillingCore, ...news: readonly News[]): Promise<void> {
  const now = kernel.ports.clock.now();
  return kernel.sql.write("told", (tx) => spread(kernel, createReacting(kernel, tx, now), news));
}
