// Every fault by each of the three ways to ask for it: the command line, the page, the test API.
import assert from "node:assert/strict";
import { test } from "node:test";
import { secondMs } from "#kit/clock.ts";
import { testPorts } from "#kit/create_ports.ts";
import type { SandboxOptions } from "../sandbox/index.ts";
import { createSandbox, type FaultRule } from "../sandbox/index.ts";
import { collectFault } from "./faults.ts";
import { startBursar } from "./testing.ts";

const key = "sk_test_chaos";
const url = "http://127.0.0.1:9/hook";

function startWorld(options: SandboxOptions, seed = 5) {
  const received: string[] = [];
  const ports = testPorts({
    seed,
    fetch: async (_url, init) => {
      const { name } = (JSON.parse(String(init?.body)) as { data: { object: { name: string } } }).data.object;
      received.push(`${name}@${ports.clock.now() - start}`);
      return new Response(null, { status: 200 });
    },
  });
  const start = ports.clock.now();
  const sandbox = createSandbox({ ...ports, webhookEndpoints: [{ key, url, secret: "whsec_x" }], ...options });
  sandbox.start();
  const call = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const sent = { method, headers: { authorization: `Bearer ${key}`, ...headers }, ...(body && { body }) };
    return sandbox.fetch(`http://sandbox${path}`, sent);
  };
  return { sandbox, call, clock: ports.clock, received };
}

type World = ReturnType<typeof startWorld>;

/** The same customer twice under one key: what each answer was, and how many there are. */
async function twiceUnderOneKey({ call, clock }: World): Promise<string> {
  const seen: string[] = [];
  for (let n = 0; n < 2; n++) {
    const begun = clock.now();
    const answered = call("POST", "/v1/customers", "name=a", { "idempotency-key": "once" }).then(
      async (answer) => {
        const { error } = (await answer.json()) as { error?: { code?: string } };
        const late = clock.now() - begun;
        const parts = [answer.status, error?.code, answer.headers.has("idempotent-replayed") && "again"];
        return [...parts, late > 0 && `after ${late} ms`].filter(Boolean).join(" ");
      },
      (error: Error) => `no answer: ${(error.cause as { code?: string }).code}`,
    );
    await clock.advance(3 * secondMs);
    seen.push(await answered);
  }
  const list = (await (await call("GET", "/v1/customers")).json()) as { data: unknown[] };
  return [...seen, `${list.data.length} made`].join(", ");
}

/** Four customers, 100 ms apart, and when the endpoint hears of whom. */
async function fourEvents({ call, clock, received }: World): Promise<string> {
  for (const name of ["a", "b", "c", "d"]) {
    await call("POST", "/v1/customers", `name=${name}`);
    await clock.advance(100);
  }
  await clock.advance(10 * secondMs);
  return received.join(" ");
}

const calls = { method: "POST", path: "/v1/customers" } as const;
const faults: readonly (readonly [FaultRule, (world: World) => Promise<string>, string | RegExp])[] = [
  [{ kind: "timeout_before_commit", ...calls }, twiceUnderOneKey, "no answer: UND_ERR_SOCKET, 200, 1 made"],
  [{ kind: "timeout_after_commit", ...calls }, twiceUnderOneKey, "no answer: UND_ERR_SOCKET, 200 again, 1 made"],
  [{ kind: "connection_reset", ...calls }, twiceUnderOneKey, "no answer: ECONNRESET, 200 again, 1 made"],
  [{ kind: "rate_limit", ...calls }, twiceUnderOneKey, "429 rate_limit, 200, 1 made"],
  [{ kind: "lock_timeout", ...calls }, twiceUnderOneKey, "429 lock_timeout, 200, 1 made"],
  [{ kind: "server_error", ...calls }, twiceUnderOneKey, "500, 500 again, 0 made"],
  [{ kind: "slow", ...calls, ms: 2_000 }, twiceUnderOneKey, "200 after 2000 ms, 200 again, 1 made"],
  [{ kind: "delivery_dropped", type: "customer.*", times: 2 }, fourEvents, "c@200 d@300"],
  [{ kind: "delivery_duplicated", times: 1 }, fourEvents, "a@0 a@0 b@100 c@200 d@300"],
  [{ kind: "delivery_delayed", ms: 5_000, times: 1 }, fourEvents, "b@100 c@200 d@300 a@5000"],
  [{ kind: "deliveries_shuffled", ms: 1_000, times: 4 }, fourEvents, /^(?!a.* b.* c.* d)(?=.*a@)(?=.*b@)(?=.*c@).*d@/],
  [{ kind: "deliveries_bunched", ms: 1_000, times: 4 }, fourEvents, "a@1000 b@1000 c@1000 d@1000"],
];

