// The official Stripe CLI, unmodified, against the sandbox: its binary must not notice the difference. It comes in over
// a unix socket, where it believes to speak to api.stripe.com, and over TCP by its hidden flag --api-base.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import Stripe from "stripe";
import { systemPorts } from "#kit/create_ports.ts";
import { silentLog } from "#kit/log.ts";
import { isWholeRun } from "#kit/testing.ts";
import { createSandbox, type Sandbox } from "../src/sandbox/index.ts";
import { type Cli, type Door, eventually, findBinary, openCli } from "./stripecli/cli.ts";
import { type Receiver, startReceiver } from "./stripecli/receiver.ts";
import {
  eventOfTrigger,
  triggersBeforeBasil,
  triggersBeforeClover,
  triggersBeforeEndive,
  triggersHere,
  triggersNotYet,
  triggersOutOfScope,
} from "./stripecli_triggers.table.ts";

/** An account's default. The CLI's fixtures name `payment_method_types`, which a newer one, endive, refuses. */
const accountVersion = "2026-08-26.dahlia";
const secretKey = "sk_test_bursar_cli";

interface World {
  readonly cli: Cli;
  readonly sandbox: Sandbox;
  readonly stripe: Stripe;
  readonly receiver: Receiver;
}

const doors = {
  "a unix socket": (_url: string, socketPath: string): Door => ({ socketPath }),
  "--api-base": (url: string): Door => ({ apiBase: url }),
};

async function inWorld(
  binary: string,
  enter: (url: string, socketPath: string) => Door,
  story: (world: World) => Promise<void>,
  defaultVersion?: string,
): Promise<void> {
  const sandbox = createSandbox({
    ...systemPorts({ log: silentLog() }),
    ...(defaultVersion && { defaultVersion }),
  });
  const receiver = await startReceiver();
  const folder = mkdtempSync(path.join(tmpdir(), "bursar-socket-"));
  const socketPath = path.join(folder, "stripe.sock");
  const { url, port } = await sandbox.listen({ port: 0, socketPath });
  const cli = openCli(binary, secretKey, enter(url, socketPath));
  const stripe = new Stripe(secretKey, { host: "127.0.0.1", port, protocol: "http", telemetry: false });
  try {
    await story({ cli, sandbox, stripe, receiver });
  } finally {
    await cli.close();
    await sandbox.close();
    await receiver.close();
    rmSync(folder, { recursive: true });
  }
}

/** `stripe listen`, ready, with its secret in the receiver's hands. */
async function listen({ cli, receiver }: World, ...flags: string[]): Promise<void> {
  const listening = cli.start("listen", ...flags, "--forward-to", receiver.url);
  const [, secret = ""] = await listening.until(/Ready!.*signing secret is (whsec_\w+)/);
  receiver.secret = secret;
}

/** The next event of that type to reach the receiver. */
function arrival({ receiver }: World, type: string): Promise<Stripe.Event> {
  const seen = receiver.received.length;
  return eventually(
    `a verified ${type}`,
    () => receiver.received.slice(seen).find((event) => event.type === type),
    () => receiver.refused.join(),
  );
}

const eventOf = (trigger: string) => eventOfTrigger[trigger] ?? trigger;

function jsonOf(text: string): Record<string, unknown> {
  return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
}

