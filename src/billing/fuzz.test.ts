// Whatever a program hands to the TypeScript API: an answer, or a Problem with what is wrong. Never another error, and
// never one thrown before there is a promise to catch it.
import assert from "node:assert/strict";
import { isProblem } from "#kit/problems.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { cases } from "#kit/testing.ts";
import { createOrder, startWorld } from "./testing/index.ts";

const junk: readonly unknown[] = [
  undefined,
  null,
  0,
  -1,
  1.5,
  Number.NaN,
  10n,
  true,
  "",
  "order_1",
  "nul\0",
  "half \ud800",
  "x".repeat(5_000),
  Symbol("s"),
  [],
  {},
  () => "order_1",
  new Date(Number.NaN),
  Object.create(null),
];

type Method = (...args: unknown[]) => unknown;

const fields = [
  ..."id orderId customerId email name phone address locale taxExempt currency lines capture metadata".split(" "),
  ..."amount reason attempt returnUrl".split(" "),
  ..."limit cursor status state verb subject handler factId".split(" "),
];
const nouns = ["customers", "methods", "orders", "refunds", "inbox", "flags", "operations", "deliveries"] as const;
const good = { id: "order_2", currency: "eur", lines: [{ description: "Tea", quantity: 1, unitAmount: 100 }] };

/** The junk itself, and junk in each field of an object that is good but for it; in `npm test` every fifth of these. */
const fieldsOfJunk = fields.flatMap((field) => junk.map((value) => ({ ...good, [field]: value })));
const objects = [...junk, ...fieldsOfJunk.filter((_one, index) => index % cases(5, 1) === 0)];
const lines = junk.flatMap((value) => [
  { ...good, lines: [value] },
  ...["description", "quantity", "unitAmount"].map((field) => ({
    ...good,
    lines: [{ ...good.lines[0], [field]: value }],
  })),
  { ...good, metadata: { key: value } },
]);

onEachDatabase("a public method answers or throws a Problem, whatever it is given", async ({ url, sql }) => {
  await sql.close();
  const world = await startWorld({ url, isStarted: false });
  await createOrder(world, "order_1");
  const wrong: string[] = [];
  const call = async (name: string, method: Method, args: readonly unknown[]) => {
    try {
      await world.run(method(...args) as Promise<unknown>);
    } catch (error) {
      if (!isProblem(error)) wrong.push(`${name}(${args.map(shown).join(", ")}): ${String(error)}`);
    }
  };
  for (const noun of nouns) {
    for (const [verb, method] of Object.entries(world.billing[noun] as unknown as Record<string, Method>)) {
      for (const value of junk) await call(`${noun}.${verb}`, method, [value]);
      for (const value of verb === "create" && noun === "orders" ? lines : [])
        await call("orders.create", method, [value]);
      for (const value of objects) {
        if (method.length < 2) await call(`${noun}.${verb}`, method, [value]);
        else await call(`${noun}.${verb}`, method, ["order_1", value]);
      }
    }
  }
  for (const value of junk) {
    await call("tick", world.billing.tick as never, [value]);
    await call("on", async (...args) => world.billing.on(...(args as Parameters<typeof world.billing.on>)), [value]);
  }
  assert.deepEqual(wrong, []);
  await world.close();
});

function shown(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
