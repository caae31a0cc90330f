// The kernel's tables, in the order they came to be, and how the migrations of all rooms become one list. A migration
// that has shipped is never edited; a change is a new one.
import type { ColumnTypes, Migration } from "#kit/sql/migrate.ts";

export const kernelMigrations: readonly Migration[] = [
  { name: "0001_kernel", statements: kernelTables },
  { name: "0003_receipt_bodies", statements: receiptBodies },
  { name: "0004_what_is_due", statements: whatIsDue },
  { name: "0005_steps", statements: steps },
  { name: "0006_timers", statements: timers },
  { name: "0010_promised", statements: promised },
  { name: "0011_renewed", statements: renewed },
  { name: "0012_filters", statements: filters },
  { name: "0013_many", statements: many },
  { name: "0014_waiting", statements: waiting },
];

/**
 * The migrations of all rooms, in the order of their names. Rooms may share one: each says its part under the same
 * name, and the parts stand in the order of the rooms.
 */
export function collectMigrations(rooms: readonly (readonly Migration[])[]): readonly Migration[] {
  const byName = Map.groupBy(rooms.flat(), ({ name }) => name);
  return [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, parts]) => ({ name, statements: (types) => parts.flatMap((part) => part.statements(types)) }));
}

function kernelTables({ text: t, bytes, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table settings (key ${t} primary key, value ${t} not null)`,
    `create table lanes (key ${t} primary key, owner ${t}, until ${i} not null, token ${i} not null)`,
    `create table operations (id ${t} primary key, instance ${t} not null, mode ${t} not null, verb ${t} not null,
      subject ${t} not null, attempt ${i} not null, lane ${t} not null, params_hash ${t} not null,
      params ${t} not null, actor ${t}, state ${t} not null, outcome ${t}, cancel_requested ${i} not null,
      created_at ${i} not null, ended_at ${i}, unique (instance, mode, verb, subject, attempt))`,
    "create index operations_open on operations (lane) where state = 'open'",
    `create table calls (operation ${t} not null references operations (id), step ${t} not null, n ${i} not null,
      key ${t} not null unique, method ${t} not null, path ${t} not null, body ${bytes} not null,
      api_version ${t} not null, state ${t} not null, first_sent_at ${i}, tries ${i} not null,
      next_at ${i} not null, http ${i}, touches ${t}, stripe_id ${t},
      primary key (operation, step, n))`,
    "create index calls_open on calls (next_at) where state in ('ready', 'sent', 'unknown', 'finding')",
    `create table receipts (id ${t} primary key, kind ${t} not null, type ${t} not null, lane ${t} not null,
      object_kind ${t}, object_id ${t}, customer ${t}, parent ${t}, created ${i} not null, livemode ${i} not null,
      api_version ${t}, account ${t}, sha256 ${t} not null, body ${bytes}, state ${t} not null,
      attempts ${i} not null, repeats ${i} not null, next_at ${i} not null, error ${t},
      received_at ${i} not null, ended_at ${i})`,
    "create index receipts_open on receipts (next_at, lane) where state = 'open'",
    "create index receipts_lane on receipts (lane) where state = 'open'",
    "create index receipts_object on receipts (object_id)",
    "create index receipts_foreign on receipts (customer) where state = 'foreign'",
    "create index receipts_received on receipts (received_at, id)",
    `create table mirror (id ${t} primary key, kind ${t} not null, version ${i} not null,
      seen_created ${i} not null, look_begun ${i} not null, tombstone ${i} not null, customer ${t}, parent ${t},
      row ${t} not null, raw ${bytes} not null, updated_at ${i} not null)`,
    "create index mirror_parent on mirror (parent)",
    "create index mirror_customer on mirror (customer)",
    `create table facts (id ${t} primary key, type ${t} not null, subject ${t} not null,
      transition ${t} not null unique, data ${t} not null, occurred_at ${i} not null)`,
    "create index facts_subject on facts (subject)",
    `create table handlers (id ${t} not null, type ${t} not null, since ${i} not null, primary key (id, type))`,
    `create table deliveries (fact ${t} not null references facts (id), handler ${t} not null, state ${t} not null,
      attempts ${i} not null, next_at ${i} not null, until ${i} not null, error ${t}, ended_at ${i},
      primary key (fact, handler))`,
    "create index deliveries_open on deliveries (next_at) where state = 'open'",
    `create table limits (name ${t} primary key, second ${i} not null, used ${i} not null)`,
    `create table flags (id ${t} primary key, kind ${t} not null, subject ${t} not null, detail ${t} not null,
      created_at ${i} not null, resolved_at ${i}, unique (kind, subject))`,
  ];
}

function receiptBodies(): readonly string[] {
  return ["create index receipts_bodies on receipts (received_at) where body is not null"];
}

/** What the loops ask for before they sleep, and the lists of an operator. */
function whatIsDue(): readonly string[] {
  return [
    "drop index receipts_bodies",
    "create index receipts_bodies on receipts (coalesce(ended_at, received_at), id) where body is not null",
    "create index deliveries_handler on deliveries (handler, next_at) where state = 'open'",
    "create index facts_occurred on facts (occurred_at, id)",
    "create index operations_created on operations (created_at, id)",
    "create index flags_created on flags (created_at, id)",
  ];
}

/** Operations of several steps. Those of before have one, whose call is their only one. */
function steps({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `alter table operations add column step ${t} not null default ''`,
    `alter table operations add column answers ${t} not null default '{}'`,
    `alter table operations add column turn ${i} not null default 0`,
    "update operations set step = (select max(calls.step) from calls where calls.operation = operations.id)",
  ];
}

function timers({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table timers (kind ${t} not null, subject ${t} not null, due_at ${i} not null, state ${t} not null,
      attempts ${i} not null, next_at ${i} not null, error ${t}, primary key (kind, subject))`,
    "create index timers_open on timers (next_at) where state = 'open'",
  ];
}

