// What is told of what happens comes in an order that Stripe was seen to tell it in too, with what was other before.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { countedFlows, sumOf } from "./billing_observed/count.ts";
import { type Flow, flows, mustPrecede, otherOrders } from "./billing_observed/flows.table.ts";
import { goOn, type Playing, partOf, play } from "./billing_observed/run.ts";

interface Told {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly previous_attributes?: Readonly<Record<string, unknown>> };
}

suite("what is told of what happens", () => {
  for (const flow of flows) {
    test(flow.why, async () => {
      const told = await toldOf(flow);
      const types = told.map(({ type }) => type);
      assert.deepEqual(types, typesIn(flow.told));
      const heard = new Set(types);
      for (const order of flow.seen ?? [])
        assert.deepEqual(
          typesIn(order).filter((type) => !heard.has(type)),
          [],
        );
      for (const [type, wanted] of Object.entries(flow.previous ?? {})) {
        const { previous_attributes: previous = {} } = told.find((one) => one.type === type)?.data ?? {};
        if (Array.isArray(wanted)) assert.deepEqual(Object.keys(previous).sort(), [...wanted].sort(), type);
        else assert.deepEqual(partOf(previous, wanted), previous, type);
      }
    });
  }

  test("each sequence that was seen is told, or waits for something that is named", () => {
    const { seen, told, waits, untold } = countedFlows();
    assert.equal(told + sumOf(waits) + sumOf(untold), seen);
  });

  test("what must come before what does so in every order that Stripe was seen to tell, and here", () => {
    const orders = flows.flatMap(({ told, seen = [] }) => [told, ...seen]);
    for (const order of [...orders, ...otherOrders].map(typesIn)) {
      for (const [first, second] of mustPrecede) {
        const [at, later] = [order.indexOf(first), order.indexOf(second)];
        assert.ok(at < 0 || later < 0 || at < later, `${first} before ${second} in ${order.join(", ")}`);
      }
    }
  });
});

function typesIn(text: string): string[] {
  return text.trim().split(/\s+/);
}

async function toldOf({ before = [], steps, ...flow }: Flow): Promise<Told[]> {
  const playing = await play({ ...flow, steps: before });
  const last = (await eventsOf(playing)).at(-1)?.id;
  await goOn(playing, steps);
  const all = await eventsOf(playing);
  // Those of before are forgotten after thirty days.
  return all.slice(all.findIndex(({ id }) => id === last) + 1);
}

/** All of them, oldest first. */
async function eventsOf({ world }: Playing): Promise<Told[]> {
  const { json } = await world.call("GET", "/v1/events", "limit=100");
  assert.equal(json.has_more, false);
  return (json.data as Told[]).reverse();
}
