// The tables of the HTTP room. Instants are integer milliseconds; what must stay secret is stored hashed or encrypted.
import type { ColumnTypes } from "#kit/sql/migrate.ts";
import { kept, type RoomTables, workingCopy } from "../kernel/store/room_tables.ts";

declare module "../kernel/store/tables.ts" {
  interface BillingTables {
    api_keys: ApiKeyRow;
    audit: AuditRow;
    rest_idempotency: RestIdempotencyRow;
    endpoints: EndpointRow;
    links: LinkRow;
  }
}

export interface ApiKeyRow {
  id: string;
  /** SHA-256 of the whole key, hex. The key itself is shown once and kept nowhere. */
  hash: string;
  name: string;
  mode: "test" | "live";
  /** Space-separated: read write refund admin. */
  scopes: string;
  created_at: number;
  last_used_at: number | null;
  revoked_at: number | null;
}

export interface AuditRow {
  id: string;
  at: number;
  /** The API key's id, or "checkout" for a payer's own page. */
  actor: string;
  /** `orders.create`: the noun and verb of the TypeScript API. */
  verb: string;
  subject: string;
  operation: string | null;
  request_id: string;
  /** JSON texts of what the caller could see before and after; no personal data, no secrets. */
  before_json: string | null;
  after_json: string | null;
  outcome: string;
}

export interface RestIdempotencyRow {
  actor: string;
  key: string;
  /** SHA-256 of method, path and body. */
  fingerprint: string;
  created_at: number;
}

export interface EndpointRow {
  id: string;
  url: string;
  /** JSON array of fact types, or `["*"]`. */
  fact_types: string;
  description: string;
  /** AES-256-GCM of the signing secret under the option `secret`. */
  secret_box: string;
  /** The secret before the last rotation; it signs too until `previous_until`. */
  previous_secret_box: string | null;
  previous_until: number | null;
  created_at: number;
  disabled_at: number | null;
  disabled_reason: string | null;
}

/** What a hosted page is for. */
export const pagePurposes = ["checkout", "setup", "invoice"] as const;
export type PagePurpose = (typeof pagePurposes)[number];

export interface LinkRow {
  /** SHA-256 of the 256 random bits in the URL or cookie. */
  hash: string;
  /** Names the page in its clean URL. Grants nothing. */
  page_id: string;
  purpose: PagePurpose | `${PagePurpose}_session`;
  /** The order's id, the setup's, or the invoice's. */
  subject: string;
  return_url: string | null;
  /** 1: the page may show what its order's customer has saved. */
  saved_methods: number;
  created_at: number;
  expires_at: number;
}

const trail = "The trail of commands shows who did what.";

export const httpTables: RoomTables = {
  migrations: [
    { name: "http_0001_keys_audit_links", statements: firstTables },
    { name: "http_0002_endpoint_secrets", statements: endpointSecrets },
    { name: "http_0003_filters", statements: filters },
    { name: "http_0004_saved_methods", statements: savedMethods },
  ],
  columns: {
    api_keys: {
      id: "plain",
      hash: "plain",
      name: "plain",
      mode: "plain",
      scopes: "plain",
      created_at: "plain",
      last_used_at: "plain",
      revoked_at: "plain",
    },
    audit: {
      id: "plain",
      at: "plain",
      actor: "plain",
      verb: "plain",
      subject: kept("The id of you, your order or your refund", trail),
      operation: "plain",
      request_id: "plain",
      before_json: kept("States and amounts before the command", trail),
      after_json: kept("States and amounts after it", trail),
      outcome: "plain",
    },
    rest_idempotency: { actor: "plain", key: "plain", fingerprint: "plain", created_at: "plain" },
    endpoints: {
      id: "plain",
      url: "plain",
      fact_types: "plain",
      description: "plain",
      secret_box: "plain",
      previous_secret_box: "plain",
      previous_until: "plain",
      created_at: "plain",
      disabled_at: "plain",
      disabled_reason: "plain",
    },
    links: {
      hash: "plain",
      page_id: "plain",
      purpose: "plain",
      subject: workingCopy("The order's id, or the invoice's"),
      return_url: workingCopy("The shop's page that you came from"),
      saved_methods: "plain",
      created_at: "plain",
      expires_at: "plain",
    },
  },
};

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

function filters(): readonly string[] {
  return [
    "create index audit_verb on audit (verb, at, id)",
    "create index audit_actor on audit (actor, at, id)",
    "create index audit_request on audit (request_id)",
  ];
}

function savedMethods({ integer: int }: ColumnTypes): readonly string[] {
  return [`alter table links add column saved_methods ${int} not null default 0`];
}
