import assert from "node:assert/strict";
import { onEachDoor } from "../testing.ts";

const vat = { id: "vat", type: "eu_vat", value: "de 136.695.976" };

onEachDoor("a tax id is given, shown and taken away over REST", async ({ world }) => {
  await world.rest("POST /v1/customers", { id: "user_1", locale: "de", taxExempt: "reverse" });
  const given = await world.rest("POST /v1/customers/user_1/tax_ids", vat);
  assert.deepEqual([given.status, given.body.outcome, given.body.value.value], [200, "done", "DE136695976"]);
  const byKey = { "idempotency-key": "uid" };
  const uid = { type: "ch_uid", value: "CHE-100.155.212" };
  const keyed = await world.rest("POST /v1/customers/user_1/tax_ids", uid, { headers: byKey });
  assert.deepEqual([keyed.status, keyed.body.value.id], [200, "uid"]);
  const nameless = await world.rest("POST /v1/customers/user_1/tax_ids", uid);
  assert.deepEqual([nameless.status, nameless.body.error.field], [400, "Idempotency-Key"]);
  const wrong = await world.rest("POST /v1/customers/user_1/tax_ids", { ...vat, id: "v2", value: "DE136695967" });
  assert.deepEqual([wrong.status, wrong.body.error.field, wrong.body.error.reason], [422, "value", "check_digits"]);
  const twice = await world.rest("POST /v1/customers/user_1/tax_ids", { ...vat, id: "v3" });
  assert.deepEqual([twice.status, twice.body.error.code], [409, "wrong_state"]);
  const listed = await world.rest("GET /v1/customers/user_1/tax_ids");
  assert.deepEqual(
    listed.body.data.map(({ id }: { id: string }) => id),
    ["vat", "uid"],
  );
  const taken = await world.rest("DELETE /v1/customers/user_1/tax_ids/vat");
  assert.deepEqual([taken.status, taken.body.outcome], [200, "done"]);
  assert.ok(taken.body.value.removedAt);
  const none = await world.rest("DELETE /v1/customers/user_1/tax_ids/none");
  assert.deepEqual([none.status, none.body.error.hint], [404, "GET /v1/customers/{id} shows those there are."]);
  const emptied = await world.rest("POST /v1/customers/user_1", { locale: null, taxExempt: null });
  assert.deepEqual([emptied.body.locale, emptied.body.taxExempt, emptied.body.taxIds.length], [null, "none", 1]);
  const { body } = await world.rest("GET /v1/audit?limit=10");
  assert.ok(!JSON.stringify(body).includes("136695976"), "the audit keeps no number");
});