/** Runs a trigger, and answers undefined, or what is wrong. */
async function playTrigger(
  { cli, stripe }: World,
  name: string,
  ...flags: readonly string[]
): Promise<string | undefined> {
  const type = eventOf(name) as Stripe.EventListParams["type"];
  const before = await stripe.events.list({ type, limit: 1 });
  const { code, text } = await cli.run("trigger", name, ...flags);
  if (code !== 0) return `${name}: ${text.slice(-400)}`;
  // What a test clock brings comes after its answer.
  const find = async () => {
    const { data } = await stripe.events.list({ type, limit: 1 });
    return data.find(({ id }) => id !== before.data[0]?.id);
  };
  return eventually(`the event of ${name}`, find).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

const binary = findBinary();

if (!binary) {
  test("the official Stripe CLI", { skip: "@stripe/cli has no binary for this platform" }, () => {});
} else {
  testLists(binary);
  const entries = Object.entries(doors);
  for (const [place, [name, enter]] of entries.entries()) {
    // In a sample every fifth trigger is played, by one door.
    const triggers = triggersHere.filter((_name, index) => isWholeRun || index % (5 * entries.length) === place);
    describe(`the official Stripe CLI over ${name}`, () => {
      const testAtOneDoor = inTurn(place, entries.length);
      testDoor((story) => inWorld(binary, enter, story), { triggers, testAtOneDoor });
    });
  }
  testVersions(binary);
}

/** In a sample each is played at one door, by turns: what the CLI does at the other differs by how it gets there. */
function inTurn(place: number, doorCount: number): (name: string, work: () => Promise<void>) => void {
  let nth = 0;
  return (name, work) => {
    const isMine = nth++ % doorCount === place;
    if (isWholeRun || isMine) void test(name, work);
  };
}

function testLists(binary: string): void {
  test("every name of `stripe trigger` is in exactly one list", () => {
    const help = execFileSync(binary, ["trigger", "--help"], { encoding: "utf8" });
    const [, names = ""] = /Supported events:\n([\s\S]*?)\n\n/.exec(help) ?? [];
    const known = names.split("\n").map((line) => line.trim());
    assert.ok(known.length > 100, "the help lists its events");
    const before = [...triggersBeforeBasil, ...triggersBeforeClover];
    const lists = [...triggersHere, ...before, ...triggersNotYet, ...triggersOutOfScope];
    assert.deepEqual(lists.toSorted(), known.toSorted());
  });
}

function testDoor(
  inWorld: (story: (world: World) => Promise<void>) => Promise<void>,
  {
    triggers,
    testAtOneDoor,
  }: { triggers: readonly string[]; testAtOneDoor: (name: string, work: () => Promise<void>) => void },
): void {
  testAtOneDoor("get, post and resource commands", () =>
    inWorld(async ({ cli }) => {
      const made = jsonOf((await cli.run("post", "/v1/customers", "-d", "name=Ada", "-d", "metadata[a]=b")).text);
      assert.equal(made.name, "Ada");
      assert.deepEqual(made.metadata, { a: "b" });
      const id = String(made.id);
      assert.equal(jsonOf((await cli.run("get", `/v1/customers/${id}`)).text).id, id);
      assert.equal(jsonOf((await cli.run("customers", "update", id, "--name", "Bea")).text).name, "Bea");
      const list = jsonOf((await cli.run("customers", "list", "--limit", "3")).text);
      assert.deepEqual(
        (list.data as { id: string }[]).map((customer) => customer.id),
        [id],
      );
      assert.equal(jsonOf((await cli.run("customers", "delete", id, "--confirm")).text).deleted, true);
      assert.match((await cli.run("get", "/v1/customers/cus_none")).text, /No such customer: 'cus_none'/);
    }),
  );

  testAtOneDoor("fixtures play in order and use what they made", () =>
    inWorld(async ({ cli, stripe }) => {
      const file = path.join(cli.home, "fixtures.json");
      writeFileSync(file, JSON.stringify(fixtures));
      const { code, text } = await cli.run("fixtures", file);
      assert.equal(code, 0, text);
      const intents = await stripe.paymentIntents.list();
      const customers = await stripe.customers.list();
      assert.equal(intents.data[0]?.customer, customers.data[0]?.id);
      assert.equal(intents.data[0]?.status, "succeeded");
    }),
  );

  test("every trigger of ours sends its event, and listen forwards it verifiably", () =>
    inWorld(async (world) => {
      await listen(world, "--all-snapshot");
      const problems: string[] = [];
      for (const name of triggers) {
        const problem = await playTrigger(world, name);
        if (problem) problems.push(problem);
      }
      assert.deepEqual(problems, []);
      const { receiver, stripe } = world;
      for (const name of triggers) {
        const found = await eventually(`a verified ${name}`, () =>
          receiver.received.find((event) => event.type === eventOf(name)),
        );
        const event = await stripe.events.retrieve(found.id);
        assert.equal(event.type, eventOf(name));
        assert.equal(found.api_version, accountVersion);
      }
      assert.deepEqual(receiver.refused, []);
      const ids = receiver.received.map((event) => event.id);
      assert.equal(new Set(ids).size, ids.length, "each event is forwarded once");
    }));

  testAtOneDoor("listen forwards chosen events, and all of them in the newest version", () =>
    inWorld(async (world) => {
      const { cli, stripe, receiver } = world;
      const chosen = cli.start("listen", "--events", "customer.updated", "--forward-to", receiver.url);
      receiver.secret = (await chosen.until(/signing secret is (whsec_\w+)/))[1] ?? "";
      const printed = await cli.run("listen", "--print-secret");
      assert.equal(printed.text.trim(), receiver.secret, "one device has one secret");
      const { id } = await stripe.customers.create();
      const updated = arrival(world, "customer.updated");
      await stripe.customers.update(id, { name: "Ada" });
      assert.equal((await updated).api_version, accountVersion);
      assert.deepEqual(
        receiver.received.map((event) => event.type),
        ["customer.updated"],
      );
      await chosen.until(/\[200\] POST http:\/\/127\.0\.0\.1/);
      await chosen.stop();

      await listen(world, "--all-snapshot", "--latest");
      const created = arrival(world, "customer.created");
      await stripe.customers.create();
      assert.match((await created).api_version ?? "", /endive$/);
    }),
  );

  testAtOneDoor("listen without a receiver prints, and with the account's endpoints forwards by their lists", () =>
    inWorld(async (world) => {
      const { cli, stripe, receiver } = world;
      const enabled_events: Stripe.WebhookEndpointCreateParams.EnabledEvent[] = ["customer.deleted"];
      await stripe.webhookEndpoints.create({ url: "https://shop.example/webhook", enabled_events });
      const printing = cli.start("listen");
      await printing.until(/Ready!/);
      const origin = new URL(receiver.url).origin;
      const configured = cli.start("listen", "-a", "--all-snapshot", "--forward-to", origin);
      receiver.secret = (await configured.until(/signing secret is (whsec_\w+)/))[1] ?? "";
      const deleted = arrival(world, "customer.deleted");
      const { id } = await stripe.customers.create();
      await stripe.customers.del(id);
      await deleted;
      await printing.until(/--> customer\.deleted \[evt_/);
      assert.deepEqual(
        receiver.received.map((event) => event.type),
        ["customer.deleted"],
      );
    }),
  );

  testAtOneDoor("events resend: to the CLIs that listen, or to one endpoint", () =>
    inWorld(async (world) => {
      const { cli, stripe, receiver, sandbox } = world;
      await listen(world, "--all-snapshot");
      const first = arrival(world, "customer.created");
      await stripe.customers.create();
      const { id } = await first;
      const second = arrival(world, "customer.created");
      assert.equal(jsonOf((await cli.run("events", "resend", id)).text).id, id);
      assert.equal((await second).id, id);

      const enabled_events: Stripe.WebhookEndpointCreateParams.EnabledEvent[] = ["customer.deleted"];
      const endpoint = await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events });
      receiver.secret = endpoint.secret ?? "";
      const third = arrival(world, "customer.created");
      await cli.run("events", "resend", id, `--webhook-endpoint=${endpoint.id}`);
      assert.equal((await third).id, id);
      await eventually("the try in the log", () => sandbox.attempts().find(({ event }) => event === id));
      const missing = await cli.run("events", "resend", id, "--webhook-endpoint=we_none");
      assert.match(missing.text, /No such webhook_endpoint: 'we_none'/);
    }),
  );

  testAtOneDoor("logs tail prints requests, filtered, with what was wrong", () =>
    inWorld(async ({ cli, stripe }) => {
      const all = cli.start("logs", "tail");
      const posts = cli.start("logs", "tail", "--filter-http-method", "POST", "--filter-status-code-type", "4XX");
      await all.until(/Ready!/);
      await posts.until(/Ready!/);
      await stripe.customers.list();
      await stripe.customers.create({ name: "Ada" });
      await assert.rejects(stripe.customers.update("cus_none", { name: "Bea" }));
      await all.until(/\[200\] GET \/v1\/customers \[req_\w+\]/);
      await all.until(/\[200\] POST \/v1\/customers \[req_\w+\]/);
      await posts.until(/\[404\] POST \/v1\/customers\/cus_none \[req_\w+\][\s\S]*No such customer: 'cus_none'/);
      assert.doesNotMatch(posts.text(), /\[200\]|GET/);
    }),
  );
}

