// The schema, in the order it came to be. A migration that has shipped is never edited; a change is a new one.
import type { Migration } from "#kit/sql/migrate.ts";
import { sql } from "kysely";
import type { BillingDatabase, BillingTx } from "./schema.ts";

/** Names for what differs between the two databases: bytes and 64-bit integers. */
function types(engine: "sqlite" | "postgres") {
  return engine === "sqlite" ? { bytes: "blob", int: "integer" } : { bytes: "bytea", int: "bigint" };
}

function kernelTables(engine: "sqlite" | "postgres"): string[] {
  const { bytes, int } = types(engine);
  return [
    "create table settings (key text primary key, value text not null)",
    `create table lanes (key text primary key, owner text, until ${int} not null, token ${int} not null)`,
    `create table operations (id text primary key, instance text not null, mode text not null, verb text not null,
      subject text not null, attempt ${int} not null, lane text not null, params_hash text not null,
      params text not null, actor text, state text not null, outcome text, cancel_requested ${int} not null,
      created_at ${int} not null, ended_at ${int}, unique (instance, mode, verb, subject, attempt))`,
    "create index operations_open on operations (lane) where state = 'open'",
    `create table calls (operation text not null references operations (id), step text not null, n ${int} not null,
      key text not null unique, method text not null, path text not null, body ${bytes} not null,
      api_version text not null, state text not null, first_sent_at ${int}, tries ${int} not null,
      next_at ${int} not null, http ${int}, stripe_id text, primary key (operation, step, n))`,
    "create index calls_open on calls (next_at) where state in ('ready', 'sent', 'unknown', 'finding')",
    `create table receipts (id text primary key, kind text not null, type text not null, lane text not null,
      object_kind text, object_id text, customer text, parent text, created ${int} not null, livemode ${int} not null,
      api_version text, account text, sha256 text not null, body ${bytes}, state text not null,
      attempts ${int} not null, repeats ${int} not null, next_at ${int} not null, error text,
      received_at ${int} not null, ended_at ${int})`,
    "create index receipts_open on receipts (next_at, lane) where state = 'open'",
    "create index receipts_lane on receipts (lane) where state = 'open'",
    "create index receipts_object on receipts (object_id)",
    "create index receipts_foreign on receipts (customer) where state = 'foreign'",
    "create index receipts_received on receipts (received_at, id)",
    `create table mirror (id text primary key, kind text not null, version ${int} not null,
      seen_created ${int} not null, look_begun ${int} not null, tombstone ${int} not null, customer text, parent text,
      row text not null, raw ${bytes} not null, updated_at ${int} not null)`,
    "create index mirror_parent on mirror (parent)",
    "create index mirror_customer on mirror (customer)",
    `create table facts (id text primary key, type text not null, subject text not null,
      transition text not null unique, data text not null, occurred_at ${int} not null)`,
    "create index facts_subject on facts (subject)",
    `create table handlers (id text not null, type text not null, since ${int} not null, primary key (id, type))`,
    `create table deliveries (fact text not null references facts (id), handler text not null, state text not null,
      attempts ${int} not null, next_at ${int} not null, until ${int} not null, error text, ended_at ${int},
      primary key (fact, handler))`,
    "create index deliveries_open on deliveries (next_at) where state = 'open'",
    `create table limits (name text primary key, second ${int} not null, used ${int} not null)`,
    `create table flags (id text primary key, kind text not null, subject text not null, detail text not null,
      created_at ${int} not null, resolved_at ${int}, unique (kind, subject))`,
  ];
}

function resourceTables(engine: "sqlite" | "postgres"): string[] {
  const { int } = types(engine);
  return [
    `create table customers (id text primary key, email text, name text, stripe_id text unique,
      revision ${int} not null, created_at ${int} not null)`,
    "create index customers_created on customers (created_at, id)",
    `create table orders (id text primary key, status text not null, currency text not null, total ${int} not null,
      lines text not null, customer text, capture text not null, metadata text not null, params_hash text not null,
      payment_intent text unique, amount_paid ${int} not null, amount_refunded ${int} not null, last_failure text,
      canceled_reason text, version ${int} not null, created_at ${int} not null, paid_at ${int})`,
    "create index orders_created on orders (created_at, id)",
    `create table refunds (id text primary key, foreign_made ${int} not null, order_id text, amount ${int} not null,
      currency text not null, status text not null, reason text, failure_reason text, stripe_id text unique,
      operation text, created_at ${int} not null)`,
    "create index refunds_order on refunds (order_id)",
    "create index refunds_created on refunds (created_at, id)",
  ];
}

/** @param newInstance draws the random id that tells this database from its clones and from other installations. */
export function migrations(input: {
  engine: "sqlite" | "postgres";
  newInstance: () => string;
}): readonly Migration<BillingDatabase>[] {
  return [
    {
      id: "0001_first_paid_order",
      async up(tx: BillingTx) {
        for (const statement of [...kernelTables(input.engine), ...resourceTables(input.engine)]) {
          await sql.raw(statement).execute(tx);
        }
        await tx.insertInto("settings").values({ key: "instance", value: input.newInstance() }).execute();
      },
    },
  ];
}
