// The first stages: who is at Stripe, and who of the host's users that is said to be. Nobody is placed before all are
// read: an id may be said of two.
import { secondMs } from "#kit/clock.ts";
import type { ImportReason } from "../../api/index.ts";
import type { Remote } from "../../kernel/contract/reacting.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import type { Page } from "../../kernel/stripe/gateway.ts";
import type { SaidId } from "./ids.ts";
import type { Gathered, Importing, Stage } from "./stage.ts";
import type { ImportCustomerRow } from "./tables.ts";

const path = "/v1/customers?limit=100&expand[]=data.tax_ids";
const clocksPath = "/v1/test_helpers/test_clocks?limit=10";
/** Of those a file names and no list has shown: each is a request. */
const namedAtOnce = 10;
/** Customers that were made while the list was read stand before where it was begun. */
const overlapMs = 60 * secondMs;

export const customersStage: Stage = {
  name: "customers",
  next: async (importing, cursor) => ofPage(importing, await readPage(importing, path, cursor)),
};

/** Those that have come since: the list is read from its newest on, and they stand before it. */
export const lateCustomersStage: Stage = {
  name: "customers who came meanwhile",
  async next(importing, cursor) {
    const since = Math.floor((importing.begunAt - overlapMs) / secondMs);
    return ofPage(importing, await readPage(importing, `${path}&created[gte]=${since}`, cursor));
  },
};

/**
 * Lists leave out what hangs on a test clock unless it is named; clocks hold a few customers each.
 * https://docs.stripe.com/api/customers/list#list_customers-test_clock
 */
export const clockCustomersStage: Stage = {
  name: "customers on test clocks",
  async next(importing, cursor) {
    const clocks = await readPage(importing, clocksPath, cursor);
    const pages: Page[] = [];
    for (const { id } of clocks.items) {
      let after: string | null = null;
      do {
        const page: Page = await readPage(importing, `${path}&test_clock=${id}`, after);
        pages.push(page);
        after = page.next;
      } while (after !== null);
    }
    const rows = (await Promise.all(pages.map((page) => rowsOf(importing, page)))).flat();
    return (tx) => writeRead(tx, rows, clocks.next);
  },
};

/** Whom a file names and nobody has seen yet: gone, of another account, or only just made. */
export const namedCustomersStage: Stage = {
  name: "customers that only the file names",
  async next(importing, cursor) {
    const { core, ids } = importing;
    const named = after(ids.named, cursor).slice(0, namedAtOnce * 10);
    const known = await core.sql.read("import.named", (reader) =>
      reader
        .selectFrom("import_customers")
        .select("stripe_id")
        .where("stripe_id", "in", [...named, ""])
        .execute(),
    );
    const isKnown = new Set(known.map(({ stripe_id }) => stripe_id));
    const unseen = named.filter((id) => !isKnown.has(id)).slice(0, namedAtOnce);
    const rows: ImportCustomerRow[] = [];
    for (const id of unseen) rows.push(await lookedAt(importing, id));
    const last = unseen.length === namedAtOnce ? unseen.at(-1) : named.at(-1);
    return (tx) => writeRead(tx, rows, last ?? null);
  },
};

/** Both are sorted. */
function after(named: readonly string[], cursor: string | null): readonly string[] {
  if (cursor === null) return named;
  const at = named.findIndex((id) => id > cursor);
  return at < 0 ? [] : named.slice(at);
}

export function readPage({ core }: Importing, listPath: string, cursor: string | null): Promise<Page> {
  return core.kernel.gateway.page(listPath, { priority: "look" }, cursor ?? undefined);
}

async function ofPage(importing: Importing, page: Page): Promise<Gathered> {
  const rows = await rowsOf(importing, page);
  return (tx) => writeRead(tx, rows, page.next);
}

async function rowsOf(importing: Importing, { items, begunAt }: Page): Promise<ImportCustomerRow[]> {
  const rows: ImportCustomerRow[] = [];
  for (const remote of items) {
    const whole = await withAllTaxIds(importing, remote);
    rows.push(rowOf(whole, begunAt - secondMs, await importing.ids.claim(whole)));
  }
  return rows;
}

/** A list inside an object shows ten; few customers have more than one. */
async function withAllTaxIds({ core }: Importing, remote: Remote): Promise<Remote> {
  if (!shownTaxIds(remote)?.has_more) return remote;
  const all = core.kernel.gateway.list(`/v1/customers/${remote.id}/tax_ids?limit=100`, { priority: "look" });
  return { ...remote, tax_ids: { data: await Array.fromAsync(all), has_more: false } };
}

export function taxIdsOf(remote: Remote): readonly Remote[] {
  return shownTaxIds(remote)?.data ?? [];
}

function shownTaxIds({ tax_ids }: Remote) {
  return tax_ids as { readonly data: readonly Remote[]; readonly has_more: boolean } | null | undefined;
}

function rowOf(remote: Remote, lookBegun: number, { id, reason, detail }: SaidId): ImportCustomerRow {
  return {
    stripe_id: remote.id,
    host_id: id,
    test_clock: (remote.test_clock as string | null | undefined) ?? null,
    remote: isAbsent(reason) ? null : new Uint8Array(Buffer.from(JSON.stringify(remote), "utf8")),
    look_begun: lookBegun,
    state: isAbsent(reason) ? "left" : "read",
    reason,
    detail,
  };
}

/** Only a file speaks of it. */
export function isAbsent(reason: ImportReason | null): boolean {
  return reason === "deleted" || reason === "unknown";
}

async function lookedAt(importing: Importing, id: string): Promise<ImportCustomerRow> {
  const { core, ids } = importing;
  const { remote, begunAt } = await core.kernel.gateway.read(`/v1/customers/${id}?expand[]=tax_ids`, {
    priority: "look",
  });
  const lookBegun = begunAt - secondMs;
  if (remote !== null && remote.deleted !== true) {
    const whole = await withAllTaxIds(importing, remote);
    return rowOf(whole, lookBegun, await ids.claim(whole));
  }
  const said = await ids.claim({ id, object: "customer" });
  const gone: SaidId =
    remote === null
      ? { id: said.id, reason: "unknown", detail: "This account, in this mode, does not have it" }
      : { id: said.id, reason: "deleted", detail: "It was deleted at Stripe" };
  return rowOf({ id, object: "customer" }, lookBegun, gone);
}

async function writeRead(tx: BillingTx, rows: readonly ImportCustomerRow[], cursor: string | null) {
  if (rows.length > 0) {
    await tx
      .insertInto("import_customers")
      .values([...rows])
      .onConflict((conflict) => conflict.column("stripe_id").doNothing())
      .execute();
  }
  return { cursor, done: rows.length };
}
