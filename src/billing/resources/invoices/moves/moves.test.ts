// What each status of an invoice admits: every command against every status, once told by events and once with no event
// of what happened at Stripe.
import assert from "node:assert/strict";
import { isProblem } from "#kit/problems.ts";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { type InvoiceStatus, invoiceStatuses } from "../../../api/index.ts";
import type { BillingTables } from "../../../kernel/store/tables.ts";
import { startWorld, type World } from "../../../testing/index.ts";
import { draftOf } from "../../../testing/invoice_verbs.table.ts";

const on = onEachDatabase<BillingTables>;

/** At Stripe, by somebody else. */
async function bring(world: World, id: string, status: InvoiceStatus): Promise<void> {
  const { invoices } = world.stripe;
  const ways: Record<InvoiceStatus, readonly (() => Promise<unknown>)[]> = {
    draft: [],
    open: [() => invoices.finalizeInvoice(id)],
    paid: [() => invoices.pay(id)],
    uncollectible: [() => invoices.finalizeInvoice(id), () => invoices.markUncollectible(id)],
    void: [() => invoices.finalizeInvoice(id), () => invoices.voidInvoice(id)],
  };
  for (const step of ways[status]) await world.run(step());
}

type Commands = World["billing"]["invoices"];

const commands: Record<string, (invoices: Commands, id: string) => Promise<{ outcome: string } | object>> = {
  finalize: (invoices, id) => invoices.finalize(id),
  send: (invoices, id) => invoices.send(id, { id: "mail_1" }),
  void: (invoices, id) => invoices.void(id),
  writeOff: (invoices, id) => invoices.writeOff(id),
  pay: (invoices, id) => invoices.pay(id, { id: "try_1" }),
  link: (invoices, id) => invoices.link(id),
};

/** What stands afterwards; what is not named is refused, and stays as it is. */
const admitted: Record<string, Partial<Record<InvoiceStatus, InvoiceStatus>>> = {
  finalize: { draft: "open" },
  send: { draft: "open", open: "open", uncollectible: "uncollectible" },
  void: { open: "void", uncollectible: "void" },
  writeOff: { open: "uncollectible" },
  pay: { draft: "paid", open: "paid", uncollectible: "paid" },
  link: { open: "open", uncollectible: "uncollectible" },
};

for (const isTold of [true, false]) {
  on(`every command is admitted as Stripe admits it, ${isTold ? "told by events" : "with no event"}`, async (at) => {
    const world = await startWorld({ url: at.url, isStarted: isTold });
    let count = 0;
    for (const [name, command] of Object.entries(commands)) {
      for (const status of invoiceStatuses) {
        count += 1;
        const id = await draftOf(world, `user_${count}`);
        world.setWebhooks(isTold);
        await bring(world, id, status);
        if (isTold) await world.advance(10_000);
        const after = admitted[name]?.[status];
        const what = `${name} of ${status}`;
        const before = world.requests.length;
        const ended = await world.run(command(world.billing.invoices, id).catch((error: unknown) => error));
        const { status: stands } = await world.run(world.stripe.invoices.retrieve(id).then((made) => made));
        assert.equal(stands, after ?? status, what);
        if (after !== undefined) {
          if ("outcome" in (ended as object)) assert.equal((ended as { outcome: string }).outcome, "done", what);
          else assert.match((ended as { url: string }).url, /\/pay\/open\//, what);
          assert.equal((await world.run(world.billing.invoices.get(id))).status, after, what);
        } else {
          assert.ok(isProblem(ended, "wrong_state"), `${what}: ${String(ended)}`);
          assert.ok((ended.hint ?? "").length > 10, what);
          const posts = world.requests.slice(before).filter((line) => line.startsWith("POST /v1/invoices"));
          if (isTold) assert.deepEqual(posts, [], `${what} is not sent`);
        }
        world.setWebhooks(true);
      }
    }
    await world.close();
  });
}

on("a wish that may come twice is told by its id, and what is wished once is answered as it ended", async ({ url }) => {
  const world = await startWorld({ url });
  const { invoices } = world.billing;
  const id = await draftOf(world, "user_1");
  assert.equal((await world.run(invoices.finalize(id))).outcome, "done");
  assert.equal((await world.run(invoices.finalize(id))).value.status, "open");
  for (const mail of ["mail_1", "mail_1", "reminder_1"]) {
    assert.equal((await world.run(invoices.send(id, { id: mail }))).outcome, "done");
  }
  const { data } = await world.run(world.stripe.events.list({ type: "invoice.sent" }));
  assert.equal(data.length, 2);
  await assert.rejects(world.run(invoices.get("in_none")), { code: "not_found" });
  await assert.rejects(world.run(invoices.void("in_none")), { code: "not_found" });
  for (const wrong of ["", "cus_1", "in_1/../x", 1 as never]) {
    await assert.rejects(world.run(invoices.void(wrong)), { code: "invalid_params" });
  }
  await assert.rejects(world.run(invoices.send(id, {} as never)), { code: "invalid_params" });
  await world.close();
});
