// A verb of three steps, whatever happens at and between them: a customer (kept), a SetupIntent (undone by a cancel),
// and the customer's name (changed, so that nothing is made).
import assert from "node:assert/strict";
import { hourMs, minuteMs, secondMs } from "#kit/clock.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { stride } from "#kit/testing.ts";
import { cancelEnrolling, enroll, enrollValidForMs, pair, startToys, type ToyWorld } from "../../testing/toys.ts";
import { claimLane } from "../store/lanes.ts";
import type { BillingTables } from "../store/tables.ts";
import { endParked, retryParked } from "./repair.ts";

const on = onEachDatabase<BillingTables>;
const params = { name: "Ada" };
const steps = [
  { step: "customer", request: "POST /v1/customers" },
  { step: "setup", request: "POST /v1/setup_intents" },
  { step: "rename", request: "POST /v1/customers/" },
] as const;

function give({ world, core }: ToyWorld, subject = "toy_1", attempt?: number) {
  return world.run(core.operations.carryOut(enroll, { subject, params, attempt }));
}

/** What the verb's own hooks were told. */
async function heard({ world, core }: ToyWorld, subject = "toy_1"): Promise<string[]> {
  const rows = await world.run(
    core.sql.read("flags", (reader) =>
      reader.selectFrom("flags").select(["kind", "detail"]).where("subject", "=", subject).orderBy("kind").execute(),
    ),
  );
  return rows.map(({ kind, detail }) => (kind === "toy_refused" ? `${kind} ${detail}` : kind));
}

/** What stands at Stripe, the oldest first. */
async function standing({ world }: ToyWorld): Promise<{ customers: (string | null)[]; setups: string[] }> {
  const customers = (await world.run(world.stripe.customers.list({ limit: 100 }))).data;
  const setups = (await world.run(world.stripe.setupIntents.list({ limit: 100 }))).data;
  return {
    customers: customers.map(({ name }) => name ?? null).toReversed(),
    setups: setups.map(({ status }) => status).toReversed(),
  };
}

/** What was asked of Stripe, but for its time. */
function sent({ world }: ToyWorld): string[] {
  return world.requests
    .filter((line) => !["GET /v1/events", "GET /v1/account"].includes(line))
    .map((line) => line.replace(/cus_\w+/, ""));
}

const whole = { customers: ["Ada"], setups: ["requires_payment_method"] };

/** As if all that was sent so far had been sent this much earlier. */
async function ageBy({ world, core }: ToyWorld, ms: number): Promise<void> {
  await world.run(
    core.sql.write("older", async (tx) => {
      await tx
        .updateTable("calls")
        .set((eb) => ({ first_sent_at: eb("first_sent_at", "-", ms) }))
        .execute();
      await tx
        .updateTable("operations")
        .set((eb) => ({ created_at: eb("created_at", "-", ms) }))
        .execute();
    }),
  );
}

on("each step is sent once, with the answers so far, and the outcome is made of all", async ({ url }) => {
  const toys = await startToys(url);
  const ended = await give(toys);
  assert.ok(ended.state === "done");
  assert.match(`${ended.outcome.customer} ${ended.outcome.setup}`, /^cus_\S+ seti_\S+$/);
  assert.equal(ended.outcome.status, "requires_payment_method");
  assert.deepEqual(await give(toys), ended, "given again, it is the same");
  assert.deepEqual(await standing(toys), whole);
  assert.deepEqual(
    sent(toys),
    steps.map(({ request }) => request),
  );
  await toys.close();
});

const sweeps = [
  { name: "is done once", fault: undefined, state: "done", customer: "Ada", setup: "requires_payment_method" },
  { name: "whose last step is refused, undoes", fault: 400, state: "failed", customer: null, setup: "canceled" },
] as const;

for (const { name, fault, state, customer, setup } of sweeps) {
  on(`what is killed at any await and given again ${name}`, async ({ url, sql }) => {
    const toys = await startToys(url);
    const { world } = toys;
    if (fault) world.fail("POST /v1/customers/", fault, 10_000);
    const dieAt = async (subject: string, killAt?: number) => {
      const { core, life } = await toys.mortal(killAt);
      const before = life.points.length;
      const ended = core.operations.carryOut(enroll, { subject, params }).then(() => core.operations.work());
      await world.run(Promise.race([ended, life.death]));
      life.kill();
      life.release();
      return { before, after: life.points.length };
    };
    const points = await dieAt("toy_0");
    assert.ok(points.after - points.before > 20, `only ${points.after - points.before} awaits`);
    const step = stride(sql.engine === "sqlite" ? 11 : 29);
    let lives = 1;
    for (let point = points.before + 1; point < points.after; point += step) {
      const subject = `toy_${point}`;
      await dieAt(subject, point);
      lives++;
      assert.equal((await give(toys, subject)).state, state, `killed at await ${point}`);
      await world.advance(10 * secondMs);
      await toys.settle();
      const { customers, setups } = await standing(toys);
      const count = Math.min(lives, 100); // a list shows the newest hundred
      assert.deepEqual(customers, new Array(count).fill(customer), `killed at await ${point}`);
      assert.deepEqual(setups, new Array(count).fill(setup), `killed at await ${point}`);
    }
    await toys.close();
  });
}