/**
 * What lists are narrowed by. The states in which most rows end are left out: whoever lists those finds them from the
 * newest on. `or` and not `in`: SQLite sees only so that a state is among them.
 */
function filters({ integer: i }: ColumnTypes): readonly string[] {
  return [
    `create index receipts_state on receipts (state, received_at, id) where state = 'foreign'
      or state = 'other_mode' or state = 'other_account' or state = 'quarantined' or state = 'dead'`,
    "create index receipts_type on receipts (type, received_at, id)",
    `create index operations_state on operations (instance, mode, state, created_at, id) where state = 'refused'
      or state = 'failed' or state = 'canceled' or state = 'parked' or state = 'expired'`,
    "create index operations_verb on operations (instance, mode, verb, created_at, id)",
    "create index operations_subject on operations (instance, mode, subject, created_at, id)",
    "create index flags_open on flags (created_at, id) where resolved_at is null",
    "create index flags_kind on flags (kind, created_at, id)",
    "create index flags_subject on flags (subject, created_at, id)",
    "create index facts_type on facts (type, occurred_at, id)",
    `alter table deliveries add column occurred_at ${i} not null default 0`,
    "update deliveries set occurred_at = (select facts.occurred_at from facts where facts.id = deliveries.fact)",
    "create index deliveries_listed on deliveries (handler, occurred_at, fact)",
    "create index deliveries_dead on deliveries (occurred_at, fact, handler) where state = 'dead'",
  ];
}

function renewed({ integer: i }: ColumnTypes): readonly string[] {
  return [`alter table receipts add column renewed ${i} not null default 0`];
}

/**
 * For what is written by the thousand. PostgreSQL compresses Stripe's JSON at a third of the default's price, where the
 * server knows how (14 on, built with lz4 as packages are), and sweeps up by numbers that a large table cannot stretch.
 */
function many({ engine }: ColumnTypes): readonly string[] {
  const indices = ["create index receipts_foreign_parent on receipts (parent) where state = 'foreign'"];
  if (engine === "sqlite") return indices;
  const sweptAfter = { lanes: 1_000, limits: 1_000, timers: 1_000 };
  const sweptAtShare = ["receipts", "mirror", "operations", "calls", "facts", "deliveries"];
  return [
    ...indices,
    ...["receipts alter column body", "mirror alter column raw", "calls alter column body"].map(
      (column) => `do $$ begin execute 'alter table ${column} set compression lz4';
        exception when feature_not_supported or syntax_error then null; end $$`,
    ),
    ...Object.entries(sweptAfter).map(
      ([table, rows]) =>
        `alter table ${table} set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = ${rows})`,
    ),
    ...sweptAtShare.map(
      (table) =>
        `alter table ${table} set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)`,
    ),
    "alter table deliveries set (fillfactor = 80)", // a lease is an update of no index
  ];
}

/** For lists of what is open: where little is, it was found at the end of all that ever was. */
function waiting(): readonly string[] {
  return [
    "create index receipts_waiting on receipts (received_at, id) where state = 'open'",
    "create index operations_waiting on operations (instance, mode, created_at, id) where state = 'open'",
  ];
}

function promised({ integer: i }: ColumnTypes): readonly string[] {
  return [`alter table operations add column promised ${i} not null default 0`];
}
