// What Stripe had of a Customer before anybody told us is read once, when it is first asked for: a Customer that was
// linked has cards, subscriptions and invoices that no event tells of.
import type { Instant } from "#kit/clock.ts";
import { wakeWorkers } from "../kernel/changes/react.ts";
import type { MirrorKind } from "../kernel/contract/manifest.ts";
import type { BillingCore } from "../kernel/core.ts";
import type { BillingTx } from "../kernel/store/tables.ts";
import { observePage } from "./observe_page.ts";

/** All of a kind were read of this Customer: from then on events tell of them. */
export interface ReadRow {
  stripe_id: string;
  read_at: number;
}

type Table = "methods_read" | "subscriptions_read" | "invoices_read";

interface Reading {
  readonly table: Table;
  readonly kind: MirrorKind;
  /** The list, of one Customer. */
  readonly path: string;
}

export async function readOnce(core: BillingCore, stripeId: string, reading: Reading): Promise<void> {
  const { table, kind, path } = reading;
  const before = await core.sql.read(`${table}.before`, (reader) =>
    reader.selectFrom(alike(table)).select("read_at").where("stripe_id", "=", stripeId).executeTakeFirst(),
  );
  if (before) return;
  await core.ready();
  for await (const page of core.kernel.gateway.pages(path, { priority: "command" })) {
    await observePage(core, kind, page);
  }
  const read = { customers: [stripeId], now: core.ports.clock.now() };
  await core.sql.write(table, (tx) => markReadIn(tx, table, read));
  wakeWorkers(core.sql);
}

export interface Read {
  readonly customers: readonly string[];
  readonly now: Instant;
}

/** Of these Customers of Stripe's all was read. */
export async function markReadIn(tx: BillingTx, table: Table, { customers, now }: Read): Promise<void> {
  await tx
    .insertInto(alike(table))
    .values(customers.map((stripe_id) => ({ stripe_id, read_at: now })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** They have the same columns. */
function alike(table: Table): "methods_read" {
  return table as "methods_read";
}
