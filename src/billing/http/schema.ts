// The tables of the HTTP room. Instants are integer milliseconds; what must stay secret is stored hashed or encrypted.
import type { DeliveryRow, FactRow, HandlerRow } from "../kernel/store/schema.ts";

export interface HttpTables {
  api_keys: ApiKeyRow;
  audit: AuditRow;
  rest_idempotency: RestIdempotencyRow;
  endpoints: EndpointRow;
  links: LinkRow;
  /** The kernel's: who wants which facts. An endpoint that is disabled wants none any more. */
  handlers: HandlerRow;
  facts: FactRow;
  deliveries: DeliveryRow;
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
  /** AES-256-GCM of the signing secret under BURSAR_SECRET. */
  secret_box: string;
  /** The secret before the last rotation; it signs too until `previous_until`. */
  previous_secret_box: string | null;
  previous_until: number | null;
  created_at: number;
  disabled_at: number | null;
  disabled_reason: string | null;
}

export interface LinkRow {
  /** SHA-256 of the 256 random bits in the URL or cookie. */
  hash: string;
  /** Names the page in its clean URL. Grants nothing. */
  page_id: string;
  purpose: "checkout" | "checkout_session";
  /** The order's id. */
  subject: string;
  return_url: string | null;
  created_at: number;
  expires_at: number;
}
