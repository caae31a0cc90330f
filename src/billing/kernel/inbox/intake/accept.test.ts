// Who is believed, and what becomes of those who are not.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { secondMs } from "#kit/clock.ts";
import { type DatabaseWorld, onEachDatabase } from "#kit/sql/testing.ts";
import { coreOn } from "../../../testing/core.ts";
import { optionsFor, startWorld } from "../../../testing/index.ts";
import type { BillingTables } from "../../store/tables.ts";

const on = onEachDatabase<BillingTables>;
const [secret = ""] = optionsFor("unused").stripe.webhookSecrets;
const body = Buffer.from('{"id":"evt_1","object":"event"}');

function signed(what: Uint8Array, timestamp: number, with_ = secret): string {
  const signature = createHmac("sha256", with_).update(`${timestamp}.`).update(what).digest("hex");
  return `t=${timestamp},v1=${signature}`;
}

/** An inbox that has heard Stripe's time, which is a whole second. */
async function startInbox({ url, open }: Pick<DatabaseWorld<BillingTables>, "url" | "open">) {
  const world = await startWorld({ url, isStarted: false });
  const { clock } = world.ports;
  const { kernel, inbox } = await coreOn(world, await open({ clock }));
  await world.advance(secondMs - (clock.now() % secondMs));
  const now = clock.now() / secondMs;
  const accept = (what: Uint8Array, header: string | null) => world.run(inbox.accept(what, header));
  return { world, kernel, inbox, now, accept };
}

on("a signature is good for five minutes, to the second, on either side", async (database) => {
  const { world, accept, now } = await startInbox(database);
  for (const ageS of [0, 300, -300]) {
    assert.deepEqual(await accept(body, signed(body, now - ageS)), { status: 200 }, `${ageS}`);
  }
  for (const ageS of [301, -301]) {
    await assert.rejects(accept(body, signed(body, now - ageS)), { code: "webhook_stale" }, `${ageS}`);
  }
  await world.close();
});

on("a webhook that is believed costs Stripe no request", async (database) => {
  const { world, kernel, accept, now } = await startInbox(database);
  let asked = 0;
  const askTime = async () => void asked++;
  Object.assign(kernel.gateway, { askTime });
  for (const ageS of [0, 300, -300]) await accept(body, signed(body, now - ageS));
  assert.equal(asked, 0);
  await world.close();
});

on("a body of a mebibyte is taken, and a byte more is not, whoever signed it", async (database) => {
  const { world, accept, now } = await startInbox(database);
  const large = Buffer.alloc(1024 * 1024, " ");
  assert.deepEqual(await accept(large, signed(large, now)), { status: 200 });
  const larger = Buffer.alloc(1024 * 1024 + 1, " ");
  await assert.rejects(accept(larger, signed(larger, now)), { code: "too_large" });
  await world.close();
});

on("how many were refused is known by their reasons", async (database) => {
  const { world, inbox, accept, now } = await startInbox(database);
  const forged = signed(body, now, "whsec_of_somebody_else");
  for (const header of [forged, forged, null, signed(body, now - 1_000)]) await assert.rejects(accept(body, header));
  await accept(body, signed(body, now));
  assert.deepEqual(inbox.refused.counts(), { webhook_signature: 3, webhook_stale: 1 });
  await world.close();
});

on("a flood of forgeries makes nobody forget the last thousand that were refused", async (database) => {
  const { world, kernel, inbox } = await startInbox(database);
  for (let n = 0; n <= 1_000; n++) inbox.refused.unsigned(Buffer.from(`{"id":"evt_${n}"}`));
  await inbox.refused.listed(["evt_0"]);
  assert.deepEqual(kernel.health.reasons(), {}, "and no more, however many come");
  await inbox.refused.listed(["evt_1"]);
  assert.deepEqual(Object.keys(kernel.health.reasons()), ["webhooks"]);
  await world.close();
});

on("what was refused before a webhook got through raises no alarm after it", async (database) => {
  const { world, kernel, inbox, accept, now } = await startInbox(database);
  const other = Buffer.from('{"id":"evt_2","object":"event"}');
  await assert.rejects(accept(other, signed(other, now, "whsec_before_it_was_rolled")));
  await accept(body, signed(body, now));
  await inbox.refused.listed(["evt_2"]);
  assert.deepEqual(kernel.health.reasons(), {});
  await world.close();
});
