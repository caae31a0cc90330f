import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { insert, newCollection } from "../store/store.ts";
import { accountOfKey, claimClientSecret, createAccounts, identify, keyOfHeader, starred } from "./accounts.ts";

const openAccounts = (options: Parameters<typeof createAccounts>[0] = {}) => createAccounts(options);
const noSecret = () => undefined;

suite("accounts", () => {
  test("any secret test key is an account of its own, a restricted one belongs to its suffix", () => {
    const accounts = openAccounts();
    const one = accountOfKey(accounts, "sk_test_a");
    assert.equal(accountOfKey(accounts, "sk_test_a"), one);
    assert.notEqual(accountOfKey(accounts, "sk_test_b"), one);
    assert.equal(accountOfKey(accounts, "rk_test_a"), one);
    assert.match(one.id, /^acct_1\w{15}$/);
    assert.equal(accountOfKey(openAccounts(), "sk_test_a").id, one.id, "the same key has the same id everywhere");
    for (const key of ["sk_live_a", "sk_test_", "sk_test_a b", "sk_org_a", "nonsense"]) {
      assert.throws(() => accountOfKey(accounts, key), /Invalid API Key/);
    }
  });

  test("a publishable key finds its account by client secret, by pair, by suffix", () => {
    const accounts = openAccounts({ pairs: { pk_test_pair: "sk_test_b" } });
    const a = accountOfKey(accounts, "sk_test_a");
    const b = accountOfKey(accounts, "sk_test_b");
    claimClientSecret(b, accounts, "pi_1");
    const find = (key: string, secret?: string) => identify(accounts, key, () => secret).account;
    assert.equal(find("pk_test_a"), a);
    assert.equal(find("pk_test_pair"), b);
    assert.equal(find("pk_test_stranger", "pi_1_secret_x"), b);
    assert.equal(find("pk_test_stranger"), b, "once seen together, the key keeps leading there");
    assert.throws(() => find("pk_live_a"), /Invalid API Key/);
  });

  test("at most a thousand accounts: the least recently used empty one goes first", () => {
    const accounts = openAccounts();
    const full = accountOfKey(accounts, "sk_test_full");
    const customers = newCollection([]);
    insert(customers, { id: "cus_1", object: "customer" }, 1);
    full.collections.set("customer", customers);
    const idle = accountOfKey(accounts, "sk_test_idle");
    const busy = accountOfKey(accounts, "sk_test_busy");
    for (let n = 0; n < 998; n++) {
      identify(accounts, `sk_test_${n}`, noSecret);
      identify(accounts, "sk_test_busy", noSecret);
    }
    assert.equal(accounts.byId.size, 1_000);
    assert.equal(accounts.byId.has(full.id), true);
    assert.equal(accounts.byId.has(busy.id), true);
    assert.equal(accounts.byId.has(idle.id), false);
  });

  test("keys are read from Bearer and Basic, and printed with stars", () => {
    const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
    assert.equal(keyOfHeader("Bearer sk_test_a"), "sk_test_a");
    assert.equal(keyOfHeader("bearer  sk_test_a "), "sk_test_a");
    assert.equal(keyOfHeader(basic("sk_test_a:")), "sk_test_a");
    assert.equal(keyOfHeader(basic("sk_test_a")), "sk_test_a");
    assert.equal(keyOfHeader("Digest x"), undefined);
    assert.equal(starred("sk_test_4eC39HqLyjWDarjtT1zdp7dc"), `sk_test_${"*".repeat(20)}p7dc`);
    assert.equal(starred("abc"), "***");
  });
});
