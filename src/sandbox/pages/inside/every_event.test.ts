// Every type of event that the sandbox can send has happened, and every page opens, as a page and as JSON: that of the
// event, that of what it is about, and the lists. An object without an id once broke some of them.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import { dayMs, minuteMs } from "#kit/clock.ts";
import { schemaFiles } from "../../kernel/schema/files.ts";
import { type SandboxWorld, secretKey, startWorld } from "../../testing.ts";

type Json = Readonly<Record<string, unknown>>;

const never = "automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never";
const consent = "mandate_data[customer_acceptance][type]=offline";

async function made(world: SandboxWorld, address: string, form = ""): Promise<Json> {
  const { json } = await world.call("POST", address, form);
  assert.ok(json.id, `${address} ${form}: ${JSON.stringify(json)}`);
  return json;
}

async function paid(world: SandboxWorld, card: string, more = ""): Promise<Json> {
  const form = `amount=2000&currency=eur&confirm=true&${never}&payment_method=pm_card_${card}${more}`;
  return (await world.call("POST", "/v1/payment_intents", form)).json;
}

/** Whatever happens to customers and what they pay with. */
async function customers(world: SandboxWorld): Promise<void> {
  const customer = String((await made(world, "/v1/customers", "name=Ada")).id);
  await made(world, `/v1/customers/${customer}`, "name=Eve");
  const card = await made(world, `/v1/customers/${customer}/sources`, "source=tok_visa");
  await made(world, `/v1/customers/${customer}/sources/${card.id}`, "name=Ada");
  await world.call("DELETE", `/v1/customers/${customer}/sources/${card.id}`);
  await made(world, "/v1/sources", "type=card&token=tok_visa");
  const method = await made(world, "/v1/payment_methods/pm_card_visa/attach", `customer=${customer}`);
  await made(world, `/v1/payment_methods/${method.id}`, "billing_details[name]=Ada");
  await made(world, `/v1/payment_methods/${method.id}/detach`);
  const debit = `confirm=true&${never}&${consent}&customer=${customer}&payment_method=pm_sepaDebit_success_de`;
  const { payment_method } = await made(world, "/v1/setup_intents", debit);
  await made(world, `/v1/payment_methods/${payment_method}/detach`); // Ends its mandate.
  await world.call("DELETE", `/v1/customers/${customer}`);
}

async function intents(world: SandboxWorld): Promise<void> {
  const held = await paid(world, "visa", "&capture_method=manual");
  await made(world, `/v1/payment_intents/${held.id}/capture`);
  await paid(world, "visa", "&capture_method=manual"); // Expires after a week.
  await paid(world, "chargeDeclined");
  await paid(world, "authenticationRequired");
  await paid(world, "visa", "&capture_method=automatic_async");
  const open = await made(world, "/v1/payment_intents", "amount=2000&currency=eur");
  await made(world, `/v1/payment_intents/${open.id}/cancel`);
  const debit = `amount=2000&currency=eur&confirm=true&${never}&${consent}&payment_method=pm_sepaDebit_success_de`;
  await made(world, "/v1/payment_intents", debit);
  for (const card of ["visa", "chargeDeclined", "authenticationRequired"]) {
    await world.call("POST", "/v1/setup_intents", `confirm=true&${never}&payment_method=pm_card_${card}`);
  }
  const setup = await made(world, "/v1/setup_intents");
  await made(world, `/v1/setup_intents/${setup.id}/cancel`);
}

async function money(world: SandboxWorld): Promise<void> {
  for (const card of ["visa", "refundFail"]) {
    await made(world, "/v1/refunds", `payment_intent=${(await paid(world, card)).id}`);
  }
  const warned = await paid(world, "createIssuerFraudRecord");
  const reviewed = await paid(world, "riskLevelElevated");
  const disputed = await paid(world, "createDispute");
  await world.clock.advance(minuteMs);
  for (const { id } of [warned, reviewed]) await made(world, "/v1/refunds", `payment_intent=${id}`);
  const { json: disputes } = await world.call("GET", "/v1/disputes", `payment_intent=${disputed.id}`);
  const [dispute] = disputes.data as Json[];
  await made(world, `/v1/disputes/${dispute?.id}`, "evidence[uncategorized_text]=winning_evidence&submit=true");
  await made(world, "/v1/charges", "amount=50000&currency=eur&source=tok_bypassPending");
  const payOut = (more = "") => made(world, "/v1/payouts", `amount=100&currency=eur${more}`);
  await made(world, `/v1/payouts/${(await payOut()).id}/cancel`);
  await payOut("&destination=ba_account_closed");
  await made(world, "/v1/charges", "amount=900&currency=eur&source=tok_visa");
  await world.call("POST", "/v1/balance_settings", "payments[payouts][schedule][interval]=daily");
}

/** What stands in the code of the resources, of all names that Stripe has. */
function sendable(): string[] {
  const folder = path.join(import.meta.dirname, "../../resources");
  const files = globSync("*/*.ts", { cwd: folder }).filter((file) => !file.endsWith(".test.ts"));
  const code = files.map((file) => readFileSync(path.join(folder, file), "utf8")).join("\n");
  const { defs, operations } = schemaFiles.family("endive");
  const lists = [operations["POST /v1/webhook_endpoints"], ...Object.values(defs)].map((one) => JSON.stringify(one));
  const ofEvents = lists.filter((list) => list.includes('"charge.captured"')).join();
  const names = new Set(ofEvents.match(/[a-z_\d]+(?:\.[a-z_\d]+)+/g));
  return [...names].filter((name) => code.includes(`"${name}"`)).sort();
}

function startInside() {
  const webhookEndpoints = [{ key: secretKey, url: "http://localhost:1/hook", secret: "whsec_test" }];
  const world = startWorld({ webhookEndpoints, fetch: async () => new Response(null, { status: 200 }) });
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
    for (const deeds of [customers, intents, money]) await deeds(world);
    await world.clock.advance(20 * dayMs);
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
    for (const kind of kinds) await open(`/-/objects?object=${kind}`);
    for (const name of ["objects", "events", "endpoints", "machines", "time", "faults", "keys", "coverage"]) {
      await open(`/-/${name}`);
    }
  });
});
