// The second road of an event: Stripe's own list, read from a cursor with an overlap, at start and every minute. What
// the webhook lost on the way arrives here and goes through the same inbox. The cursor moves after the events are
// stored, never before. https://docs.stripe.com/api/events/list
import { dayMs, minuteMs, secondMs } from "#kit/clock.ts";
import { isAmongPacked, packTexts } from "#kit/sql/many.ts";
import { execute } from "#kit/sql/statement.ts";
import type { Kernel } from "../contract/context.ts";
import { rawOf } from "../contract/context.ts";
import type { BillingReader } from "../store/tables.ts";
import type { Inbox } from "./intake/accept.ts";

/** Events may show up in the list later than their `created` says. */
const overlapMs = 10 * minuteMs;
/** Stripe lists events for 30 days. */
const historyMs = 30 * dayMs;

export async function catchUp(kernel: Kernel, inbox: Inbox): Promise<{ found: number }> {
  const cursor = await kernel.sql.read("catch_up.cursor", (reader) =>
    reader.selectFrom("settings").select("value").where("key", "=", "catch_up_created").executeTakeFirst(),
  );
  const begunAt = kernel.ports.clock.now();
  const from = Math.max(begunAt - historyMs, Number(cursor?.value ?? begunAt) - overlapMs);
  let found = 0;
  const ids: string[] = [];
  const path = `/v1/events?limit=100&created[gte]=${Math.floor(from / secondMs)}`;
  for await (const { items } of kernel.gateway.pages(path, { priority: "look" })) {
    const listed = items.map(({ id }) => id);
    const known = await storedAmong(kernel, listed);
    found += await inbox.store(items.filter(({ id }) => !known.has(id)).map(rawOf));
    ids.push(...listed);
  }
  await inbox.refused.listed(ids);
  await kernel.sql.write("catch_up.moved", async (tx) => {
    await tx
      .insertInto("settings")
      .values({ key: "catch_up_created", value: String(begunAt) })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: String(begunAt) }))
      .execute();
  });
  if (found > 0) kernel.ports.log.info("catch_up.found", { found });
  return { found };
}

/** Most of what the overlap lists came by its webhook: to store that again would be all that an idle minute costs. */
function storedAmong(kernel: Kernel, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return kernel.sql.read("catch_up.stored", async (reader) => {
    const { rows } = await execute(reader, stored, { ids: packTexts(reader, ids) });
    return new Set(rows.map(({ id }) => id));
  });
}

function stored(reader: BillingReader, { ids }: { ids: unknown }) {
  return reader
    .selectFrom("receipts")
    .select("id")
    .where(isAmongPacked(reader, "id", ids));
}
