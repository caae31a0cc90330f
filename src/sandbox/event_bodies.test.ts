// An event is the same for ever: whatever happens to its object and to what that shows (its charges, their refunds and
// disputes, a customer's sources, the method of a failed payment), it reads as it did at first, and all tries of its
// webhook send the same bytes. In every family of versions, over a kill, and for callers of any version.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { suite, test } from "node:test";
import fc from "fast-check";
import { dayMs, hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { draws, isWholeRun } from "#kit/testing.ts";
import { type VersionFamily, versionFamilies } from "./kernel/schema/schema.ts";
import { newestVersion } from "./kernel/versions/families.ts";
import { type SandboxWorld, secretKey, startWorld } from "./testing.ts";

/** The oldest shows a customer's sources unasked too. */
const versions: Readonly<Record<VersionFamily, string>> = {
  endive: newestVersion,
  dahlia: "2026-08-26.dahlia",
  clover: "2026-02-25.clover",
  basil: "2025-08-27.basil",
  acacia: "2025-02-24.acacia",
  "2024-06-20": "2024-06-20",
  "2022-11-15": "2022-11-15",
  "2020-08-27": "2020-03-02",
};

type Json = Readonly<Record<string, unknown>>;

/** Each takes a number that chooses among what there is. What is refused changes nothing, and that is right too. */
const deeds = {
  customer: (world, n) => post(world, "/v1/customers", `name=Ada ${n}`),
  renameCustomer: (world, n) => change(world, "customers", n, `name=Eve ${n}&metadata[n]=${n}`),
  addSource: (world, n) => change(world, "customers", n, "source=tok_visa", "/sources"),
  removeSource: async (world, n) => {
    const customer = await one(world, "/v1/customers", n);
    const source = customer && (await one(world, `/v1/customers/${customer.id}/sources`, n));
    return source && world.call("DELETE", `/v1/customers/${customer.id}/sources/${source.id}`);
  },
  intend: async (world, n) => {
    const customer = await one(world, "/v1/customers", n);
    return post(world, "/v1/payment_intents", `amount=${2000 + n}&currency=eur&customer=${customer?.id ?? ""}`);
  },
  pay: (world, n) => post(world, "/v1/payment_intents", `amount=2000&currency=usd&confirm=true&${method(n)}`),
  hold: (world, n) =>
    post(world, "/v1/payment_intents", `amount=900&currency=usd&capture_method=manual&confirm=true&${method(n)}`),
  confirm: (world, n) => change(world, "payment_intents", n, method(n), "/confirm"),
  capture: (world, n) => change(world, "payment_intents", n, "amount_to_capture=500", "/capture"),
  cancel: (world, n) => change(world, "payment_intents", n, "", "/cancel"),
  describeIntent: (world, n) => change(world, "payment_intents", n, `metadata[n]=${n}`),
  describeCharge: (world, n) => change(world, "charges", n, `metadata[n]=${n}&description=shoes ${n}`),
  refund: async (world, n) => {
    const charge = await one(world, "/v1/charges", n);
    return charge && post(world, "/v1/refunds", `charge=${charge.id}&amount=${1 + (n % 700)}`);
  },
  describeRefund: (world, n) => change(world, "refunds", n, `metadata[n]=${n}`),
  answerDispute: (world, n) => change(world, "disputes", n, "evidence[uncategorized_text]=winning_evidence"),
  concede: (world, n) => change(world, "disputes", n, "", "/close"),
  setUp: async (world, n) => {
    const customer = await one(world, "/v1/customers", n);
    return post(world, "/v1/setup_intents", `customer=${customer?.id ?? ""}&confirm=true&${method(n)}`);
  },
  attach: async (world, n) => {
    const customer = await one(world, "/v1/customers", n);
    const form = `customer=${customer?.id ?? ""}`;
    return post(world, "/v1/payment_methods/pm_card_chargeCustomerFail/attach", form);
  },
  payAttached: async (world, n) => {
    const { id, customer } = await attached(world, n);
    const form = `amount=2000&currency=eur&confirm=true&return_url=http://localhost/back&customer=${customer}`;
    return post(world, "/v1/payment_intents", `${form}&payment_method=${id}`);
  },
  renameMethod: async (world, n) => {
    const { id } = await attached(world, n);
    return post(world, `/v1/payment_methods/${id}`, `billing_details[name]=Eve ${n}`);
  },
  detach: async (world, n) => post(world, `/v1/payment_methods/${(await attached(world, n)).id}/detach`, ""),
  removeCustomer: async (world, n) => {
    const customer = n % 3 === 0 ? await one(world, "/v1/customers", n) : undefined;
    return customer && world.call("DELETE", `/v1/customers/${customer.id}`);
  },
  payOut: (world, n) => post(world, "/v1/payouts", `amount=${100 + n}&currency=usd`),
  wait: (world, n) => world.clock.advance(pick([secondMs, minuteMs, hourMs, dayMs, 3 * dayMs], n)),
} as const satisfies Record<string, (world: SandboxWorld, n: number) => Promise<unknown>>;

type Deed = keyof typeof deeds;
const names = Object.keys(deeds) as Deed[];
const cards = ["bypassPending", "visa", "chargeDeclined", "createDispute", "riskLevelElevated", "chargeCustomerFail"];

/** Every deed with four of its choices; a customer goes last. */
const everything: readonly Step[] = [
  ...[0, 3, 1, 2].flatMap((n) => names.filter((deed) => deed !== "removeCustomer").map((deed) => ({ deed, n }))),
  { deed: "removeCustomer", n: 0 },
];

/** What must have happened, or the test proves little. */
const kinds = [
  "charge.captured",
  "charge.dispute.closed",
  "charge.dispute.created",
  "charge.refunded",
  "charge.updated",
  "customer.deleted",
  "customer.source.deleted",
  "customer.updated",
  "payment_intent.canceled",
  "payment_intent.payment_failed",
  "payment_intent.succeeded",
  "payment_method.updated",
  "payout.paid",
  "refund.updated",
  "setup_intent.setup_failed",
];

interface Step {
  readonly deed: Deed;
  readonly n: number;
}

suite("the bodies of events", () => {
  // In the whole run every family; else the newest and the oldest, which shows most.
  for (const family of versionFamilies.filter((_, index) => isWholeRun || index % (versionFamilies.length - 1) === 0)) {
    test(`they stay the same whatever happens later (${family})`, async () => {
      const told = await assertTheSame(versions[family], everything);
      assert.deepEqual(
        kinds.filter((type) => !told.has(type)),
        [],
      );
      if (!isWholeRun && family !== versionFamilies.at(-1)) return; // one family meets chance, all meet everything
      const step = fc.record({ deed: fc.constantFrom(...names), n: fc.nat(40) });
      const plan = fc.array(step, { minLength: 10, maxLength: 30 });
      const property = fc.asyncProperty(plan, async (steps) => {
        await assertTheSame(versions[family], steps);
      });
      await fc.assert(property, { numRuns: draws(1, 20), seed: 7 });
    });
  }
});

/** Answers the types of all events. */
async function assertTheSame(version: string, plan: readonly Step[]): Promise<Set<string>> {
  const dataFolder = mkdtempSync(path.join(tmpdir(), "bursar-"));
  const bodies = new Map<string, string[]>();
  let isUp = false;
  const fetch = async (url: unknown, init?: RequestInit) => {
    const body = String(init?.body);
    const { id } = JSON.parse(body) as { id: string };
    const webhook = `${String(url)} ${id}`;
    bodies.set(webhook, [...(bodies.get(webhook) ?? []), body]);
    return new Response("", { status: isUp ? 200 : 500 });
  };
  const endpoint = { key: secretKey, secret: "whsec_a" };
  const webhookEndpoints = [
    { ...endpoint, url: "http://localhost:1", api_version: version },
    { ...endpoint, url: "http://localhost:2", api_version: versions["2020-08-27"] },
  ];
  const start = (seed: number) => startWorld({ dataFolder, fetch, webhookEndpoints, defaultVersion: version, seed });
  try {
    let world = start(7);
    const first = new Map<string, string>();
    for (const [index, { deed, n }] of plan.entries()) {
      await deeds[deed](world, n);
      for (const [id, text] of await newestEvents(world)) if (!first.has(id)) first.set(id, text);
      if (index === Math.floor(plan.length / 2)) world = start(8); // Not closed: a kill.
    }
    isUp = plan.length % 2 === 0;
    await world.clock.advance(4 * dayMs);
    for (const caller of [version, newestVersion]) {
      const again = await readEvents(world, caller);
      for (const [id, text] of first) assert.equal(again.get(id), text);
    }
    const last = await readEvents(world);
    for (const [body = "", ...retries] of bodies.values()) {
      assert.deepEqual(
        retries.filter((retry) => retry !== body),
        [],
        "one webhook has one body",
      );
      const event = JSON.parse(body) as { id: string; api_version: string };
      if (event.api_version === version) assert.equal(withoutCount(event), first.get(event.id) ?? last.get(event.id));
    }
    await world.sandbox.close();
    return new Set([...bodies.values()].map(([body = ""]) => (JSON.parse(body) as { type: string }).type));
  } finally {
    rmSync(dataFolder, { recursive: true });
  }
}

/** By id, as text without what may change: the number of endpoints that have not answered. */
async function readEvents(world: SandboxWorld, version?: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let page = await newestEvents(world, { version }); page.size > 0; ) {
    for (const [id, text] of page) found.set(id, text);
    page = await newestEvents(world, { version, after: [...page.keys()].at(-1) });
  }
  return found;
}

