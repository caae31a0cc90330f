// `bursar sandbox --data` as real processes: killed at any moment, started twice, grown, on a full disk.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { cases } from "#kit/testing.ts";
import { newFolder, startBursar, strangersEnvironment, until } from "./testing.ts";

const bin = fileURLToPath(new URL("../../bin/bursar.js", import.meta.url));
const headers = { authorization: "Bearer sk_test_kept" };
const kills = cases(2, 4);
const payment = "amount=2000&currency=eur&payment_method=pm_card_visa&confirm=true&return_url=http://localhost/back";

interface Answer {
  readonly id: string;
  readonly status: string;
  readonly name: string;
  readonly description: string;
  readonly latest_charge: string;
  readonly has_more: boolean;
  readonly data: readonly Answer[];
}

async function startSandbox(t: TestContext, data: string, where: Parameters<typeof startBursar>[3] = {}) {
  const sandbox = startBursar(t, ["sandbox", "--port", "0", "--log", "json", "--data", data], {}, where);
  const url = await sandbox.find(/"url":"(http:[^"]+)"/);
  const get = async (route: string) => (await (await fetch(url + route, { headers })).json()) as Answer;
  const post = async (route: string, body: string, key?: string) => {
    const keyed = { ...headers, ...(key !== undefined && { "idempotency-key": key }) };
    const sent = { method: "POST", headers: keyed, body: new URLSearchParams(body) };
    const response = await fetch(url + route, sent);
    return { status: response.status, headers: response.headers, json: (await response.json()) as Answer };
  };
  return { ...sandbox, url, get, post };
}

test("killed again and again: whatever was answered is there, and nothing is there by half", async (t) => {
  const data = newFolder(t);
  const answered = new Map<string, string>();
  let sandbox = await startSandbox(t, data);
  for (let round = 0; round < kills; round++) {
    const enough = (round + 1) * 15 + round * 3; // Not the same moment of the work each time.
    const killed = new AbortController();
    killed.signal.addEventListener("abort", () => void sandbox.end("SIGKILL"), { once: true });
    const work = async (worker: number) => {
      for (let n = 0; !killed.signal.aborted; n++) {
        const key = `${round}-${worker}-${n}`;
        const paid = await sandbox.post("/v1/payment_intents", payment, key).catch(() => undefined);
        if (paid) answered.set(key, paid.json.id);
        if (answered.size >= enough || !paid) killed.abort();
      }
    };
    await Promise.all([1, 2, 3, 4].map(work));
    await sandbox.ended;
    sandbox = await startSandbox(t, data);
  }
  for (const [key, id] of answered) {
    const intent = await sandbox.get(`/v1/payment_intents/${id}`);
    assert.equal(intent.status, "succeeded", key);
    assert.equal((await sandbox.get(`/v1/charges/${intent.latest_charge}`)).status, "succeeded");
  }
  const [[key, id] = assert.fail()] = answered;
  const again = await sandbox.post("/v1/payment_intents", payment, key);
  assert.deepEqual([again.json.id, again.headers.get("idempotent-replayed")], [id, "true"]);
  const count = async (route: string) => {
    let all = 0;
    for (let after = "", more = true; more; ) {
      const page = await sandbox.get(`${route}limit=100${after}`);
      all += page.data.length;
      more = page.has_more;
      after = `&starting_after=${page.data.at(-1)?.id}`;
    }
    return all;
  };
  const intents = await count("/v1/payment_intents?");
  assert.ok(intents >= answered.size);
  for (const route of ["/v1/charges?", "/v1/events?type=payment_intent.succeeded&"]) {
    assert.equal(await count(route), intents, `${route}: one for each payment`);
  }
  // Money is booked a little later: what was due when the process was killed happens in the next.
  await until("all money to be booked", async () => (await count("/v1/balance_transactions?")) === intents);
  assert.equal(await sandbox.end("SIGTERM"), 0);
});

test("a second sandbox on the same folder is refused by name, a killed one is not in the way", async (t) => {
  const data = newFolder(t);
  const first = await startSandbox(t, data);
  const second = spawnSync(process.execPath, [bin, "sandbox", "--port", "0", "--data", data], {
    env: strangersEnvironment(),
    encoding: "utf8",
  });
  assert.equal(second.status, 1);
  assert.match(second.stderr, /^bursar: Another sandbox \(process \d+\) keeps its data in .*\n {2}End that one/);
  await first.post("/v1/customers", "name=Ada", "one");
  await first.end("SIGKILL");
  const third = await startSandbox(t, data);
  assert.equal((await third.get("/v1/customers")).data.length, 1);
  assert.equal(await third.end("SIGTERM"), 0);
  assert.ok(!existsSync(path.join(data, "sandbox.pid")));
});

