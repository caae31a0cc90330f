// The migrations as the first version applied them, word for word: every database in the field begins with these.
// Never edited, and none is added.
import type { ColumnTypes, Migration } from "#kit/sql/migrate.ts";

export const firstMigrations: readonly Migration[] = [
  { name: "0001_kernel", statements: kernelTables },
  { name: "0002_customers_orders_refunds", statements: resourceTables },
  { name: "0003_receipt_bodies", statements: receiptBodies },
  { name: "0004_what_is_due", statements: whatIsDue },
  { name: "http_0001_keys_audit_links", statements: firstTables },
  { name: "http_0002_endpoint_secrets", statements: endpointSecrets },
];

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

function resourceTables({ text: t, integer: i }: ColumnTypes): readonly string[] {
  return [
    `create table customers (id ${t} primary key, email ${t}, name ${t}, stripe_id ${t} unique,
      revision ${i} not null, created_at ${i} not null)`,
    "create index customers_created on customers (created_at, id)",
    `create table orders (id ${t} primary key, status ${t} not null, currency ${t} not null, total ${i} not null,
      lines ${t} not null, customer ${t}, capture ${t} not null, metadata ${t} not null, params_hash ${t} not null,
      payment_intent ${t} unique, amount_paid ${i} not null, amount_refunded ${i} not null, last_failure ${t},
      canceled_reason ${t}, cancel_requested ${i} not null, version ${i} not null,
      created_at ${i} not null, paid_at ${i})`,
    "create index orders_created on orders (created_at, id)",
    `create table refunds (id ${t} primary key, foreign_made ${i} not null, order_id ${t}, amount ${i} not null,
      currency ${t} not null, status ${t} not null, reason ${t}, failure_reason ${t}, stripe_id ${t} unique,
      operation ${t}, created_at ${i} not null)`,
    "create index refunds_order on refunds (order_id)",
    "create index refunds_created on refunds (created_at, id)",
  ];
}

function receiptBodies(): readonly string[] {
  return ["create index receipts_bodies on receipts (received_at) where body is not null"];
}

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

function firstTables({ text, integer: int }: ColumnTypes): readonly string[] {
  return [
    `create table api_keys (
        id ${text} primary key,
        hash ${text} not null unique,
        name ${text} not null,
        mode ${text} not null,
        scopes ${text} not null,
        created_at ${int} not null,
        last_used_at ${int},
        revoked_at ${int}
      )`,
    `create table audit (
        id ${text} primary key,
        at ${int} not null,
        actor ${text} not null,
        verb ${text} not null,
        subject ${text} not null,
        operation ${text},
        request_id ${text} not null,
        before_json ${text},
        after_json ${text},
        outcome ${text} not null
      )`,
    "create index audit_at on audit (at, id)",
    "create index audit_subject on audit (subject, at)",
    `create table rest_idempotency (
        actor ${text} not null,
        key ${text} not null,
        fingerprint ${text} not null,
        created_at ${int} not null,
        primary key (actor, key)
      )`,
    "create index rest_idempotency_created on rest_idempotency (created_at)",
    `create table endpoints (
        id ${text} primary key,
        url ${text} not null,
        fact_types ${text} not null,
        description ${text} not null,
        secret_box ${text} not null,
        created_at ${int} not null,
        disabled_at ${int},
        disabled_reason ${text}
      )`,
    `create table links (
        hash ${text} primary key,
        page_id ${text} not null,
        purpose ${text} not null,
        subject ${text} not null,
        return_url ${text},
        created_at ${int} not null,
        expires_at ${int} not null
      )`,
    "create index links_expires on links (expires_at)",
  ];
}

function endpointSecrets({ text, integer: int }: ColumnTypes): readonly string[] {
  return [
    `alter table endpoints add column previous_secret_box ${text}`,
    `alter table endpoints add column previous_until ${int}`,
  ];
}