on("a key that grew old while the machine slept is not sent again", async ({ url }) => {
  const toys = await startToys(url);
  const { world } = toys;
  world.fail("POST /v1/customers", "unheard", 100);
  assert.equal((await give(toys)).state, "open");
  world.requests.length = 0;
  world.mend();
  await toys.sleep(25 * hourMs);
  await toys.settle();
  assert.equal((await give(toys)).state, "done");
  assert.deepEqual(sent(toys), ["GET /v1/customers", "POST /v1/setup_intents", "POST /v1/customers/"]);
  assert.deepEqual(await standing(toys), whole);
  await toys.close();
});

on("a change whose object Stripe does not show when it is looked for is made again", async ({ url }) => {
  const toys = await startToys(url);
  const { world } = toys;
  world.fail("POST /v1/customers/", "lost", 100);
  assert.equal((await give(toys)).state, "open");
  world.mend();
  await ageBy(toys, 24 * hourMs);
  world.fail("GET /v1/customers/", 404);
  assert.equal((await give(toys)).state, "done");
  assert.deepEqual(await standing(toys), whole);
  const calls = await toys.core.sql.read("calls", (reader) =>
    reader.selectFrom("calls").select(["n", "state"]).where("step", "=", "rename").orderBy("n").execute(),
  );
  const told = [
    { n: 1, state: "absent" },
    { n: 2, state: "answered" },
  ];
  assert.deepEqual(calls, told, "of each call it stays known what became of it");
  await toys.close();
});

on("a refused step undoes those before it, the last one first", async ({ url }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  const customer = (await world.run(world.stripe.customers.create({}))).id;
  const givePair = async (subject: string) => {
    const ended = await world.run(core.operations.carryOut(pair, { subject, params: { customer } }));
    world.requests.length = 0;
    await toys.settle();
    const undone = world.requests.filter((line) => line.startsWith("POST")).map((line) => line.split("/")[2]);
    return { state: ended.state, undone };
  };
  world.fail("POST /v1/customers/", 402);
  assert.deepEqual(await givePair("pair_1"), { state: "refused", undone: ["payment_intents", "setup_intents"] });
  world.fail("POST /v1/payment_intents", 400);
  assert.deepEqual(await givePair("pair_2"), { state: "failed", undone: ["setup_intents"] });
  world.fail("POST /v1/setup_intents", 400);
  assert.deepEqual(await givePair("pair_3"), { state: "failed", undone: [] });
  assert.deepEqual((await standing(toys)).setups, ["canceled", "canceled"]);
  const filed = await core.sql.read("filed", (reader) =>
    reader.selectFrom("operations").select("promised").distinct().where("verb", "=", "toys.cancel_intent").execute(),
  );
  assert.deepEqual(filed, [{ promised: 1 }], "nobody waits for them: were they not done, it would be told");
  const { data } = await world.run(world.stripe.paymentIntents.list());
  assert.deepEqual(
    data.map(({ status }) => status),
    ["canceled"],
  );
  await toys.close();
});

on("the next attempt takes over what was kept and makes again what was undone", async ({ url }) => {
  const toys = await startToys(url);
  toys.world.fail("POST /v1/customers/", 400);
  assert.equal((await give(toys)).state, "failed");
  await toys.settle();
  assert.deepEqual(await standing(toys), { customers: [null], setups: ["canceled"] });
  assert.deepEqual(await heard(toys), ["toy_refused api_error"]);
  assert.equal((await give(toys, "toy_1", 2)).state, "done");
  assert.deepEqual(await standing(toys), { customers: ["Ada"], setups: ["canceled", "requires_payment_method"] });
  await assert.rejects(give(toys, "toy_1", 3), { code: "wrong_state" });
  await toys.close();
});