test("a folder that was overtaken many times takes neither disk nor memory for it", async (t) => {
  const data = newFolder(t);
  const file = path.join(data, "sandbox.journal");
  const first = await startSandbox(t, data);
  const { json } = await first.post("/v1/customers", "name=Ada", "one");
  await first.end("SIGKILL");
  const line = withoutHistory(readFileSync(file, "utf8").split("\n").at(-2) ?? assert.fail());
  const many = `${line}\n`.repeat(1_000);
  while (statSync(file).size < 64 * 2 ** 20) appendFileSync(file, many);
  // A heap of which the file would not leave anything.
  const command = [process.execPath, "--max-old-space-size=48", bin];
  const second = await startSandbox(t, data, { command });
  assert.equal((await second.get(`/v1/customers/${json.id}`)).name, "Ada");
  assert.ok(statSync(file).size < 100_000, "written anew at the start");

  // Changing an endpoint sends no event, so nothing of this is to be kept but the last.
  const endpoint = "url=http://127.0.0.1:9/hook&enabled_events[]=charge.succeeded";
  const { id } = (await second.post("/v1/webhook_endpoints", endpoint)).json;
  const long = Array.from({ length: 50 }, (_, at) => `metadata[${at}]=${"x".repeat(500)}`).join("&");
  let largest = 0;
  for (let n = 0; n < 300; n++) {
    await second.post(`/v1/webhook_endpoints/${id}`, `description=${n}&${long}`);
    largest = Math.max(largest, statSync(file).size);
  }
  assert.ok(largest < 5 * 2 ** 20, `of 8 MB that were appended: ${largest}`);
  assert.equal((await second.get(`/v1/webhook_endpoints/${id}`)).description, "299");
  assert.equal(await second.end("SIGTERM"), 0);
});

/** What is remembered of each time it happened. */
function withoutHistory(line: string): string {
  const batch = JSON.parse(line.slice(line.indexOf(" ") + 1)) as { readonly entries: readonly [string][] };
  const json = JSON.stringify({ ...batch, entries: batch.entries.filter(([kind]) => kind !== "line") });
  return `${crc32(json).toString(16)} ${json}`;
}

const hasLimits = process.platform === "linux" || process.platform === "darwin";
test("a disk that takes nothing more is a 500, and no damage", { skip: !hasLimits && "no ulimit here" }, async (t) => {
  const data = newFolder(t);
  const limited = ["sh", "-c", 'ulimit -f 200; exec "$@"', "sh", process.execPath, bin];
  const first = await startSandbox(t, data, { command: limited });
  const made: string[] = [];
  let failed = 0;
  for (let n = 0; n < 60 && failed < 3; n++) {
    const { status, json } = await first.post("/v1/payment_intents", payment, `key-${n}`);
    if (status === 200) made.push(json.id);
    else failed++;
  }
  assert.equal(failed, 3, `${made.length} were taken`);
  assert.match(first.output(), /sandbox\.journal_not_written/);
  await first.end("SIGKILL");
  const smaller = ["sh", "-c", 'ulimit -f 1; exec "$@"', "sh", process.execPath, bin];
  const refused = startBursar(t, ["sandbox", "--port", "0", "--data", data], {}, { command: smaller });
  assert.equal(await refused.ended, 1);
  assert.match(refused.errors(), /^bursar: The sandbox cannot write its data anew[\s\S]*Is the disk full\?/);
  const second = await startSandbox(t, data);
  for (const id of made) assert.equal((await second.get(`/v1/payment_intents/${id}`)).status, "succeeded");
});

test("killed in the middle of an advance: the next process goes on, and each try was made at its minute", async (t) => {
  const data = newFolder(t);
  const first = await startSandbox(t, data);
  await first.post("/v1/webhook_endpoints", "url=http://127.0.0.1:9/hook&enabled_events[]=customer.created");
  for (let n = 0; n < 30; n++) await first.post("/v1/customers", `name=${n}`);
  const token = (await (await fetch(`${first.url}/-/token`)).text()).trim();
  const body = new URLSearchParams({ token, count: "4", unit: "days" });
  const shown = async (url: string) =>
    (await (await fetch(`${url}/-/time.json`)).json()) as { now: number; next: number; advancing_to: number | null };
  const { now } = await shown(first.url); // Before it moves: asked later, it may be all of four days later.
  const moved = fetch(`${first.url}/-/time/advance`, { method: "POST", body }).catch(() => undefined);
  await until("two hours of it", async () => (await shown(first.url)).now >= now + 2 * 3_600_000);
  await first.end("SIGKILL");
  await moved;

  const second = await startSandbox(t, data);
  await until("the end of the advance", async () => (await shown(second.url)).advancing_to === null);
  const events = await second.get("/v1/events?limit=100");
  const minutes = [0, 5, 35, 155, 455, 1055, 1775, 2495, 3215, 3935, 4655];
  for (const { id } of events.data) {
    const page = (await (await fetch(`${second.url}/-/events/${id}.json`)).json()) as {
      readonly attempts: readonly { readonly at: number; readonly number: number }[];
    };
    const [{ at } = assert.fail()] = page.attempts;
    assert.deepEqual(
      page.attempts.map(({ number }) => number),
      minutes.map((_, n) => n + 1),
    );
    const waited = page.attempts.slice(1).map((one) => (one.at - at) / 60_000);
    for (const [n, minute] of waited.entries()) assert.ok(Math.abs(minute - (minutes[n + 1] ?? 0)) < 0.1, `${minute}`);
  }
  assert.equal(events.data.length, 30);
});
