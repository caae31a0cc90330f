// What is paid was paid once, and what it was paid with says so too.
import assert from "node:assert/strict";
import type { Answer } from "../core.ts";
import type { Seen } from "../seen.ts";

export function payments({ invoices, payments: all, intents, events }: Seen): void {
  const outOfBand = new Set(
    events.filter(({ type }) => type === "invoice.paid").map(({ data }) => data.object.id as string),
  );
  for (const { id, status, amount_due: due } of invoices) {
    const own = all.filter(({ invoice }) => invoice === id);
    const paid = own.filter((one) => one.status === "paid");
    const succeeded = own.filter(({ payment }) => intentOf(intents, payment)?.status === "succeeded");
    assert.deepEqual(succeeded, paid, `${id}: what has succeeded is what has paid it`);
    if (status === "paid") {
      assert.ok(outOfBand.has(id), `${id}: that it is paid is said`);
      assert.ok(paid.length <= 1, `${id}: paid once`);
      if (paid.length === 1) assert.equal(paid[0]?.amount_paid, due, `${id}: paid what was due`);
      for (const one of own) assert.notEqual(one.status, "open", `${id}: nobody can pay it again`);
    } else {
      assert.equal(paid.length, 0, `${id} (${status}): not paid`);
    }
    if (status === "void") for (const one of own) assert.equal(one.status, "canceled", `${id}: void`);
    if (status === "open") assert.equal(own.filter((one) => one.status === "open").length, 1, `${id}: can be paid`);
  }
}

function intentOf(intents: ReadonlyMap<string, Answer>, payment: Answer): Answer | undefined {
  return intents.get(payment.payment_intent);
}
