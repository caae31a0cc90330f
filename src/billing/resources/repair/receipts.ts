// The inbox as an operator sees it: what became of each event, and working it again.
import { problem } from "#kit/problems.ts";
import { type Billing, type Receipt, receiptStates } from "../../api/index.ts";
import { replayReceipt } from "../../kernel/changes/looks.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { unended } from "../../kernel/inbox/claim.ts";
import type { BillingReader } from "../../kernel/store/tables.ts";
import { checkFields, checkFilter, checkKey, checkOneOf, type Fields, pageFields } from "../input.ts";
import { having, readPage } from "../pages.ts";

type Filter = NonNullable<Parameters<Billing["inbox"]["list"]>[0]>;

const listFields: Fields<Filter> = { ...pageFields, state: true, type: true, objectId: true };

export function createReceipts(core: BillingCore): Billing["inbox"] {
  const { sql, ports } = core;
  const get = async (given: string): Promise<Receipt> => {
    const id = checkKey("id", given);
    const row = await sql.read("inbox.get", (reader) => receiptsOf(reader).where("id", "=", id).executeTakeFirst());
    if (row) return view(row);
    throw problem("not_found", `No receipt ${id}`, { hint: "See `inbox.list()`.", details: { id } });
  };
  return {
    get,
    async list(given = {}) {
      const options = checkFields("options", given, listFields);
      const state = checkOneOf("state", options.state, receiptStates);
      const type = checkFilter("type", options.type);
      const objectId = checkFilter("objectId", options.objectId);
      const from = (reader: BillingReader) => having(receiptsOf(reader), { state, type, object_id: objectId });
      return readPage(core, options, { label: "inbox.list", at: "received_at", from, view });
    },
    async replay(given) {
      const id = checkKey("id", given);
      await core.ready();
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
    // Work that is under way for the first time is not a trouble. At the second try it has outlived a process.
    error: row.error === unended && row.attempts <= 1 ? null : row.error,
  };
}
