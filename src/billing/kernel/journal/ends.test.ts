// Every end but done, after two of three steps: what the operation and its last call say then, and what stands at
// Stripe. A call that is over is in nobody's way; a SetupIntent is canceled, unless it is another installation's.
import assert from "node:assert/strict";
import { minuteMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { cancelEnrolling, enroll, enrollValidForMs, startToys, type ToyWorld } from "../../testing/toys.ts";
import type { BillingSql, BillingTables } from "../store/tables.ts";

const on = onEachDatabase<BillingTables>;

interface Row {
  /** What its last call meets; 401 leaves it ready to be sent. */
  readonly fault: "lost" | number;
  /** What ends it then. */
  meanwhile?(toys: ToyWorld, sql: BillingSql): Promise<unknown>;
  readonly state: string;
  readonly call: { readonly state: string; readonly http: number | null };
  readonly setup: "canceled" | "requires_payment_method";
}

const ends: Record<string, Row> = {
  refused: { fault: 402, state: "refused", call: { state: "answered", http: 402 }, setup: "canceled" },
  failed: { fault: 400, state: "failed", call: { state: "answered", http: 400 }, setup: "canceled" },
  "parked for what cannot be read": {
    fault: 299,
    state: "parked",
    call: { state: "answered", http: null },
    setup: "canceled",
  },
  expired: {
    fault: "lost",
    meanwhile: async ({ world }, sql) => {
      await sql.write("older", async (tx) => {
        await tx
          .updateTable("operations")
          .set((eb) => ({ created_at: eb("created_at", "-", enrollValidForMs) }))
          .execute();
      });
      await world.advance(10 * minuteMs);
    },
    state: "expired",
    call: { state: "canceled", http: null },
    setup: "canceled",
  },
  "withdrawn before it was sent": {
    fault: 401,
    meanwhile: ({ world, core }) => world.run(cancelEnrolling(core, "toy_1")),
    state: "canceled",
    call: { state: "canceled", http: null },
    setup: "canceled",
  },
  "left to the original of a copied database": {
    fault: 401,
    meanwhile: async ({ world, core }, sql) => {
      await sql.write("copy", async (tx) => {
        await tx.updateTable("operations").set({ instance: "ins_of_the_original" }).execute();
      });
      await world.run(core.operations.leaveOthers());
    },
    state: "canceled",
    call: { state: "canceled", http: null },
    setup: "requires_payment_method",
  },
};

for (const [end, row] of Object.entries(ends)) {
  on(
    `an operation that is ${end} leaves nothing in flight, and of its steps what is to stand`,
    async ({ url, sql }) => {
      const toys = await startToys(url);
      const { world, core } = toys;
      world.fail("POST /v1/customers/", row.fault, row.fault === "lost" ? 1_000 : 1);
      const wish = { subject: "toy_1", params: { name: "Ada" } };
      const { operationId } = await world.run(core.operations.carryOut(enroll, wish));
      world.mend();
      await row.meanwhile?.(toys, sql);
      await toys.settle();
      const { state, calls } = await sql.read("ended", async (reader) => ({
        ...(await reader
          .selectFrom("operations")
          .select("state")
          .where("id", "=", operationId)
          .executeTakeFirstOrThrow()),
        calls: await reader
          .selectFrom("calls")
          .select(["state", "http"])
          .where("operation", "=", operationId)
          .orderBy((eb) => eb("step", "=", "rename"))
          .orderBy("n")
          .execute(),
      }));
      assert.deepEqual([state, calls.at(-1)], [row.state, row.call]);
      const answered = { state: "answered", http: 200 };
      assert.deepEqual(calls.slice(0, 2), [answered, answered], "those of the steps before");
      const inFlight = await sql.read("in flight", (reader) =>
        reader
          .selectFrom("calls")
          .select("key")
          .where("state", "in", ["ready", "sent", "unknown", "finding"])
          .execute(),
      );
      assert.deepEqual(inFlight, []);
      const { data } = await world.run(world.stripe.setupIntents.list());
      assert.deepEqual(
        data.map((setup) => setup.status),
        [row.setup],
      );
      await toys.close();
    },
  );
}

on("who gives again what was refused is told what Stripe said, and nothing is asked", async ({ url }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  world.fail("POST /v1/customers", 402);
  const give = () => world.run(core.operations.carryOut(enroll, { subject: "toy_1", params: { name: "Ada" } }));
  const refused = await give();
  assert.ok(refused.state === "refused");
  assert.equal(refused.refusal.http, 402);
  world.requests.length = 0;
  assert.deepEqual(await give(), refused);
  assert.deepEqual(world.requests, []);
  await toys.close();
});
