// Every type of event that the sandbox can send has happened, and every page opens, as a page and as JSON: that of the
// event, that of what it is about, those of all else that came of it, and the lists. An object without an id once broke
// some of them.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import { schemaFiles } from "../../kernel/schema/files.ts";
import { doEverything, type Json } from "../../resources/testing.ts";
import { secretKey, startWorld } from "../../testing.ts";

/** What stands in the code of the resources, of all names that Stripe has. */
function sendable(): string[] {
  const folder = path.join(import.meta.dirname, "../../resources");
  const files = globSync("**/*.ts", { cwd: folder }).filter((file) => !file.endsWith(".test.ts"));
  const code = files.map((file) => readFileSync(path.join(folder, file), "utf8")).join("\n");
  const { defs, operations } = schemaFiles.family("endive");
  const lists = [operations["POST /v1/webhook_endpoints"], ...Object.values(defs)].map((one) => JSON.stringify(one));
  const ofEvents = lists.filter((list) => list.includes('"charge.captured"')).join();
  const names = new Set(ofEvents.match(/[a-z_\d]+(?:\.[a-z_\d]+)+/g));
  return [...names].filter((name) => code.includes(`"${name}"`)).sort();
}

function startInside() {
  const webhookEndpoints = [{ key: secretKey, url: "http://localhost:1/hook", secret: "whsec_test" }];
  const billing = { willBeDueDays: [1], overdueDays: [1] };
  const world = startWorld({ billing, webhookEndpoints, fetch: async () => new Response(null, { status: 200 }) });
  const open = async (address: string) => {
    const page = await world.sandbox.fetch(new Request(`http://localhost${address}`));
    const text = await page.text();
    assert.equal(page.status, 200, address);
    assert.doesNotMatch(text, /\[object Object\]|>undefined<|>NaN<|Invalid Date/, address);
    const [place, query = ""] = address.split("?");
    const twin = await world.sandbox.fetch(new Request(`http://localhost${place}.json?${query}`));
    assert.equal(twin.status, 200, `${place}.json`);
    return (await twin.json()) as Json;
  };
  return { world, open };
}

suite("after every type of event", () => {
  test("every page opens, as a page and as JSON", async () => {
    const { world, open } = startInside();
    await doEverything(world);
    const kinds = new Set<string>();
    const seen = new Set<string>();
    for (let next: unknown = ""; next !== null; ) {
      const page = await open(`/-/events${String(next)}`);
      next = page.next;
      for (const { event } of page.data as { event: { id: string; type: string; data: { object: Json } } }[]) {
        const { object } = event.data;
        kinds.add(String(object.object));
        if (seen.has(event.type)) continue;
        seen.add(event.type);
        await open(`/-/events/${event.id}`);
        await open(`/-/events?type=${event.type}`);
        const { history } = (object.id ? await open(`/-/objects/${object.id}`) : { history: [{}] }) as { history: [] };
        assert.ok(history.length > 0, `${event.type} is told of its object`);
      }
    }
    assert.deepEqual([...seen].sort(), sendable());
    const { counts } = (await open("/-/objects")) as { counts: { object: string }[] };
    for (const { object } of counts) kinds.add(object); // Some have no events of their own.
    for (const kind of kinds) {
      const { data } = (await open(`/-/objects?object=${kind}`)) as { data: Json[] };
      for (const { id } of data) await open(`/-/objects/${id}`);
    }
    for (const name of [
      "objects",
      "events",
      "endpoints",
      "machines",
      "time",
      "faults",
      "keys",
      "coverage",
      "evidence",
    ]) {
      await open(`/-/${name}`);
    }
  });
});
