// The tables of schema.ts. A migration that has shipped is never edited; a change is a new one.
import type { ColumnTypes, Migration } from "#kit/sql/migrate.ts";

export const httpMigrations: readonly Migration[] = [
  { name: "http_0001_keys_audit_links", statements: firstTables },
  { name: "http_0002_endpoint_secrets", statements: endpointSecrets },
];

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

/** The secret before the last rotation, for as long as it signs beside the new one. */
function endpointSecrets({ text, integer: int }: ColumnTypes): readonly string[] {
  return [
    `alter table endpoints add column previous_secret_box ${text}`,
    `alter table endpoints add column previous_until ${int}`,
  ];
}