const ways: Readonly<Record<string, (rule: FaultRule, seed: number) => Promise<World>>> = {
  "the command line": async ({ kind, ...rest }, seed) => {
    const text = [kind, ...Object.entries(rest).map(([name, value]) => `${name}=${value}`)].join(",");
    return startWorld({ faults: collectFault(text, undefined) }, seed);
  },
  "the page": async (rule, seed) => {
    const world = startWorld({}, seed);
    const token = (await (await world.call("GET", "/-/token")).text()).trim();
    const headers = { "content-type": "application/json", "x-bursar-token": token };
    assert.equal((await world.call("POST", "/-/faults", JSON.stringify(rule), headers)).status, 200);
    return world;
  },
  "the test API": async (rule, seed) => {
    const world = startWorld({}, seed);
    world.sandbox.faults.add(rule);
    return world;
  },
};

for (const [rule, scenario, expected] of faults) {
  test(`${rule.kind}, asked for by the command line, by the page and by the test API, does the same`, async () => {
    const seen: string[] = [];
    for (const ask of Object.values(ways)) seen.push(await scenario(await ask(rule, 5)));
    if (typeof expected === "string") assert.equal(seen[0], expected);
    else assert.match(seen[0] ?? "", expected);
    assert.equal(new Set(seen).size, 1, seen.join("\n"));
  });
}

test("the table has every fault there is", async () => {
  const page = await startWorld({}).call("GET", "/-/faults.json");
  const { kinds } = (await page.json()) as { kinds: { calls: string[]; deliveries: string[] } };
  assert.deepEqual(faults.map(([{ kind }]) => kind).sort(), [...kinds.calls, ...kinds.deliveries].sort());
  assert.equal(faults.length, 12);
});

test("chance is the seed's: alike by every way and in every run, and another with another seed", async () => {
  const tenCalls = async ({ call }: World) => {
    const seen: number[] = [];
    for (let n = 0; n < 10; n++) seen.push((await call("POST", "/v1/customers")).status);
    return seen.join(" ");
  };
  const rule = { kind: "rate_limit", method: "POST", chance: 0.5 } as const;
  const seen: string[] = [];
  for (const ask of Object.values(ways)) seen.push(await tenCalls(await ask(rule, 5)));
  assert.match(seen[0] ?? "", /200.*429|429.*200/);
  assert.equal(new Set(seen).size, 1);
  const named = (faultSeed: number, seed: number) => tenCalls(startWorld({ faults: [rule], faultSeed }, seed));
  assert.equal(await named(1, 5), await named(1, 6), "whatever the other chance is");
  assert.notEqual(await named(1, 5), await named(2, 5));
});

test("bursar sandbox does what --fault, BURSAR_FAULTS and --fault-seed say", async (t) => {
  const answers = async () => {
    const env = { BURSAR_FAULTS: "server_error,path=/v1/refunds; lock_timeout,path=/v1/charges" };
    const argv = ["sandbox", "--port", "0", "--fault-seed", "7"];
    const rule = ["--fault", "rate_limit,path=/v1/customers,chance=0.5"];
    const sandbox = startBursar(t, [...argv, ...rule]);
    const others = startBursar(t, argv, env);
    const address = /local Stripe on (http:\/\/\S+?)\. /;
    const get = async (base: string, path: string) =>
      (await fetch(base + path, { headers: { authorization: `Bearer ${key}` } })).status;
    const base = await sandbox.find(address);
    const seen: number[] = [];
    for (let n = 0; n < 12; n++) seen.push(await get(base, "/v1/customers"));
    const otherBase = await others.find(address);
    seen.push(await get(otherBase, "/v1/refunds"), await get(otherBase, "/v1/charges"));
    await Promise.all([sandbox.end("SIGTERM"), others.end("SIGTERM")]);
    return seen.join(" ");
  };
  const first = await answers();
  assert.match(first, /(200.*429|429.*200).* 500 429$/);
  assert.equal(await answers(), first);
});

test("a fault is read from the command line, one after the other", () => {
  const first = collectFault("slow,path=/v1/refunds/:id,ms=500,times=3", undefined);
  const both = [
    { kind: "slow", path: "/v1/refunds/:id", ms: 500, times: 3 },
    { kind: "delivery_dropped", type: "charge.*", chance: 0.1 },
  ];
  assert.deepEqual(collectFault("delivery_dropped, type=charge.*, chance=0.1", first), both);
  const inOne = "slow,path=/v1/refunds/:id,ms=500,times=3; delivery_dropped,type=charge.*,chance=0.1;";
  assert.deepEqual(collectFault(inOne, undefined), both);
});

test("what is not part of a fault is refused", () => {
  for (const wrong of ["slow,ms=soon", "slow,colour=red", "slow,path"]) {
    assert.throws(() => collectFault(wrong, undefined), /is none of method=/);
  }
});