on("what is taken over is of the attempt just before, and of the same wish", async ({ url, sql }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  assert.equal((await give(toys, "toy_1")).state, "done");
  await world.run(core.operations.carryOut(pair, { subject: "toy_2", params: { customer: "cus_none" } }));
  world.fail("POST /v1/customers", 400);
  const { state, operationId } = await give(toys, "toy_2");
  assert.equal(state, "failed", "at its first step: nothing is kept");
  await sql.write("beside", async (tx) => {
    const row = await tx.selectFrom("operations").selectAll().where("id", "=", operationId).executeTakeFirstOrThrow();
    const others = ["verb", "subject", "instance"].flatMap((column) => [{ [column]: "a" }, { [column]: "z" }]);
    for (const [n, other] of [...others, { mode: "live" as const }].entries()) {
      const values = { ...row, attempt: 2, ...other, id: `${"~".repeat(n % 2)}${n}` };
      await tx.insertInto("operations").values(values).execute();
    }
  });
  world.fail("POST /v1/customers/", 400);
  assert.equal((await give(toys, "toy_2", 2)).state, "failed", "at its last step: its customer is kept");
  assert.equal((await give(toys, "toy_2", 3)).state, "done");
  assert.deepEqual((await standing(toys)).customers, ["Ada", "Ada"], "one of each");
  await toys.close();
});

on("a cancel between two steps ends it there: told, kept what is kept, undone the rest", async ({ url }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  const cancel = (subject: string) => world.run(cancelEnrolling(core, subject));
  // The second call is ready and has not left: a rejected key did nothing.
  world.fail("POST /v1/setup_intents", 401);
  assert.equal((await give(toys)).state, "open");
  assert.equal((await cancel("toy_1")).kind, "canceled");
  await toys.settle();
  assert.deepEqual(await heard(toys), ["toy_canceled", "toy_refused withdrawn"]);
  assert.deepEqual(await standing(toys), { customers: [null], setups: [] });
  // The second call is on its way: it is heard out, then undone, and the third is never sent.
  world.fail("POST /v1/setup_intents", "unheard", 100);
  assert.equal((await give(toys, "toy_2")).state, "open");
  assert.equal((await cancel("toy_2")).kind, "requested");
  world.mend();
  await world.advance(10 * minuteMs);
  await toys.settle();
  assert.equal((await give(toys, "toy_2")).state, "canceled");
  assert.deepEqual(await heard(toys, "toy_2"), ["toy_canceled", "toy_refused withdrawn"]);
  assert.deepEqual(await standing(toys), { customers: [null, null], setups: ["canceled"] });
  await toys.close();
});

on("a cancel while another call of the lane is in the air is seen to when that has ended", async ({ url }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  const customer = (await world.run(world.stripe.customers.create({}))).id;
  world.fail("POST /v1/customers", 401);
  assert.equal((await give(toys, "toy_2")).state, "open");
  world.fail("POST /v1/setup_intents", "slow");
  const first = core.operations.carryOut(pair, { subject: "toy_1", params: { customer } });
  await world.advance(100);
  const second = core.operations.carryOut(enroll, { subject: "toy_1", params });
  await world.advance(100);
  assert.equal((await world.run(cancelEnrolling(core, "toy_1"))).kind, "requested");
  const [{ state }, ended] = await world.run(Promise.all([first, second]));
  await world.advance(minuteMs);
  await toys.settle();
  assert.deepEqual([state, ended.state === "open" ? (await give(toys)).state : ended.state], ["done", "canceled"]);
  assert.deepEqual(await heard(toys), ["toy_canceled", "toy_refused withdrawn"]);
  assert.equal((await give(toys, "toy_2")).state, "done", "of this one nothing was wished");
  await toys.close();
});

