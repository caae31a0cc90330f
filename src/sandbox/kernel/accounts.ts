// Who is asking. Any `sk_test_…` key is an account of its own, made on first use, so tests run in parallel without
// sharing anything. A publishable key finds its account by the object in the request's client secret, else by a pair
// that was named, else by the equal suffix. Live keys are refused: nothing here may be mistaken for Stripe itself.
import type { Ids } from "#kit/ids.ts";
import { beforeWork, noSuch, refusal, type StripeError } from "./errors.ts";
import type { KeptAnswer } from "./idempotency.ts";
import type { Collection } from "./store.ts";
import { newestVersion } from "./versions/families.ts";

export interface Account {
  readonly id: string;
  readonly key: string;
  readonly collections: Map<string, Collection>;
  readonly idempotency: Map<string, KeptAnswer>;
  /** The version of calls and endpoints that name none. */
  readonly defaultVersion: string;
  /** Grows with use; the smallest goes first when the house is full. */
  usedAt: number;
}

/** Far more than one machine's tests run in parallel; a loop that invents keys must not eat the memory. */
const accountsMax = 1_000;

export interface Accounts {
  readonly byKey: Map<string, Account>;
  readonly byId: Map<string, Account>;
  /** Ids that appear in client secrets, and whose they are. */
  readonly byClientSecret: Map<string, Account>;
  readonly pairs: Map<string, string>;
  readonly onlyKeys: ReadonlySet<string> | undefined;
  readonly revoked: Set<string>;
  readonly defaultVersion: string;
  readonly ids: Ids;
  uses: number;
}

export function createAccounts(
  ids: Ids,
  options: {
    keys?: readonly string[] | undefined;
    pairs?: Readonly<Record<string, string>> | undefined;
    defaultVersion?: string | undefined;
  },
): Accounts {
  return {
    byKey: new Map(),
    byId: new Map(),
    byClientSecret: new Map(),
    pairs: new Map(Object.entries(options.pairs ?? {})),
    onlyKeys: options.keys && new Set(options.keys),
    revoked: new Set(),
    defaultVersion: options.defaultVersion ?? newestVersion,
    ids,
    uses: 0,
  };
}

export interface Caller {
  readonly account: Account;
  readonly publishableKey: string | null;
}

/**
 * The caller behind an Authorization header (or the `key` parameter, which Stripe.js sends).
 * @param clientSecret the request's client secret, needed for publishable keys only.
 */
export function identify(accounts: Accounts, key: string | undefined, clientSecret: () => string | undefined): Caller {
  if (!key) throw refusal("keyMissing", {}, beforeWork);
  const caller = key.startsWith("pk_")
    ? publishableCaller(accounts, key, clientSecret())
    : { account: accountOfKey(accounts, key), publishableKey: null };
  caller.account.usedAt = ++accounts.uses;
  return caller;
}

/** Bearer, or Basic with the key as user and no password (`curl -u sk_test_x:`). */
export function keyOfHeader(authorization: string | undefined): string | undefined {
  if (!authorization) return undefined;
  if (authorization.startsWith("Bearer ")) return authorization.slice(7).trim();
  if (!/^basic /i.test(authorization))
    return /^bearer /i.test(authorization) ? authorization.slice(7).trim() : undefined;
  const text = Buffer.from(authorization.slice(6), "base64").toString("latin1");
  const colon = text.indexOf(":");
  return colon < 0 ? text : text.slice(0, colon);
}

export function accountOfKey(accounts: Accounts, key: string): Account {
  const known = accounts.byKey.get(key);
  if (known && !accounts.revoked.has(key)) return known;
  if (accounts.revoked.has(key)) throw refusal("keyExpired", { key: starred(key) }, beforeWork);
  const secret = key.startsWith("rk_test_") ? `sk_test_${key.slice(8)}` : key;
  if (!/^sk_test_\w{1,250}$/.test(secret)) throw invalidKey(key);
  if (accounts.onlyKeys && !accounts.onlyKeys.has(key)) throw invalidKey(key);
  const account = accounts.byKey.get(secret) ?? openAccount(accounts, secret);
  if (secret !== key) accounts.byKey.set(key, account);
  return account;
}

