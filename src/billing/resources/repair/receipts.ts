// The inbox as an operator sees it: what became of each event, and working it again.
import { problem } from "#kit/problems.ts";
import { type Billing, type Receipt, receiptStates } from "../../api/index.ts";
import { replayReceipt } from "../../kernel/changes/looks.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingReader } from "../../kernel/store/tables.ts";
import { checkKey, checkObject, checkOneOf } from "../input.ts";
import { pageLimit, pageOf, parseCursor } from "../pages.ts";

export function createReceipts(core: BillingCore): Billing["inbox"] {
  const { sql, ports } = core;
  const get = async (given: string): Promise<Receipt> => {
    const id = checkKey("id", given);
    const row = await sql.read("inbox.get", (reader) => receiptsOf(reader).where("id", "=", id).executeTakeFirst());
    if (row) return view(row);
    throw problem("not_found", `No receipt ${id}`, { hint: "See inbox.list().", details: { id } });
  };
  return {
    get,
    async list(given = {}) {
      const options = checkObject("options", given);
      const limit = pageLimit(options.limit);
      const after = parseCursor(options.cursor);
      const state = checkOneOf("state", options.state, receiptStates);
      const rows = await sql.read("inbox.list", (reader) => {
        let query = receiptsOf(reader);
        if (state !== undefined) query = query.where("state", "=", state);
        if (after) query = query.where((eb) => eb(eb.refTuple("received_at", "id"), "<", eb.tuple(...after)));
        return query
          .orderBy("received_at", "desc")
          .orderBy("id", "desc")
          .limit(limit + 1)
          .execute();
      });
      return pageOf(rows, { limit, view, place: (row) => [row.received_at, row.id] });
    },
    async replay(given) {
      const id = checkKey("id", given);
      const now = ports.clock.now();
      const isReopened = await sql.write("inbox.replay", (tx) => replayReceipt(tx, { id, now }));
      const receipt = await get(id);
      if (!isReopened) {
        throw problem("wrong_state", `Receipt ${id} is ${receipt.state} and cannot be worked`, {
          hint: "What is unreadable, of the other mode or of another account is kept, never worked.",
          details: { id, state: receipt.state },
        });
      }
      sql.wake.notify("inbox");
      return receipt;
    },
    catchUp: () => core.catchUp(),
  };
}

function receiptsOf(reader: BillingReader) {
  return reader.selectFrom("receipts").select(["id", "type", "state", "object_id", "received_at", "attempts", "error"]);
}

type Listed = Awaited<ReturnType<ReturnType<typeof receiptsOf>["executeTakeFirstOrThrow"]>>;

function view(row: Listed): Receipt {
  return {
    id: row.id,
    type: row.type,
    state: row.state,
    objectId: row.object_id,
    receivedAt: new Date(row.received_at),
    attempts: row.attempts,
    error: row.error,
  };
}
