// Writes down what customers may use, in the transaction that saw something happen, or in which time has come: whoever
// reckons a customer holds the customer's row, reads after that, and so has seen what everybody before has written.
// What is another answer than was told is told, once: the row counts. Keeps "access == policy(mirror, now)", which is
// invariant 6.
import type { Instant } from "#kit/clock.ts";
import { type Columns, isAmong } from "#kit/sql/many.ts";
import type { Timer } from "../../kernel/contract/manifest.ts";
import type { News, Reacting } from "../../kernel/contract/reacting.ts";
import { insertion, insertRows } from "../../kernel/store/many.ts";
import type { BillingTx } from "../../kernel/store/tables.ts";
import { readClocks } from "../test_clocks/index.ts";
import { type GatheredCustomer, gather } from "./gather.ts";
import { type AccessAnswer, nothing } from "./policy.ts";
import type { AccessCustomerRow, AccessRow } from "./tables.ts";
import { isSame, type Span, timelineOf, transitions } from "./timeline.ts";

export interface Reckoning {
  /** A timer has come: it is filed anew, even for the same instant. */
  readonly isTimer?: boolean;
  /** All that a test clock has brought about has been seen: its customers live at its instant from now on. */
  readonly isQuiet?: boolean;
}

/** By their ids; answers what is told. */
export async function reckon(
  reacting: Reacting,
  customers: readonly string[],
  how: Reckoning = {},
): Promise<readonly News[]> {
  const ids = [...new Set(customers)].sort();
  if (ids.length === 0) return [];
  const { tx } = reacting;
  const heads = await hold(tx, ids);
  const rows = await tx
    .selectFrom("access")
    .selectAll()
    .where(isAmong(tx, "customer", ids))
    .execute();
  const frozen = [...heads.values()].flatMap(({ frozen_at }) => frozen_at ?? []);
  const { version, customers: gathered } = await gather(tx, ids, Math.min(reacting.now, ...frozen));
  const clocks = await readClocks(
    tx,
    [...gathered.values()].map(({ testClock }) => testClock),
  );
  const byCustomer = Map.groupBy(rows, ({ customer }) => customer);
  const told: News[] = [];
  for (const [customer, one] of gathered) {
    const head = heads.get(customer) as AccessCustomerRow; // it is held
    const clockAt = one.testClock === null ? undefined : clocks.get(one.testClock);
    const frozenAt = how.isQuiet ? clockAt : (head.frozen_at ?? clockAt);
    // A clock that nobody has looked at yet tells when somebody has.
    const now = one.testClock === null ? reacting.now : frozenAt;
    const before = byCustomer.get(customer) ?? [];
    const after = now === undefined ? { ...head, version } : { ...head, version, frozen_at: frozenAt ?? null };
    told.push(...(await writeCustomer(reacting, { head: after, before, one, now, how })));
  }
  return told;
}

interface Writing {
  readonly head: AccessCustomerRow;
  readonly before: readonly AccessRow[];
  readonly one: GatheredCustomer;
  readonly now: Instant | undefined;
  readonly how: Reckoning;
}

async function writeCustomer(reacting: Reacting, writing: Writing): Promise<readonly News[]> {
  const { head, before, one, now, how } = writing;
  const { tx } = reacting;
  if (now === undefined) {
    await writeHead(tx, head);
    return [];
  }
  const spans = timelineOf(one.input, now);
  const features = [...new Set([...before.map(({ feature }) => feature), ...spans.keys()])].sort();
  const stored = new Map(before.map((row) => [row.feature, row]));
  const news: News[] = [];
  const rows: AccessRow[] = [];
  const gone: string[] = [];
  for (const feature of features) {
    const none = nothing(one.input.features[feature] ?? "boolean");
    const after = spans.get(feature) ?? [{ ...none, from: now }];
    const known = stored.get(feature);
    const earlier = known ? (JSON.parse(known.spans) as Span[]) : [{ ...none, from: now }];
    const passed = transitions(earlier, { answer: after[0] ?? none, now });
    for (const one of reacting.isHistory ? [] : passed) {
      news.push(factOf({ customer: head.customer, feature, nth: head.told + news.length + 1 }, one));
    }
    const [first, ...others] = after;
    const since = passed.length === 0 ? (earlier[0]?.from ?? now) : now;
    if (!first || (others.length === 0 && isSame(first, none))) gone.push(feature);
    else rows.push(rowOf(head, feature, [{ ...first, from: since }, ...others]));
  }
  await writeRows(tx, { customer: head.customer, rows, before, gone });
  const nextAt = one.testClock === null ? nextOf(rows) : null;
  if (nextAt !== head.next_at || how.isTimer) await fileNext(reacting, head.customer, nextAt);
  await writeHead(tx, { ...head, told: head.told + news.length, next_at: nextAt });
  return news;
}