async function newestEvents(
  world: SandboxWorld,
  { version = newestVersion, after }: { version?: string | undefined; after?: string | undefined } = {},
): Promise<Map<string, string>> {
  const form = `limit=100${after === undefined ? "" : `&starting_after=${after}`}`;
  const { json } = await world.call("GET", "/v1/events", { form, headers: { "stripe-version": version } });
  return new Map((json.data as { id: string }[]).map((event) => [event.id, withoutCount(event)]));
}

function withoutCount(event: object): string {
  return JSON.stringify(event, (name, value: unknown) => (name === "pending_webhooks" ? 0 : value));
}

/** In the newest version, whatever the account's default is: what is done is the same everywhere. */
async function post(world: SandboxWorld, address: string, form: string): Promise<Json> {
  return (await world.call("POST", address, { form, headers: { "stripe-version": newestVersion } })).json;
}

async function change(world: SandboxWorld, noun: string, n: number, form: string, action = ""): Promise<unknown> {
  const object = await one(world, `/v1/${noun}`, n);
  return object && post(world, `/v1/${noun}/${object.id}${action}`, form);
}

async function one(world: SandboxWorld, address: string, n: number): Promise<(Json & { id: string }) | undefined> {
  const { json } = await world.call("GET", address, { form: "limit=20", headers: { "stripe-version": newestVersion } });
  const data = (json.data ?? []) as (Json & { id: string })[];
  return data.length > 0 ? pick(data, n) : undefined;
}

/** A customer's method; the newest is the one that pays nothing. */
async function attached(world: SandboxWorld, n: number): Promise<{ id: string; customer: string }> {
  const customer = (await one(world, "/v1/customers", n))?.id ?? "none";
  const id = (await one(world, `/v1/customers/${customer}/payment_methods`, 0))?.id ?? "none";
  return { id, customer };
}

function method(n: number): string {
  return `payment_method=pm_card_${pick(cards, n)}&return_url=http://localhost/back`;
}

function pick<T>(from: readonly T[], n: number): T {
  return from[n % from.length] as T; // Never empty.
}
