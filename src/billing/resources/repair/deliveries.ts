// Facts on their way to handlers, with attempts, the last error and the dead letters; and the way back for a dead one,
// once its receiver is mended.
import { problem } from "#kit/problems.ts";
import { type Billing, type Delivery, deliveryStates } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingReader, DeliveryRow, FactRow } from "../../kernel/store/tables.ts";
import { checkFields, checkFilter, checkInstant, checkKey, checkOneOf, type Fields, pageFields } from "../input.ts";
import { pageLimit, pageOf, parseCursor } from "../pages.ts";

type Filter = NonNullable<Parameters<Billing["deliveries"]["list"]>[0]>;

const listFields: Fields<Filter> = { ...pageFields, state: true, handler: true, type: true, subject: true };

export function createDeliveries(core: BillingCore): Billing["deliveries"] {
  const { sql, ports } = core;
  const get: Billing["deliveries"]["get"] = async (delivery) => {
    const { factId, handler } = checkDelivery(delivery);
    const row = await sql.read("deliveries.get", (reader) =>
      deliveriesOf(reader).where("fact", "=", factId).where("handler", "=", handler).executeTakeFirst(),
    );
    if (row) return view(row);
    throw problem("not_found", `No delivery of ${factId} to ${handler}`, { hint: "See `deliveries.list()`." });
  };
  return {
    get,
    async list(given = {}) {
      const options = checkFields("options", given, listFields);
      const handler = checkFilter("handler", options.handler);
      const [type, subject] = [checkFilter("type", options.type), checkFilter("subject", options.subject)];
      const [from, to] = [checkInstant("from", options.from), checkInstant("to", options.to)];
      const limit = pageLimit(options.limit);
      const after = parseCursor(options.cursor, 2);
      const state = checkOneOf("state", options.state, deliveryStates);
      // Of one handler they lie in this order by themselves, the others by way of their facts.
      const at = handler === undefined ? "facts.occurred_at" : "deliveries.occurred_at";
      const rows = await sql.read("deliveries.list", (reader) => {
        let query = deliveriesOf(reader);
        if (state !== undefined) query = query.where("state", "=", state);
        if (handler !== undefined) query = query.where("handler", "=", handler);
        if (type !== undefined) query = query.where("type", "=", type);
        if (subject !== undefined) query = query.where("subject", "=", subject);
        if (from !== undefined) query = query.where(at, ">=", from);
        if (to !== undefined) query = query.where(at, "<", to);
        if (after) query = query.where((eb) => eb(eb.refTuple(at, "fact", "handler"), "<", eb.tuple(...after)));
        return query
          .orderBy(at, "desc")
          .orderBy("fact", "desc")
          .orderBy("handler", "desc")
          .limit(limit + 1)
          .execute();
      });
      return pageOf(rows, { limit, view, place: (row) => [row.occurred_at, row.fact, row.handler] });
    },
    async retry(given) {
      const { factId, handler } = checkDelivery(given);
      await core.ready();
      const now = ports.clock.now();
      const again = await sql.write("deliveries.retry", (tx) =>
        tx
          .updateTable("deliveries")
          .set({ state: "open", attempts: 0, next_at: now, ended_at: null })
          .where("fact", "=", factId)
          .where("handler", "=", handler)
          .where("state", "!=", "done")
          // Not while a worker holds it: its result would be written over.
          .where("until", "<=", now)
          .executeTakeFirst(),
      );
      const delivery = await get({ factId, handler });
      if (again.numUpdatedRows === 0n) {
        const is = delivery.state === "done" ? "done" : "being tried at this moment";
        throw problem("wrong_state", `The delivery of ${factId} to ${handler} is ${is}`, {
          hint: "Only what is dead or waits is tried again.",
        });
      }
      sql.wake.notify("outbox");
      return delivery;
    },
  };
}

function checkDelivery(given: { factId: string; handler: string }) {
  const { factId, handler } = checkFields("delivery", given, { factId: true, handler: true });
  return { factId: checkKey("factId", factId), handler: checkKey("handler", handler) };
}

function deliveriesOf(reader: BillingReader) {
  return reader
    .selectFrom("deliveries")
    .innerJoin("facts", "facts.id", "deliveries.fact")
    .select(["fact", "handler", "type", "subject", "state", "attempts", "error"])
    .select(["facts.occurred_at", "next_at", "ended_at"]);
}

function view(row: Omit<DeliveryRow, "until"> & Pick<FactRow, "type" | "subject" | "occurred_at">): Delivery {
  return {
    factId: row.fact,
    handler: row.handler,
    type: row.type,
    subject: row.subject,
    state: row.state,
    attempts: row.attempts,
    error: row.error,
    occurredAt: new Date(row.occurred_at),
    nextAt: row.state === "open" ? new Date(row.next_at) : null,
    endedAt: row.ended_at === null ? null : new Date(row.ended_at),
  };
}