function rowOf(
  { customer, version, frozen_at }: AccessCustomerRow,
  feature: string,
  spans: readonly Span[],
): AccessRow {
  return { customer, feature, spans: JSON.stringify(spans), version, frozen_at };
}

function nextOf(rows: readonly AccessRow[]): Instant | null {
  const turns = rows.flatMap(({ spans }) => (JSON.parse(spans) as Span[])[1]?.from ?? []);
  return turns.length === 0 ? null : Math.min(...turns);
}

function factOf(
  of: { readonly customer: string; readonly feature: string; readonly nth: number },
  { previous, answer }: { readonly previous: AccessAnswer; readonly answer: AccessAnswer },
): News {
  const isOther = previous.allowed !== answer.allowed;
  const type = isOther ? (answer.allowed ? "access.granted" : "access.revoked") : "access.changed";
  return {
    type,
    subject: of.customer,
    transition: `${of.customer}@${of.nth}`,
    data: { customerId: of.customer, feature: of.feature, ...said(answer), previous: said(previous) },
  };
}

function said({ allowed, reason, limit, until }: AccessAnswer) {
  return { allowed, reason, limit, until: until === null ? null : new Date(until).toISOString() };
}

async function fileNext(reacting: Reacting, subject: string, dueAt: Instant | null): Promise<void> {
  if (dueAt === null) await reacting.withdrawTimers([{ kind: nextChange.kind, subject }]);
  else await reacting.fileTimers([{ kind: nextChange.kind, subject, dueAt }]);
}

/** An answer of the customer's is another one from here on although nothing has happened. */
export const nextChange: Timer = {
  kind: "access.next_change",
  work: (reacting, { subject }) => reckon(reacting, [subject], { isTimer: true }),
};

/** Makes the rows that are not there, and holds them all: in the order of their ids. */
async function hold(tx: BillingTx, ids: readonly string[]): Promise<ReadonlyMap<string, AccessCustomerRow>> {
  await insertRows(
    tx,
    heads,
    ids.map((customer) => ({ customer, told: 0, version: "", next_at: null, frozen_at: null })),
  );
  const held = await tx
    .selectFrom("access_customers")
    .selectAll()
    .where(isAmong(tx, "customer", ids))
    .execute();
  return new Map(held.map((row) => [row.customer, row]));
}

const headColumns = {
  customer: "text",
  told: "integer",
  version: "text",
  next_at: "integer",
  frozen_at: "integer",
} as const satisfies Columns<AccessCustomerRow>;

/** A write, so that another process waits for us or we for it. */
const heads = insertion("access_customers", {
  columns: headColumns,
  key: "customer",
  resolved: (inserting) =>
    inserting.onConflict((conflict) =>
      conflict.column("customer").doUpdateSet((eb) => ({ told: eb.ref("access_customers.told") })),
    ),
});

async function writeHead(tx: BillingTx, { customer, ...head }: AccessCustomerRow): Promise<void> {
  await tx.updateTable("access_customers").set(head).where("customer", "=", customer).execute();
}

interface Rows {
  readonly customer: string;
  readonly rows: readonly AccessRow[];
  readonly before: readonly AccessRow[];
  readonly gone: readonly string[];
}

/** Only what is another one. */
async function writeRows(tx: BillingTx, { customer, rows, before, gone }: Rows): Promise<void> {
  const known = new Set(before.map((row) => JSON.stringify(row)));
  const changed = rows.filter((row) => !known.has(JSON.stringify(row)));
  if (changed.length > 0) await insertRows(tx, accessRows, changed);
  const left = gone.filter((feature) => before.some((row) => row.feature === feature));
  if (left.length === 0) return;
  await tx.deleteFrom("access").where("customer", "=", customer).where("feature", "in", left).execute();
}

const accessColumns = {
  customer: "text",
  feature: "text",
  spans: "text",
  version: "text",
  frozen_at: "integer",
} as const satisfies Columns<AccessRow>;

const accessRows = insertion("access", {
  columns: accessColumns,
  key: "feature",
  resolved: (inserting) =>
    inserting.onConflict((conflict) =>
      conflict.columns(["customer", "feature"]).doUpdateSet((eb) => ({
        spans: eb.ref("excluded.spans"),
        version: eb.ref("excluded.version"),
        frozen_at: eb.ref("excluded.frozen_at"),
      })),
    ),
});
