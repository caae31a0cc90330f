// What a human should look at, and that somebody has.
import { problem } from "#kit/problems.ts";
import { type Billing, type Flag, flagStates } from "../../api/index.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { BillingReader, FlagRow } from "../../kernel/store/tables.ts";
import { checkFields, checkFilter, checkKey, checkOneOf, type Fields, pageFields } from "../input.ts";
import { having, readPage } from "../pages.ts";

type Filter = NonNullable<Parameters<Billing["flags"]["list"]>[0]>;

const listFields: Fields<Filter> = { ...pageFields, state: true, kind: true, subject: true };

export function createFlags(core: BillingCore): Billing["flags"] {
  const { sql, ports } = core;
  const get = async (given: string): Promise<Flag> => {
    const id = checkKey("id", given);
    const row = await sql.read("flags.get", (reader) =>
      reader.selectFrom("flags").selectAll().where("id", "=", id).executeTakeFirst(),
    );
    if (row) return view(row);
    throw problem("not_found", `No flag ${id}`, { hint: "See `flags.list()`.", details: { id } });
  };
  return {
    get,
    async list(given = {}) {
      const options = checkFields("options", given, listFields);
      const state = checkOneOf("state", options.state, flagStates);
      const kind = checkFilter("kind", options.kind);
      const subject = checkFilter("subject", options.subject);
      const from = (reader: BillingReader) => {
        const all = having(reader.selectFrom("flags").selectAll(), { kind, subject });
        return state === undefined ? all : all.where("resolved_at", state === "open" ? "is" : "is not", null);
      };
      return readPage(core, options, { label: "flags.list", at: "created_at", from, view });
    },
    async resolve(given) {
      const id = checkKey("id", given);
      await core.ready();
      await sql.write("flags.resolve", async (tx) => {
        const seen = { resolved_at: ports.clock.now() };
        await tx.updateTable("flags").set(seen).where("id", "=", id).where("resolved_at", "is", null).execute();
      });
      return get(id);
    },
  };
}

function view(row: FlagRow): Flag {
  const { id, kind, subject, detail } = row;
  const resolvedAt = row.resolved_at === null ? null : new Date(row.resolved_at);
  return { id, kind, subject, detail, createdAt: new Date(row.created_at), resolvedAt };
}
