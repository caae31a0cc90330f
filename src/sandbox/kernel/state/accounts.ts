// Who is asking. Any `sk_test_…` key is an account of its own, made on first use, so tests run in parallel without
// sharing anything. A publishable key finds its account by the object in the request's client secret, else by a pair
// that was named, else by the equal suffix. Live keys are refused: nothing here may be mistaken for Stripe itself.

import { hash } from "node:crypto";
import type { KeptAnswer } from "../records/idempotency.ts";
import { type Collection, isEmpty } from "../store/store.ts";
import { accountVersion } from "../versions/families.ts";
import { common } from "../words/errors.table.ts";
import { beforeWork, type Called, noSuch, refusal, type StripeError } from "../words/errors.ts";

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
/** Publishable keys that were met beside somebody's client secret; a loop that invents them must not either. */
const learntMax = 10_000;

/** What is to be remembered about keys, beside the accounts and what is in them. */
export type KeyNews =
  | readonly ["closed", account: string]
  | readonly ["pair", publishableKey: string, secretKey: string]
  | readonly ["revoked", key: string];

export interface Accounts {
  readonly byKey: Map<string, Account>;
  readonly byId: Map<string, Account>;
  /** Ids that appear in client secrets, and whose they are. */
  readonly byClientSecret: Map<string, Account>;
  /** Publishable keys that were named with their secret keys. */
  readonly pairs: ReadonlyMap<string, string>;
  /** The same, learnt from use. */
  readonly learnt: Map<string, string>;
  readonly onlyKeys: ReadonlySet<string> | undefined;
  readonly revoked: Set<string>;
  readonly defaultVersion: string;
  /** The default as it was asked for: it holds for the accounts of a snapshot too. */
  readonly askedVersion: string | undefined;
  /** By the beginning of an id. */
  readonly nounOf: (id: string) => Called | undefined;
  uses: number;
  /** Tells whoever keeps the world. */
  tell: (news: KeyNews) => void;
}

export function createAccounts(options: {
  keys?: readonly string[] | undefined;
  pairs?: Readonly<Record<string, string>> | undefined;
  defaultVersion?: string | undefined;
  nounOf?: Accounts["nounOf"];
}): Accounts {
  return {
    byKey: new Map(),
    byId: new Map(),
    byClientSecret: new Map(),
    pairs: new Map(Object.entries(options.pairs ?? {})),
    learnt: new Map(),
    onlyKeys: options.keys && new Set(options.keys),
    revoked: new Set(),
    defaultVersion: options.defaultVersion ?? accountVersion,
    askedVersion: options.defaultVersion,
    nounOf: options.nounOf ?? (() => undefined),
    uses: 0,
    tell: () => {},
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
  if (!key) throw refusal(common.keyMissing, {}, beforeWork);
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
  if (accounts.revoked.has(key)) throw expiredKey(key);
  if (known) return known;
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
  if (accounts.revoked.has(key)) throw expiredKey(key);
  const owner = clientSecret && accounts.byClientSecret.get(clientSecret.replace(/_secret_.*$/, ""));
  if (owner) {
    // Stripe.js makes a payment method before it confirms: once seen together, the key keeps leading there.
    if (!accounts.pairs.has(key) && accounts.learnt.get(key) === undefined) {
      learnPair(accounts, key, owner.key);
      accounts.tell(["pair", key, owner.key]);
    }
    return { account: owner, publishableKey: key };
  }
  const secretKey = accounts.pairs.get(key) ?? accounts.learnt.get(key) ?? `sk_test_${key.slice(8)}`;
  const account = accounts.byKey.get(secretKey);
  if (account) return { account, publishableKey: key };
  if (clientSecret) {
    const id = clientSecret.replace(/_secret_.*$/, "");
    throw noSuch(accounts.nounOf(id) ?? { label: "intent" }, id, { inPath: true, param: "intent" });
  }
  // Same suffix as a secret key that has not been used yet: that account, from now on.
  return { account: accountOfKey(accounts, secretKey), publishableKey: key };
}

/** An account of a snapshot, under its old id. Whatever was too much then has been closed then. */
export function reopenAccount(
  accounts: Accounts,
  { id, key, defaultVersion }: Pick<Account, "id" | "key" | "defaultVersion">,
): Account {
  const version = accounts.askedVersion ?? defaultVersion;
  return accounts.byId.get(id) ?? putDown(accounts, { id, key, defaultVersion: version });
}

/** Forgets an account with all that is in it. */
export function closeAccount(accounts: Accounts, id: string): void {
  const victim = accounts.byId.get(id);
  accounts.byId.delete(id);
  for (const [key, account] of accounts.byKey) if (account === victim) accounts.byKey.delete(key);
  for (const [secret, account] of accounts.byClientSecret) {
    if (account === victim) accounts.byClientSecret.delete(secret);
  }
}

/** From now on the key is refused as expired. */
export function revokeKey(accounts: Accounts, key: string): void {
  if (accounts.revoked.has(key)) return;
  accounts.revoked.add(key);
  accounts.tell(["revoked", key]);
}

/** The oldest is forgotten when there are too many. */
export function learnPair(accounts: Accounts, publishableKey: string, secretKey: string): void {
  const [oldest] = accounts.learnt.size >= learntMax ? accounts.learnt.keys() : [];
  if (oldest !== undefined) accounts.learnt.delete(oldest);
  accounts.learnt.set(publishableKey, secretKey);
}

/** By the key alone, so that programs which keep the id of their account find it again in every sandbox. */
function accountId(key: string): string {
  return `acct_1${hash("sha256", key, "base64url").replace(/[-_]/g, "0").slice(0, 15)}`;
}

function openAccount(accounts: Accounts, key: string): Account {
  if (accounts.byId.size >= accountsMax) closeOne(accounts);
  return putDown(accounts, { id: accountId(key), key, defaultVersion: accounts.defaultVersion });
}

function putDown(accounts: Accounts, named: Pick<Account, "id" | "key" | "defaultVersion">): Account {
  const { id, key } = named;
  const opened = { collections: new Map(), idempotency: new Map(), usedAt: ++accounts.uses };
  const account: Account = { ...named, ...opened };
  accounts.byKey.set(key, account);
  accounts.byId.set(id, account);
  return account;
}

/** The least recently used one goes; an empty one before any that holds something. */
function closeOne(accounts: Accounts): void {
  let victim: Account | undefined;
  for (const account of accounts.byId.values()) {
    if (!victim || rank(account) < rank(victim)) victim = account;
  }
  if (!victim) return;
  closeAccount(accounts, victim.id);
  accounts.tell(["closed", victim.id]);
}

function rank(account: Account): number {
  const holds = [...account.collections.values()].some((collection) => !isEmpty(collection));
  return account.usedAt + (holds ? Number.MAX_SAFE_INTEGER / 2 : 0);
}

function expiredKey(key: string): StripeError {
  return refusal(common.keyExpired, { key: starred(key) }, beforeWork);
}

function invalidKey(key: string): StripeError {
  return refusal(common.keyInvalid, { key: starred(key) }, beforeWork);
}

export const secretKeyRequired = (): StripeError => refusal(common.keyNotSecret, {}, beforeWork);
