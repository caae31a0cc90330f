// What can be done with customers.
import { problem } from "#kit/problems.ts";
import type { Billing, Customer } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { checkAttempt, checkEmail, checkId, checkText } from "../input.ts";
import { failureOf } from "../outcomes.ts";
import { pageLimit, pageOf, parseCursor } from "../pages.ts";
import type { CustomerRow } from "./tables.ts";

export function createCustomers(core: BillingCore): Billing["customers"] {
  return {
    ensure: (input) => ensureCustomer(core, input),
    get: async (id) => view(await readCustomer(core, checkId("id", id))),
    async list(options = {}) {
      const limit = pageLimit(options.limit);
      const after = parseCursor(options.cursor);
      const rows = await core.sql.read("customers.list", (reader) => {
        let query = reader.selectFrom("customers").selectAll();
        if (after) {
          query = query.where((eb) => eb(eb.refTuple("created_at", "id"), "<", eb.tuple(...after)));
        }
        return query
          .orderBy("created_at", "desc")
          .orderBy("id", "desc")
          .limit(limit + 1)
          .execute();
      });
      return pageOf(rows, { limit, view, place: (row) => [row.created_at, row.id] });
    },
  };
}

async function ensureCustomer(
  core: BillingCore,
  input: { id: string; email?: string; name?: string; attempt?: number },
): Promise<Customer> {
  const id = checkId("id", input.id);
  const email = checkEmail("email", input.email);
  const name = checkText("name", input.name);
  const attempt = checkAttempt(input.attempt);
  await core.ready();
  const now = core.ports.clock.now();
  const row = await core.sql.write("customers.ensure", (tx) => writeCustomer(tx, { id, email, name, now }));
  if (row.stripe_id === null) {
    // The operation keeps what was known when it was written: a later change is an update of its own.
    const first = await core.sql.read("customers.operation", (reader) =>
      reader
        .selectFrom("operations")
        .select("params")
        .where("verb", "=", "customers.ensure")
        .where("subject", "=", id)
        .where("state", "in", ["open", "done"])
        .executeTakeFirst(),
    );
    const params = first ? (JSON.parse(first.params) as Record<string, unknown>) : { email: row.email, name: row.name };
    const ended = await core.operations.carryOut({ verb: "customers.ensure", subject: id, attempt, params });
    if (ended.state !== "done" && ended.state !== "open") throw failureOf(ended, `Customer ${id}`);
  }
  const current = await readCustomer(core, id);
  if (current.stripe_id !== null && current.revision > 0) {
    const params = { stripeCustomerId: current.stripe_id, email: current.email, name: current.name };
    const command = { verb: "customers.update", subject: `${id}@${current.revision}`, params };
    const ended = await core.operations.carryOut({ ...command, attempt: await attemptOf(core, command, attempt) });
    if (ended.state !== "done" && ended.state !== "open") throw failureOf(ended, `Customer ${id}`);
  }
  return view(current);
}

/** What a customer is called now is a wish of its own: the attempts of what Stripe refused before do not count. */
async function attemptOf(
  core: BillingCore,
  { verb, subject }: { verb: string; subject: string },
  attempt: number | undefined,
): Promise<number | undefined> {
  if (attempt === undefined) return undefined;
  const before = await core.sql.read("customers.attempts", (reader) =>
    reader
      .selectFrom("operations")
      .select("id")
      .where("verb", "=", verb)
      .where("subject", "=", subject)
      .executeTakeFirst(),
  );
  return before && attempt;
}

async function writeCustomer(
  tx: BillingTx,
  input: { id: string; email: string | null; name: string | null; now: number },
): Promise<CustomerRow> {
  const { id, email, name, now } = input;
  await tx
    .insertInto("customers")
    .values({ id, email, name, stripe_id: null, revision: 0, created_at: now })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  const row = await tx.selectFrom("customers").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  const changed = { email: email ?? row.email, name: name ?? row.name };
  if (changed.email === row.email && changed.name === row.name) return row;
  const revision = row.revision + 1;
  await tx
    .updateTable("customers")
    .set({ ...changed, revision })
    .where("id", "=", id)
    .execute();
  return { ...row, ...changed, revision };
}

export async function readCustomer(core: BillingCore, id: string): Promise<CustomerRow> {
  const row = await core.sql.read("customers.get", (reader) =>
    reader.selectFrom("customers").selectAll().where("id", "=", id).executeTakeFirst(),
  );
  if (row) return row;
  throw problem("not_found", `No customer ${id}`, { hint: "Call customers.ensure first.", details: { id } });
}

function view(row: CustomerRow): Customer {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    stripeCustomerId: row.stripe_id,
    createdAt: new Date(row.created_at),
  };
}