for (const { step, request } of steps) {
  on(`after 23 hours the key of "${step}" is not trusted: what it did is found, and it goes on`, async ({ url }) => {
    const toys = await startToys(url);
    const { world } = toys;
    world.fail(request, "unheard", 100);
    assert.equal((await give(toys)).state, "open");
    const sent = world.requests.filter((line) => line.startsWith(request)).length;
    world.mend();
    await ageBy(toys, 23 * hourMs);
    await world.advance(10 * minuteMs);
    await toys.settle();
    assert.equal((await give(toys)).state, "done");
    assert.deepEqual(await standing(toys), whole);
    const after = world.requests.filter((line) => line.startsWith(request)).length - sent;
    assert.equal(after, step === "customer" ? 1 : 0, "the first one's path begins the third's");
    await toys.close();
  });

  on(`past its time "${step}" is not sent again before it is known what stands`, async ({ url }) => {
    const toys = await startToys(url);
    const { world } = toys;
    world.fail(request, "lost", 100);
    assert.equal((await give(toys)).state, "open");
    world.mend();
    await ageBy(toys, enrollValidForMs);
    world.requests.length = 0;
    await world.advance(10 * minuteMs);
    await toys.settle();
    assert.equal((await give(toys)).state, "expired");
    assert.deepEqual(
      world.requests.filter((line) => line.startsWith("POST") && !line.endsWith("/cancel")),
      [],
    );
    assert.ok(
      world.requests.some((line) => line.startsWith("GET")),
      "it was looked for",
    );
    assert.deepEqual(await heard(toys), ["toy_expired", "toy_refused expired"]);
    const { setups } = await standing(toys);
    assert.deepEqual(setups, step === "rename" ? ["canceled"] : []);
    assert.equal((await give(toys, "toy_1", 2)).state, "done", "who still wishes it says so");
    await toys.close();
  });
}

on("a key's age counts from the first time that it was sent under, however often since", async ({ url }) => {
  const toys = await startToys(url);
  const { world } = toys;
  world.fail("POST /v1/customers", "unheard", 1_000);
  assert.equal((await give(toys)).state, "open");
  await ageBy(toys, 12 * hourMs);
  await world.advance(10 * minuteMs);
  await toys.settle();
  world.mend();
  world.fail("POST /v1/customers", 401); // a try that does not count
  await world.advance(10 * minuteMs);
  assert.equal(await world.run(toys.core.operations.work()), 1);
  await ageBy(toys, 12 * hourMs);
  world.requests.length = 0;
  await world.advance(10 * minuteMs);
  await toys.settle();
  assert.equal((await give(toys)).state, "done");
  assert.deepEqual(sent(toys), ["GET /v1/customers", "POST /v1/setup_intents", "POST /v1/customers/"]);
  await toys.close();
});

on("past its time, what was done nevertheless is found, and what has not left is not sent", async ({ url }) => {
  const toys = await startToys(url);
  const { world } = toys;
  world.fail("POST /v1/customers/", "unheard", 100);
  assert.equal((await give(toys)).state, "open");
  world.mend();
  await ageBy(toys, enrollValidForMs);
  await world.advance(10 * minuteMs);
  await toys.settle();
  assert.equal((await give(toys)).state, "done");
  world.fail("POST /v1/setup_intents", 401);
  assert.equal((await give(toys, "toy_2")).state, "open");
  await ageBy(toys, enrollValidForMs);
  world.requests.length = 0;
  await world.advance(10 * minuteMs);
  await toys.settle();
  assert.equal((await give(toys, "toy_2")).state, "expired");
  assert.deepEqual(world.requests, [], "nothing left under this key: nothing is asked either");
  await toys.close();
});

on("nothing else of a lane runs between its steps, and what waits goes on by itself", async ({ url }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  const customer = (await world.run(world.stripe.customers.create({}))).id;
  world.fail("POST /v1/setup_intents", 401);
  assert.equal((await give(toys)).state, "open");
  world.requests.length = 0;
  const behind = world.run(core.operations.carryOut(pair, { subject: "toy_1", params: { customer } }));
  assert.equal((await behind).state, "open", "its caller is told that it is on its way");
  assert.equal(world.requests.length, 0);
  await world.advance(minuteMs);
  await toys.settle();
  assert.deepEqual(
    world.requests.map((line) => line.replace(/cus_\w+/, ":id")),
    [
      "POST /v1/setup_intents",
      "POST /v1/customers/:id",
      "POST /v1/setup_intents",
      "POST /v1/payment_intents",
      "POST /v1/customers/:id",
    ],
  );
  await toys.close();
});

on("whose lane was taken over while its call was in the air writes nothing of the answer", async ({ url, sql }) => {
  const toys = await startToys(url);
  const { world } = toys;
  world.fail("POST /v1/customers/", "slow");
  const slow = give(toys);
  await world.advance(9 * secondMs); // longer than a lease
  const { core: other } = await toys.mortal();
  const quick = await world.run(other.operations.carryOut(enroll, { subject: "toy_1", params }));
  assert.equal(quick.state, "done");
  await world.run(slow);
  const rows = () =>
    sql.read("rows", async (reader) => [
      await reader.selectFrom("operations").selectAll().orderBy("id").execute(),
      await reader.selectFrom("calls").selectAll().orderBy("key").execute(),
      await reader.selectFrom("lanes").selectAll().execute(),
    ]);
  const before = await rows();
  await world.advance(minuteMs);
  assert.deepEqual(await rows(), before);
  assert.ok(!world.log.some((line) => line.includes("operation.try_failed")));
  await toys.close();
});

