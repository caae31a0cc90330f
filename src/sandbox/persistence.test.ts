import assert from "node:assert/strict";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import { dayMs, secondMs, systemClock } from "#kit/clock.ts";
import { silentLog } from "#kit/log.ts";
import { isProblem } from "#kit/problems.ts";
import { createSandbox, type Sandbox } from "./index.ts";
import { secretKey, startWorld } from "./testing.ts";

type Json = Record<string, unknown>;

const payment = "amount=2000&currency=eur&payment_method=pm_card_visa&confirm=true&return_url=http://localhost/back";

function withFolder(work: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "bursar-"));
    try {
      await work(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

test(
  "what was answered is there after a kill: objects, events, kept answers, deletions",
  withFolder(async (dataFolder) => {
    const first = startWorld({ dataFolder });
    const { json: ada } = await first.call("POST", "/v1/customers", "name=Ada&email=a@example.com");
    const { json: bob } = await first.call("POST", "/v1/customers", "name=Bob");
    await first.call("DELETE", `/v1/customers/${String(bob.id)}`);
    const key = { "idempotency-key": "pay" };
    const { json: paid } = await first.call("POST", "/v1/payment_intents", { form: payment, headers: key });
    const events = await first.eventTypes();
    // Not closed: a kill.
    const second = startWorld({ dataFolder, seed: 8 });
    assert.deepEqual((await second.call("GET", `/v1/customers/${String(ada.id)}`)).json, ada);
    assert.equal((await second.call("GET", `/v1/customers/${String(bob.id)}`)).json.deleted, true);
    assert.deepEqual((await second.call("GET", `/v1/payment_intents/${String(paid.id)}`)).json, paid);
    assert.deepEqual(await second.eventTypes(), events);
    const again = await second.call("POST", "/v1/payment_intents", { form: payment, headers: key });
    assert.deepEqual([again.json.id, again.headers.get("idempotent-replayed")], [paid.id, "true"]);
    const found = await second.call("GET", "/v1/customers", "email=a@example.com");
    assert.equal((found.json.data as Json[]).length, 1);
    const refund = await second.call("POST", "/v1/refunds", `payment_intent=${String(paid.id)}`);
    assert.equal(refund.json.status, "succeeded");
  }),
);

test(
  "a unit that was cut off by a kill is not there at all, and the log says so",
  withFolder(async (dataFolder) => {
    const { log, notices } = noticed();
    const first = startWorld({ dataFolder });
    await first.call("POST", "/v1/customers", "name=Ada");
    const file = path.join(dataFolder, "sandbox.journal");
    const whole = readFileSync(file).length;
    await first.call("POST", "/v1/payment_intents", payment);
    const written = readFileSync(file);
    for (const length of [whole + 1, whole + 40, Math.floor((whole + written.length) / 2), written.length - 2]) {
      writeFileSync(file, written);
      truncateSync(file, length);
      const next = startWorld({ dataFolder, seed: length, log });
      assert.deepEqual(notices.splice(0), ["sandbox.journal_cut line 2"]);
      assert.deepEqual(await next.eventTypes(), ["customer.created"], `cut at ${length}`);
      assert.equal(((await next.call("GET", "/v1/charges")).json.data as Json[]).length, 0);
      await next.call("POST", "/v1/customers", "name=Bob");
      assert.equal((await startWorld({ dataFolder }).eventTypes()).length, 2);
    }
    appendFileSync(file, "00 {}\n");
    assert.equal((await startWorld({ dataFolder, log }).eventTypes()).length, 2);
  }),
);

test(
  "a damaged line in the middle is a refusal that names it, and the file stays as it was",
  withFolder(async (dataFolder) => {
    const first = startWorld({ dataFolder });
    for (const name of ["Ada", "Bob", "Eve"]) await first.call("POST", "/v1/customers", `name=${name}`);
    const file = path.join(dataFolder, "sandbox.journal");
    const damaged = readFileSync(file, "utf8").replace('"Bob"', '"Bib"');
    writeFileSync(file, damaged);
    assert.throws(() => startWorld({ dataFolder }), {
      message: `Line 2 of ${file} is damaged, and others follow it.`,
      hint: /head -n 1 /,
    });
    assert.equal(readFileSync(file, "utf8"), damaged);
    writeFileSync(file, damaged.slice(0, damaged.indexOf("\n") + 1));
    assert.deepEqual(await startWorld({ dataFolder }).eventTypes(), ["customer.created"]);
  }),
);

test(
  "faults, revoked keys and what was learnt about publishable keys outlive a kill",
  withFolder(async (dataFolder) => {
    const given = [{ kind: "rate_limit", method: "DELETE", times: 5 }] as const;
    const first = startWorld({ dataFolder, faults: given });
    first.sandbox.faults.add({ kind: "server_error", path: "/v1/refunds", times: 3 });
    const gone = first.sandbox.faults.add({ kind: "slow" });
    first.sandbox.faults.remove(gone.id);
    first.sandbox.revoke("sk_test_old");
    assert.equal((await first.call("POST", "/v1/refunds")).status, 500);
    const { json: intent } = await first.call("POST", "/v1/payment_intents", "amount=2000&currency=eur");
    const browser = { authorization: "Bearer pk_test_stranger" };
    const shown = await first.call("GET", `/v1/payment_intents/${intent.id}?client_secret=${intent.client_secret}`, {
      headers: browser,
    });
    assert.equal(shown.status, 200);

    const second = startWorld({ dataFolder, faults: given, seed: 8 });
    const standing = second.sandbox.faults.list().map(({ kind, left, happened }) => [kind, left, happened]);
    assert.deepEqual(
      standing,
      [
        ["rate_limit", 5, 0],
        ["server_error", 2, 1],
      ],
      "those given at the start, once",
    );
    const old = await second.call("GET", "/v1/customers", { headers: { authorization: "Bearer sk_test_old" } });
    assert.deepEqual([old.status, old.error.code], [401, "api_key_expired"]);
    const made = await second.call("POST", "/v1/payment_methods", {
      form: "type=card&card[token]=tok_visa",
      headers: browser,
    });
    const attached = await second.call("GET", `/v1/payment_methods/${String(made.json.id)}`);
    assert.equal(attached.status, 200, "the key still leads to the account whose intent it knew");
  }),
);

test(
  "a folder that a newer version wrote is refused as that",
  withFolder(async (dataFolder) => {
    const json = '{"at":1,"entries":[["novelty",1]]}';
    writeFileSync(path.join(dataFolder, "sandbox.journal"), `${crc32(json).toString(16)} ${json}\n`);
    assert.throws(() => startWorld({ dataFolder }), {
      message: /newer Bursar.*"novelty"/,
      hint: /another data folder/,
    });
  }),
);

test(
  "time that was moved stays moved, although nothing was due",
  withFolder(async (dataFolder) => {
    const timeOf = async (sandbox: Sandbox) =>
      ((await (await sandbox.fetch("http://localhost/-/time.json")).json()) as { now: number }).now;
    const first = createSandbox({ dataFolder });
    const before = await timeOf(first);
    const token = (await (await first.fetch("http://localhost/-/token")).text()).trim();
    const body = new URLSearchParams({ token, count: "3", unit: "days" });
    const moved = await first.fetch("http://localhost/-/time/advance", { method: "POST", body });
    assert.equal(moved.status, 303);
    assert.ok((await timeOf(createSandbox({ dataFolder }))) - before >= 3 * dayMs);
  }),
);

test(
  "how an object came to be as it is outlives a kill, and goes back with a snapshot",
  withFolder(async (dataFolder) => {
    const historyOf = async ({ sandbox }: { readonly sandbox: Sandbox }, id: string) =>
      ((await (await sandbox.fetch(`http://localhost/-/objects/${id}.json`)).json()) as { history: Json[] }).history;
    const first = startWorld({ dataFolder });
    const { json: paid } = await first.call("POST", "/v1/payment_intents", payment);
    const snapshot = first.sandbox.snapshot();
    await first.call("POST", "/v1/refunds", `payment_intent=${String(paid.id)}`);
    const charge = String(paid.latest_charge);
    const told = await historyOf(first, charge);
    assert.ok(told.length > 1);
    const second = startWorld({ dataFolder, seed: 8 });
    assert.deepEqual(await historyOf(second, charge), told);
    second.sandbox.restore(snapshot);
    assert.ok((await historyOf(second, charge)).length < told.length);
  }),
);

test(
  "a folder that was written before there were timelines is read as it was meant",
  withFolder(async (dataFolder) => {
    const made = startWorld({ dataFolder });
    await made.call("POST", "/v1/payment_intents", `${payment}&capture_method=manual`);
    const file = path.join(dataFolder, "sandbox.journal");
    const old = readFileSync(file, "utf8").trimEnd().split("\n").map(asBefore);
    assert.ok(old.join("").includes('["pending",0,{"at":'));
    writeFileSync(file, old.join(""));
    const next = startWorld({ dataFolder, seed: 8 });
    await next.clock.advance(8 * dayMs);
    assert.ok((await next.eventTypes()).includes("payment_intent.canceled"), "the hold ran out");
  }),
);

/** A line with numbers for keys, and without the timeline's name. */
function asBefore(line: string): string {
  const batch = JSON.parse(line.slice(line.indexOf(" ") + 1)) as { at: number; entries: unknown[][] };
  let tickets = 0;
  const entries = batch.entries
    .filter(([kind]) => kind !== "line" && kind !== "timeline")
    .map((entry) => {
      if (entry[0] !== "pending") return entry;
      const { at, record } = entry[1] as Json;
      return ["pending", tickets++, { at, record }];
    });
  const json = JSON.stringify({ ...batch, entries });
  return `${crc32(json).toString(16)} ${json}\n`;
}

test(
  "while the journal is written anew calls go on, and what they change is in it, in its order",
  withFolder(async (dataFolder) => {
    const { monotonicMs: _, ...real } = systemClock();
    let looks = 0;
    let turns = 0;
    const turn = () => {
      turns++;
      return real.turn();
    };
    // Each look at the clock takes a millisecond, so that a slice is ten lines, on whatever machine.
    const first = createSandbox({ dataFolder, clock: { ...real, monotonicMs: () => looks++, turn } });
    const headers = { authorization: `Bearer ${secretKey}` };
    const made: string[] = [];
    const file = path.join(dataFolder, "sandbox.journal");
    const form = Array.from({ length: 20 }, (__, n) => `metadata[${n}]=${"x".repeat(100)}`).join("&");
    let madeMeanwhile = 0;
    for (let after = 0; after < 50; ) {
      const isBeingWritten = existsSync(`${file}.new`);
      const request = { method: "POST", headers, body: form };
      const customer = (await (await first.fetch("http://localhost/v1/customers", request)).json()) as Json;
      made.push(String(customer.id));
      if (isBeingWritten) madeMeanwhile++;
      if (madeMeanwhile > 0 && !isBeingWritten) after++;
      await real.turn();
    }
    assert.ok(turns > 0 && madeMeanwhile > 2, `${turns} turns, ${madeMeanwhile} customers`);
    const second = createSandbox({ dataFolder: copyOf(dataFolder) }); // The first was killed, as far as it knows.
    const found: string[] = [];
    for (let after = "", more = true; more; after = `&starting_after=${found.at(-1)}`) {
      const list = await second.fetch(`http://localhost/v1/customers?limit=100${after}`, { headers });
      const { data, has_more } = (await list.json()) as { data: Json[]; has_more: boolean };
      found.push(...data.map(({ id }) => String(id)));
      more = has_more;
    }
    assert.deepEqual(found.reverse(), made);
    await first.close();
    await second.close();
  }),
);

/** The folder as a kill would leave it now. */
function copyOf(folder: string): string {
  const copy = path.join(folder, "copy");
  cpSync(path.join(folder, "sandbox.journal"), path.join(copy, "sandbox.journal"));
  return copy;
}

test(
  "an account that had to make room stays away",
  withFolder(async (dataFolder) => {
    const first = startWorld({ dataFolder });
    const post = async (key: string) => {
      const headers = { authorization: `Bearer ${key}` };
      const answer = await first.sandbox.fetch("http://sandbox/v1/customers", { method: "POST", headers });
      assert.equal(answer.status, 200);
    };
    await post("sk_test_first");
    for (let n = 0; n < 1_000; n++) await post(`sk_test_${n}`);
    const second = startWorld({ dataFolder, seed: 8 });
    const list = await second.call("GET", "/v1/customers", { headers: { authorization: "Bearer sk_test_first" } });
    assert.deepEqual(list.json.data, []);
    const kept = await second.call("GET", "/v1/customers", { headers: { authorization: "Bearer sk_test_999" } });
    assert.equal((kept.json.data as Json[]).length, 1);
  }),
);

test(
  "the default version that is asked for holds for old accounts too",
  withFolder(async (dataFolder) => {
    const first = startWorld({ dataFolder });
    await first.call("POST", "/v1/customers");
    const second = startWorld({ dataFolder, seed: 8, defaultVersion: "2024-06-20" });
    assert.equal((await second.call("GET", "/v1/customers")).headers.get("stripe-version"), "2024-06-20");
  }),
);

test(
  "an event keeps the version of its day when the account's default changes, on its way too",
  withFolder(async (dataFolder) => {
    const sent: { type: string; api_version: string; data: { object: Json } }[] = [];
    const fetch = async (_url: unknown, init?: RequestInit) => {
      sent.push(JSON.parse(String(init?.body)));
      return new Response(null, { status: 500 });
    };
    const webhookEndpoints = [{ url: "http://localhost:9/hooks", key: secretKey, secret: "whsec_x" }];
    const first = startWorld({ dataFolder, fetch, webhookEndpoints, defaultVersion: "2024-06-20" });
    await first.call("POST", "/v1/payment_intents", {
      form: "amount=2000&currency=eur",
      headers: { "stripe-version": "" },
    });
    await first.clock.advance(secondMs);
    const second = startWorld({ dataFolder, seed: 8, fetch, defaultVersion: "2026-10-28.endive" });
    await second.clock.advance(2 * dayMs);
    assert.ok(sent.length > 1, "it is tried again");
    for (const { api_version, data } of sent) {
      assert.deepEqual([api_version, "invoice" in data.object], ["2024-06-20", true]);
    }
    const { json } = await second.call("GET", "/v1/events");
    assert.equal((json.data as Json[])[0]?.api_version, "2024-06-20");
  }),
);

test(
  "events of a file from before they captured are read on",
  withFolder(async (dataFolder) => {
    const { id, key } = { id: "acct_1", key: secretKey };
    const data = { object: { id: "cus_1", object: "customer", name: "Eve", metadata: { a: "2", b: "1" } } };
    const previous = { name: "Ada", metadata: { a: "1", b: null } };
    const kept = { id: "evt_1", object: "event", api_version: "2024-06-20", created: 1_800_000_000, livemode: false };
    const rest = { pending_webhooks: 2, request: { id: null, idempotency_key: null }, type: "customer.updated" };
    const event = { ...kept, data: { ...data, previous_attributes: previous }, ...rest };
    const account = ["account", { id, key, defaultVersion: "2024-06-20" }];
    const json = JSON.stringify({
      at: 1_800_000_000_000,
      entries: [account, ["object", id, "event", "evt_1", kept.created, event, null, ["type"]]],
    });
    writeFileSync(path.join(dataFolder, "sandbox.journal"), `${crc32(json).toString(16)} ${json}\n`);
    const shown = async () => (await startWorld({ dataFolder }).call("GET", "/v1/events/evt_1")).json;
    const once = await shown();
    assert.deepEqual(once.data, {
      object: data.object,
      previous_attributes: { name: "Ada", metadata: { a: "1", b: null } },
    });
    assert.deepEqual(await shown(), once);
  }),
);

test(
  "deliveries and settlements that were due go on after a kill",
  withFolder(async (dataFolder) => {
    const received: string[] = [];
    const answers = [500, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200];
    const fetch = async (_url: unknown, init?: RequestInit) => {
      received.push((JSON.parse(String(init?.body)) as { type: string }).type);
      return new Response(null, { status: answers.shift() ?? 200 });
    };
    const webhookEndpoints = [{ key: secretKey, url: "http://127.0.0.1:1/hook", secret: "whsec_test" }];
    const first = startWorld({ dataFolder, webhookEndpoints, fetch });
    await first.call("POST", "/v1/customers", "name=Ada");
    await first.clock.advance(secondMs);
    assert.deepEqual(received.splice(0), ["customer.created"]);
    await first.call("POST", "/v1/payment_intents", payment);
    const { json: held } = await first.call("POST", "/v1/payment_intents", `${payment}&capture_method=manual`);
    const tries = [...first.sandbox.attempts()];
    const second = startWorld({ dataFolder, webhookEndpoints, fetch, seed: 9 });
    assert.equal(tries[0]?.outcome, "failed");
    assert.deepEqual(second.sandbox.attempts(), tries, "what became of each delivery is known still");
    assert.equal(((await second.call("GET", "/v1/webhook_endpoints")).json.data as Json[]).length, 1);
    await second.clock.advance(dayMs);
    assert.ok(received.includes("customer.created"), "the failed one is tried again");
    assert.ok(received.includes("payment_intent.succeeded"), "the one that was due is sent");
    await second.clock.advance(30 * dayMs);
    const { json } = await second.call("GET", "/v1/balance");
    assert.ok((json.available as { amount: number }[]).length > 0);
    const { json: transactions } = await second.call("GET", "/v1/balance_transactions", "type=charge");
    assert.deepEqual(
      (transactions.data as Json[]).map(({ status }) => status),
      ["available"],
    );
    assert.equal((await second.call("GET", `/v1/payment_intents/${String(held.id)}`)).json.status, "canceled");
    await second.sandbox.close();
  }),
);

/** The warnings of a world, instead of on standard error. */
function noticed() {
  const notices: string[] = [];
  const warn = (event: string, fields: Json = {}) => void notices.push(`${event} line ${String(fields.line)}`);
  return { log: { ...silentLog(), warn }, notices };
}

test("a snapshot that is not whole is refused, and nothing is lost", async () => {
  const { sandbox, call, eventTypes } = startWorld();
  await call("POST", "/v1/customers", "name=Ada");
  const snapshot = sandbox.snapshot();
  await call("POST", "/v1/customers", "name=Bob");
  const [line = assert.fail(), ...rest] = snapshot;
  assert.ok(snapshot.join("").includes("Ada"));
  const renamed = snapshot.map((one) => one.replace("Ada", "Eve"));
  for (const broken of [[line.slice(0, -5), ...rest], renamed, ["nonsense\n"], snapshot.join("")]) {
    assert.throws(
      () => sandbox.restore(broken),
      (error) => isProblem(error, "invalid_params"),
    );
    assert.equal((await eventTypes()).length, 2);
  }
  sandbox.restore(snapshot);
  assert.equal((await eventTypes()).length, 1);
});

test("what was under way when a snapshot was restored is nobody's any more", async () => {
  const answers: ((response: Response) => void)[] = [];
  const fetch = () => new Promise<Response>((resolve) => answers.push(resolve));
  const webhookEndpoints = [{ key: secretKey, url: "http://127.0.0.1:1/hook", secret: "whsec_test" }];
  const { sandbox, call, clock } = startWorld({ webhookEndpoints, fetch });
  const snapshot = sandbox.snapshot();
  await call("POST", "/v1/customers", "name=Ada");
  await clock.advance(0);
  sandbox.restore(snapshot);
  for (const answer of answers.splice(0)) answer(new Response(null, { status: 500 }));
  await clock.advance(dayMs);
  assert.deepEqual([sandbox.attempts(), answers.length], [[], 0]);
  await call("POST", "/v1/customers", "name=Bob");
  await clock.advance(0);
  assert.equal(answers.length, 1, "and what comes after it goes on");
});

test("faults and revoked keys go back too, save the faults that were given at the start", async () => {
  const { sandbox, call } = startWorld({ faults: [{ kind: "slow", path: "/v1/refunds" }] });
  sandbox.faults.add({ kind: "lock_timeout", path: "/v1/refunds", times: 2 });
  const snapshot = sandbox.snapshot();
  sandbox.faults.clear();
  sandbox.revoke(secretKey);
  assert.equal((await call("GET", "/v1/customers")).status, 401);
  sandbox.restore(snapshot);
  assert.equal((await call("GET", "/v1/customers")).status, 200);
  assert.deepEqual(
    sandbox.faults.list().map(({ kind }) => kind),
    ["lock_timeout"],
  );
});

test("a snapshot is gone back to, as often as one likes", async () => {
  const { sandbox, call, eventTypes } = startWorld();
  const { json: ada } = await call("POST", "/v1/customers", "name=Ada");
  const snapshot = sandbox.snapshot();
  for (let round = 0; round < 2; round++) {
    await call("POST", `/v1/customers/${String(ada.id)}`, "name=Eve");
    await call("POST", "/v1/payment_intents", payment);
    sandbox.restore(snapshot);
    assert.deepEqual((await call("GET", `/v1/customers/${String(ada.id)}`)).json, ada);
    assert.deepEqual(await eventTypes(), ["customer.created"]);
  }
  assert.deepEqual(sandbox.snapshot(), snapshot);
});

test("a seed is an object under a chosen id, as whole as any other", async () => {
  const { sandbox, call, stripe } = startWorld();
  sandbox.seed({ key: secretKey, path: "/v1/customers", id: "cus_ada", params: { name: "Ada", email: "a@b.example" } });
  sandbox.seed({
    key: secretKey,
    path: "/v1/payment_intents",
    id: "pi_first",
    params: {
      amount: "2000",
      currency: "eur",
      customer: "cus_ada",
      payment_method: "pm_card_visa",
      confirm: "true",
      return_url: "http://localhost/back",
    },
  });
  assert.equal((await stripe.customers.retrieve("cus_ada")).id, "cus_ada");
  const intent = await stripe.paymentIntents.retrieve("pi_first", { expand: ["latest_charge"] });
  assert.equal((intent.latest_charge as { payment_intent?: string } | null)?.payment_intent, "pi_first");
  assert.match(String(intent.client_secret), /^pi_first_secret_/);
  assert.equal((await call("GET", "/v1/customers", "email=a@b.example")).status, 200);
  assert.equal((await stripe.refunds.create({ payment_intent: "pi_first" })).status, "succeeded");
  const again = { key: secretKey, path: "/v1/customers", id: "cus_ada" };
  assert.throws(() => sandbox.seed(again), /there already/);
  assert.throws(() => sandbox.seed({ ...again, id: "pi_x" }), /not an id of a customer/);
  await stripe.customers.del("cus_ada");
  sandbox.seed({ ...again, params: { name: "Ada again" } });
  assert.partialDeepStrictEqual(await stripe.customers.retrieve("cus_ada"), { name: "Ada again" });
});
