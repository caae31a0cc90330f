// The journal as an operator sees it, and what can be done with what is parked.
import { problem } from "#kit/problems.ts";
import { type Billing, type Operation, operationStates } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { refusalIn } from "../../kernel/journal/read.ts";
import { endParked, retryParked } from "../../kernel/journal/repair.ts";
import type { BillingReader, OperationRow } from "../../kernel/store/tables.ts";
import { checkFields, checkFilter, checkKey, checkOneOf, type Fields, pageFields } from "../input.ts";
import { having, newestFirst } from "../pages.ts";

export function createOperationsDesk(core: BillingCore): Billing["operations"] {
  const { sql, kernel, ports } = core;
  const get = async (given: string): Promise<Operation> => {
    const id = checkKey("id", given);
    const found = await sql.read("operations.get", async (reader) => {
      const rows = await ownOperations(core, reader).where("id", "=", id).execute();
      return withCalls(reader, rows);
    });
    const [row] = found;
    if (row) return view(row);
    throw problem("not_found", `No operation ${id}`, { hint: "See `operations.list()`.", details: { id } });
  };
  const parkedOnly = async (isMoved: boolean, id: string): Promise<Operation> => {
    const operation = await get(id);
    if (isMoved) return operation;
    throw problem("wrong_state", `Operation ${id} is ${operation.state}; a human moves only what is parked`, {
      hint:
        operation.state === "open" ? "It is carried on by itself." : "Give the command again with the next attempt.",
      details: { id, state: operation.state },
    });
  };
  return {
    get,
    list: async (options) => listOperations(core, options ?? {}),
    async retry(given) {
      const id = checkKey("id", given);
      await core.ready();
      const now = ports.clock.now();
      const isMoved = await sql.write("operations.retry", (tx) => retryParked(kernel, tx, { id, now }));
      sql.wake.notify("operations");
      return parkedOnly(isMoved, id);
    },
    async end(given, options) {
      const id = checkKey("id", given);
      const reason = checkKey("reason", checkFields("options", options, { reason: true }).reason);
      await core.ready();
      const now = ports.clock.now();
      const isMoved = await sql.write("operations.end", (tx) => endParked(kernel, tx, { id, reason, now }));
      sql.wake.notify("outbox");
      return parkedOnly(isMoved, id);
    },
  };
}

type OperationFilter = NonNullable<Parameters<Billing["operations"]["list"]>[0]>;

const listFields: Fields<OperationFilter> = { ...pageFields, state: true, verb: true, subject: true };

async function listOperations(core: BillingCore, given: OperationFilter) {
  const options = checkFields("options", given, listFields);
  const page = newestFirst(options, "created_at");
  const state = checkOneOf("state", options.state, operationStates);
  const verb = checkFilter("verb", options.verb);
  const subject = checkFilter("subject", options.subject);
  const rows = await core.sql.read("operations.list", async (reader) => {
    const query = having(ownOperations(core, reader), { state, verb, subject });
    return withCalls(reader, await page.rowsOf(query));
  });
  return page.pageOf(rows, view);
}

/** What the original of a copied database, or the other mode, has begun is none of this installation's business. */
function ownOperations({ kernel }: BillingCore, reader: BillingReader) {
  return reader
    .selectFrom("operations")
    .selectAll()
    .where("instance", "=", kernel.instance)
    .where("mode", "=", kernel.mode);
}

type Listed = OperationRow & { readonly tries: number; readonly next_at: number | null };

async function withCalls(reader: BillingReader, rows: readonly OperationRow[]): Promise<Listed[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const calls = await reader
    .selectFrom("calls")
    .innerJoin("operations", (join) =>
      join.onRef("operations.id", "=", "calls.operation").onRef("operations.step", "=", "calls.step"),
    )
    .select(["calls.operation", "calls.tries", "calls.next_at"])
    .where("calls.operation", "in", ids)
    .orderBy("calls.n")
    .execute();
  const last = new Map(calls.map((call) => [call.operation, call]));
  return rows.map((row) => {
    const call = last.get(row.id);
    return { ...row, tries: call?.tries ?? 0, next_at: row.state === "open" ? (call?.next_at ?? null) : null };
  });
}

function view(row: Listed): Operation {
  return {
    id: row.id,
    verb: row.verb,
    subject: row.subject,
    attempt: row.attempt,
    state: row.state,
    error: row.state === "done" ? null : (refusalIn(row.outcome)?.message ?? null),
    tries: row.tries,
    nextAt: row.next_at === null ? null : new Date(row.next_at),
    createdAt: new Date(row.created_at),
    endedAt: row.ended_at === null ? null : new Date(row.ended_at),
  };
}