on("what has been sent stays before what was filed at the same moment", async ({ url, sql }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  const customer = (await world.run(world.stripe.customers.create({}))).id;
  world.fail("POST /v1/customers", "unheard");
  world.fail("POST /v1/customers", "lost", 100);
  const held = { key: "toy:toy_1", owner: "another", now: core.ports.clock.now() };
  await sql.write("held", async (tx) => void (await claimLane(tx, held))); // so that it waits for its turn too
  const first = await give(toys);
  const beside = Array.from({ length: 8 }, (_, n) => ({ subject: `toy_1|${n}`, params: { customer } }));
  await world.run(Promise.all(beside.map((wish) => core.operations.carryOut(pair, wish))));
  await sql.write("same", async (tx) => {
    await tx.updateTable("operations").set({ turn: 1 }).where("verb", "=", "toys.pair").execute();
  });
  const ids = await sql.read("ids", (reader) => reader.selectFrom("operations").select("id").execute());
  assert.ok(
    ids.some(({ id }) => id < first.operationId),
    "some would come first by their ids",
  );
  world.mend();
  world.requests.length = 0;
  await world.advance(10 * minuteMs);
  await toys.settle();
  assert.deepEqual(
    sent(toys).slice(0, 3),
    steps.map(({ request }) => request),
  );
  await toys.close();
});

on("an operation of a verb that no resource has is flagged, holds its lane, and stops no worker", async ({ url }) => {
  const toys = await startToys(url);
  const { world, core } = toys;
  world.fail("POST /v1/setup_intents", 401);
  const open = await give(toys);
  const rename = (from: string, to: string) =>
    world.run(
      core.sql.write("verb", async (tx) => {
        await tx.updateTable("operations").set({ verb: to }).where("verb", "=", from).execute();
      }),
    );
  await rename("toys.enroll", "toys.of_tomorrow");
  await world.advance(minuteMs);
  await toys.settle();
  await toys.settle();
  const said = world.log.filter((line) => line.includes("operation.unreadable"));
  assert.equal(said.length, 1, "and is not read again at once");
  const [flag] = (await world.run(world.billing.flags.list())).data;
  assert.deepEqual([flag?.kind, flag?.subject], ["operation_unreadable", open.operationId]);
  assert.match(flag?.detail ?? "", /toys\.of_tomorrow/);
  assert.equal((await give(toys, "toy_2")).state, "done", "others go on");
  await rename("toys.of_tomorrow", "toys.enroll");
  await world.advance(2 * minuteMs);
  await toys.settle();
  assert.equal((await give(toys)).state, "done", "the program that knows it carries it on");
  await toys.close();
});

on(
  "an answer that a step cannot read is for a human, who may look again, unless steps were undone",
  async ({ url }) => {
    const toys = await startToys(url);
    const { world, core } = toys;
    const now = () => world.ports.clock.now();
    const retry = (id: string) =>
      world.run(core.sql.write("retry", (tx) => retryParked(core.kernel, tx, { id, now: now() })));
    world.fail("POST /v1/setup_intents", 299);
    const parked = await give(toys);
    assert.equal(parked.state, "parked");
    const [flag] = (await world.run(world.billing.flags.list())).data;
    assert.deepEqual([flag?.kind, flag?.subject], ["operation_parked", parked.operationId]);
    const elsewhere = world.run(world.billing.operations.retry(parked.operationId));
    await assert.rejects(elsewhere, { code: "operation_unreadable" }, "the world's own billing has no toys");
    assert.ok(await retry(parked.operationId));
    await toys.settle();
    assert.equal((await give(toys)).state, "done");
    assert.deepEqual(await standing(toys), whole);
    const customer = (await world.run(world.stripe.customers.create({}))).id;
    world.fail("POST /v1/customers/", 299);
    const wish = { subject: "pair_1", params: { customer } };
    const undone = await world.run(core.operations.carryOut(pair, wish));
    assert.equal(undone.state, "parked");
    await assert.rejects(retry(undone.operationId), { code: "wrong_state" });
    const end = { id: undone.operationId, reason: "Undone", now: now() };
    assert.ok(await world.run(core.sql.write("end", (tx) => endParked(core.kernel, tx, end))));
    assert.equal((await world.run(core.operations.carryOut(pair, { ...wish, attempt: 2 }))).state, "done");
    await toys.close();
  },
);
