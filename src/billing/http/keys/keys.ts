// API keys: `bk_test_` or `bk_live_` and 256 bits. Only the SHA-256 is stored: 256 random bits need no slow hash, and a
// stolen database opens nothing. A key of the other mode is as wrong as a misspelt one.
import { createHash } from "node:crypto";
import type { Instant } from "#kit/clock.ts";
import type { Ports } from "#kit/ports.ts";
import { problem } from "#kit/problems.ts";
import type { BillingSql } from "../../kernel/store/tables.ts";
import { listedMax, oldestFirst, refuseBeyondCap } from "../caps.ts";
import type { ApiKeyRow } from "../tables.ts";

export const scopes = ["read", "write", "refund", "admin"] as const;
export type Scope = (typeof scopes)[number];

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly mode: "test" | "live";
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Who calls: a stored key, or the bootstrap key of the configuration. */
export interface Caller {
  readonly id: string;
  readonly scopes: readonly Scope[];
}

/** Writing the instant of every single use would make each read a write; a minute is exact enough to find idle keys. */
const lastUseStepMs = 60_000;

export interface KeyStore {
  /** The key itself is in this answer and nowhere else, ever again. */
  create(input: { name: string; scopes: readonly Scope[] }): Promise<ApiKey & { key: string }>;
  list(): Promise<readonly ApiKey[]>;
  /** Undefined when there is no such key. Revoking twice is once. */
  revoke(id: string): Promise<ApiKey | undefined>;
  /** Undefined for a wrong, revoked or foreign-mode key. */
  authenticate(key: string): Promise<Caller | undefined>;
}

export function createKeyStore(options: {
  sql: BillingSql;
  ports: Ports;
  mode: "test" | "live";
  bootstrapKey?: string;
  /** Stripe's time, or undefined while it is not known: then a use goes unnoted, and the key opens all the same. */
  knownTime(): Instant | undefined;
}): KeyStore {
  const { sql, ports, mode } = options;
  const { bootstrapKey } = options;
  if (bootstrapKey !== undefined) refuseWeakKey(bootstrapKey, mode);
  const bootstrapHash = bootstrapKey === undefined ? undefined : hashOf(bootstrapKey);
  return {
    async create(input) {
      const key = `bk_${mode}_${ports.ids.text(secretTextLength)}`;
      const row: ApiKeyRow = {
        id: ports.ids.next("key"),
        hash: hashOf(key),
        name: input.name,
        mode,
        scopes: scopes.filter((scope) => input.scopes.includes(scope)).join(" "),
        created_at: ports.clock.now(),
        last_used_at: null,
        revoked_at: null,
      };
      await sql.write("keys.create", async (tx) => {
        await refuseBeyondCap(tx, "api_keys");
        await tx.insertInto("api_keys").values(row).execute();
      });
      return { ...keyOf(row), key };
    },
    list: () => listKeys(sql),
    async revoke(id) {
      const now = ports.clock.now();
      await sql.write("keys.revoke", async (tx) => {
        await tx
          .updateTable("api_keys")
          .set({ revoked_at: now })
          .where("id", "=", id)
          .where("revoked_at", "is", null)
          .execute();
      });
      const row = await sql.read("keys.get", (reader) =>
        reader.selectFrom("api_keys").selectAll().where("id", "=", id).executeTakeFirst(),
      );
      return row && keyOf(row);
    },
    async authenticate(key) {
      if (!key.startsWith(`bk_${mode}_`)) return undefined;
      const hash = hashOf(key);
      if (hash === bootstrapHash) return { id: "bootstrap", scopes };
      const row = await sql.read("keys.authenticate", (reader) =>
        reader.selectFrom("api_keys").selectAll().where("hash", "=", hash).executeTakeFirst(),
      );
      if (!row || row.revoked_at !== null) return undefined;
      const now = options.knownTime();
      if (now !== undefined && (row.last_used_at === null || row.last_used_at <= now - lastUseStepMs)) {
        await sql.write("keys.used", async (tx) => {
          await tx.updateTable("api_keys").set({ last_used_at: now }).where("id", "=", row.id).execute();
        });
      }
      return { id: row.id, scopes: scopesOf(row) };
    },
  };
}

async function listKeys(sql: BillingSql): Promise<readonly ApiKey[]> {
  const rows = await sql.read("keys.list", (reader) =>
    reader
      .selectFrom("api_keys")
      .selectAll()
      .orderBy((eb) => eb("revoked_at", "is not", null))
      .orderBy("revoked_at", "desc")
      .limit(listedMax)
      .execute(),
  );
  return oldestFirst(rows).map(keyOf);
}

/** 43 letters and digits are 256 bits, and a double click selects them all. */
export const secretTextLength = 43;

function refuseWeakKey(key: string, mode: "test" | "live"): void {
  if (new RegExp(`^bk_${mode}_[0-9A-Za-z_-]{${secretTextLength},}$`).test(key)) return;
  throw problem("invalid_config", "The bootstrap key is too weak or of the other mode", {
    hint: `Give bk_${mode}_ and at least ${secretTextLength} random letters and digits`,
  });
}

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function scopesOf(row: ApiKeyRow): readonly Scope[] {
  const held = row.scopes.split(" ");
  return scopes.filter((scope) => held.includes(scope));
}

function keyOf(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    mode: row.mode,
    scopes: scopesOf(row),
    createdAt: new Date(row.created_at),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
    revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at),
  };
}
