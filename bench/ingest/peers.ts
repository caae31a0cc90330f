// Sync engines from npm, if somebody has installed them (`npm install --prefix bench/peers`). Each gets what its own
// documentation asks for: its migrations, ten connections, its door for a webhook.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { TargetSettings } from "./settings.ts";

/** Takes a webhook's body and its signature; throws for what it rejects. */
export type Take = (body: Buffer, signature: string) => Promise<unknown>;

export interface Engine {
  readonly processWebhook: Take;
  close(): Promise<void>;
}

interface EngineModule {
  runMigrations(config: object): Promise<void>;
  StripeSync: new (config: object) => Engine;
}

const folder = path.join(import.meta.dirname, "../peers/node_modules");
const connections = 10; // as many as Bursar takes
// stripe-replit-sync 1.0.0 asks Stripe itself for its account when it is opened: it cannot be measured here.
const names = ["@supabase/stripe-sync-engine"];

export const installedPeers = (): readonly string[] => names.filter((name) => existsSync(path.join(folder, name)));

export async function openPeer({ name, database, secret }: TargetSettings): Promise<Engine> {
  const { StripeSync, runMigrations } = await load(name);
  await runMigrations({ databaseUrl: database, schema: "stripe" });
  const config = {
    poolConfig: { connectionString: database, max: connections },
    databaseUrl: database,
    schema: "stripe",
    stripeSecretKey: "sk_test_bench",
    stripeWebhookSecret: secret,
    stripeAccountId: "acct_bench",
    backfillRelatedEntities: false,
    autoExpandLists: false,
  };
  return new StripeSync(config);
}

async function load(name: string): Promise<EngineModule> {
  const entry = createRequire(path.join(folder, "peers.js")).resolve(name);
  return (await import(pathToFileURL(entry).href)) as EngineModule;
}
