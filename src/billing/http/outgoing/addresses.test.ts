import assert from "node:assert/strict";
import { test } from "node:test";
import { inWords } from "#kit/words.ts";
import { restWords } from "../words.ts";
import { checkTarget, refusalOf } from "./addresses.ts";

const refused = [
  "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
  "100.64.0.1", "100.127.255.255", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "198.18.0.1",
  "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::",
  "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "[::1]", "not-an-address", "",
]; // biome-ignore format: one family a line reads better

const allowed = [
  "8.8.8.8",
  "1.1.1.1",
  "172.32.0.1",
  "100.128.0.1",
  "192.169.0.1",
  "2606:4700:4700::1111",
  "2a00:1450::1",
];

test("addresses that lead into our own network are refused, public ones are not", () => {
  for (const address of refused) assert.ok(refusalOf(address), `${address} must be refused`);
  for (const address of allowed) assert.equal(refusalOf(address), undefined, `${address} must pass`);
});

test("a target is refused for its scheme, its credentials or its private host before anything is resolved", () => {
  const live = { live: true, allowPrivate: false };
  const reasonOf = (text: string, options = live) => {
    const check = checkTarget(text, options);
    return "url" in check && check.url instanceof URL ? "ok" : (check as { reason: string }).reason;
  };
  assert.equal(reasonOf("https://shop.example/hook"), "ok");
  assert.equal(reasonOf("shop.example/hook"), "not_a_url");
  assert.equal(reasonOf("ftp://shop.example/hook"), "not_a_url");
  assert.equal(reasonOf("http://shop.example/hook"), "https_required");
  assert.equal(reasonOf("https://user:word@shop.example/"), "credentials_in_url");
  for (const host of [
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "localhost",
    "db.internal",
    "db",
  ]) {
    assert.equal(reasonOf(`https://${host}/`), "private_address", host);
  }
  assert.equal(reasonOf("http://127.0.0.1:4000/", { live: false, allowPrivate: true }), "ok");
  assert.equal(reasonOf("http://127.0.0.1:4000/", { live: true, allowPrivate: true }), "https_required");
  assert.equal(reasonOf("https://127.0.0.1:4000/", { live: true, allowPrivate: true }), "private_address");
});

test("whoever develops is told what allows a private address, in code and as a flag; live mode is not", () => {
  for (const url of ["http://localhost:3000/facts", "https://127.0.0.1/facts", "https://shop.local/facts"]) {
    const hintOf = (live: boolean) => {
      const check = checkTarget(url, { live, allowPrivate: false });
      assert.ok("hint" in check, url);
      return inWords(check.hint, restWords);
    };
    assert.match(hintOf(false), /allowPrivateTargets .*--allow-private-targets \(BURSAR_ALLOW_PRIVATE_TARGETS\)/);
    assert.doesNotMatch(hintOf(true), /private-targets/i);
  }
});