/** So that `pi_x_secret_y` leads a publishable key to its account. */
export function claimClientSecret(account: Account, accounts: Accounts, id: string): void {
  accounts.byClientSecret.set(id, account);
}

/** `sk_test_********wxyz`, as Stripe prints keys back. */
export function starred(key: string): string {
  const kind = /^(?:sk|pk|rk)_(?:test|live)_/.exec(key)?.[0] ?? "";
  const rest = key.slice(kind.length);
  return kind + (rest.length > 4 ? "*".repeat(rest.length - 4) + rest.slice(-4) : "*".repeat(rest.length));
}

function publishableCaller(accounts: Accounts, key: string, clientSecret: string | undefined): Caller {
  if (!/^pk_test_\w{1,250}$/.test(key)) throw invalidKey(key);
  const owner = clientSecret && accounts.byClientSecret.get(clientSecret.replace(/_secret_.*$/, ""));
  if (owner) {
    // Stripe.js makes a payment method before it confirms: once seen together, the key keeps leading there.
    if (!accounts.pairs.has(key)) accounts.pairs.set(key, owner.key);
    return { account: owner, publishableKey: key };
  }
  const secretKey = accounts.pairs.get(key) ?? `sk_test_${key.slice(8)}`;
  const account = accounts.byKey.get(secretKey);
  if (account) return { account, publishableKey: key };
  if (clientSecret) {
    const id = clientSecret.replace(/_secret_.*$/, "");
    const noun = id.startsWith("seti_") ? "setupintent" : "payment_intent";
    throw noSuch(noun, id, { inPath: true, param: "intent" });
  }
  // Same suffix as a secret key that has not been used yet: that account, from now on.
  return { account: accountOfKey(accounts, secretKey), publishableKey: key };
}

/** An account of a snapshot, under its old id. */
export function reopenAccount(
  accounts: Accounts,
  { id, key, defaultVersion }: Pick<Account, "id" | "key" | "defaultVersion">,
): Account {
  return accounts.byId.get(id) ?? openAccount({ ...accounts, defaultVersion }, key, id);
}

function openAccount(accounts: Accounts, key: string, id = `acct_1${accounts.ids.text(15)}`): Account {
  if (accounts.byId.size >= accountsMax) closeOne(accounts);
  const account: Account = {
    id,
    key,
    collections: new Map(),
    idempotency: new Map(),
    defaultVersion: accounts.defaultVersion,
    usedAt: ++accounts.uses,
  };
  accounts.byKey.set(key, account);
  accounts.byId.set(account.id, account);
  return account;
}

/** The least recently used one goes; an empty one before any that holds something. */
function closeOne(accounts: Accounts): void {
  let victim: Account | undefined;
  for (const account of accounts.byId.values()) {
    if (!victim || rank(account) < rank(victim)) victim = account;
  }
  if (!victim) return;
  accounts.byId.delete(victim.id);
  for (const [key, account] of accounts.byKey) if (account === victim) accounts.byKey.delete(key);
  for (const [id, account] of accounts.byClientSecret) if (account === victim) accounts.byClientSecret.delete(id);
}

function rank(account: Account): number {
  let objects = 0;
  for (const collection of account.collections.values()) objects += collection.position.size;
  return account.usedAt + (objects > 0 ? Number.MAX_SAFE_INTEGER / 2 : 0);
}

function invalidKey(key: string): StripeError {
  return refusal("keyInvalid", { key: starred(key) }, beforeWork);
}

export const secretKeyRequired = (): StripeError => refusal("keyNotSecret", {}, beforeWork);