function testVersions(binary: string): void {
  const inEndive = (story: (world: World) => Promise<void>) =>
    inWorld(binary, doors["a unix socket"], story, "2026-10-28.endive");
  const sampled = (names: readonly string[]) => names.filter((_name, index) => isWholeRun || index % 12 === 0);

  test("an endive account takes every fixture of the CLI that names no list of payment methods", () =>
    inEndive(async (world) => {
      const others = triggersHere.filter((name) => !triggersBeforeEndive.includes(name));
      const problems: (string | undefined)[] = [];
      for (const name of sampled(others)) problems.push(await playTrigger(world, name));
      assert.deepEqual(problems.filter(Boolean), []);
    }));

  test("those that name one it refuses for that parameter, unless they ask for an older version", () =>
    inEndive(async (world) => {
      for (const name of sampled(triggersBeforeEndive)) {
        const refused = await world.cli.run("trigger", name);
        assert.notEqual(refused.code, 0, name);
        assert.match(refused.text, /payment_method_types is no longer supported/, name);
        assert.equal(await playTrigger(world, name, "--api-version", accountVersion), undefined);
      }
    }));

  test("those that put a coupon on a customer are refused since basil, unless they ask for an older version", () =>
    inWorld(binary, doors["a unix socket"], async (world) => {
      for (const name of triggersBeforeBasil) {
        const refused = await world.cli.run("trigger", name);
        assert.notEqual(refused.code, 0, name);
        assert.match(refused.text, /Received unknown parameter: coupon/, name);
        assert.equal(await playTrigger(world, name, "--api-version", "2025-02-24.acacia"), undefined);
      }
    }));

  test("those that count the periods of a phase are refused since clover, unless they ask for an older version", () =>
    inWorld(binary, doors["a unix socket"], async (world) => {
      for (const name of sampled(triggersBeforeClover)) {
        const refused = await world.cli.run("trigger", name);
        assert.notEqual(refused.code, 0, name);
        assert.match(refused.text, /Received unknown parameters?: phases\[0\]\[iterations\]/, name);
        assert.equal(await playTrigger(world, name, "--api-version", "2025-08-27.basil"), undefined);
      }
    }));
}

const fixtures = {
  _meta: { template_version: 0 },
  fixtures: [
    { name: "customer", path: "/v1/customers", method: "post", params: { name: "Ada" } },
    {
      name: "payment",
      path: "/v1/payment_intents",
      method: "post",
      params: {
        amount: 2000,
        currency: "eur",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the CLI fills it in
        customer: "${customer:id}",
        payment_method: "pm_card_visa",
        payment_method_types: ["card"],
        confirm: true,
      },
    },
  ],
};
