import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { onEachDatabase } from "#kit/sql/testing.ts";
import { startHttpWorld } from "../testing.ts";

onEachDatabase(
  "a system in another language registers a URL, receives order.paid signed, and an operator sends it again",
  async ({ url: database, sql }) => {
    await sql.close();
    const received: { headers: Record<string, string>; body: string }[] = [];
    const answers = [500];
    const receiver = createServer(async (request, answer) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      received.push({ headers: request.headers as Record<string, string>, body });
      answer.writeHead(answers.shift() ?? 204).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const world = await startHttpWorld({ database });
    try {
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/facts`;
      const endpoint = (await world.rest("POST /v1/endpoints", { url, types: ["order.paid"] })).body;
      const line = { description: "Grinder", quantity: 1, unitAmount: 8_900 };
      await world.rest("POST /v1/orders", { id: "order_1", currency: "eur", lines: [line] });
      const checkout = (await world.rest("POST /v1/orders/order_1/checkout")).body;
      await world.confirm(checkout.clientSecret, "pm_card_visa");
      await world.rest("POST /v1/orders/order_1/settled");
      await world.billing.drain();

      const [waiting] = (await world.rest("GET /v1/deliveries?state=open")).body.data;
      assert.deepEqual(
        [waiting.handler, waiting.type, waiting.subject, waiting.attempts],
        [`url:${endpoint.id}`, "order.paid", "order_1", 1],
      );
      assert.match(waiting.error, /answered 500/);
      const wish = { factId: waiting.factId, handler: waiting.handler };
      assert.equal((await world.rest("POST /v1/deliveries/retry", wish)).status, 202);
      await world.billing.drain();
      const [done] = (await world.rest("GET /v1/deliveries")).body.data;
      assert.equal(done.state, "done");
      assert.equal((await world.rest("POST /v1/deliveries/retry", wish)).status, 409, "what is done is not sent again");

      assert.equal(received.length, 2);
      for (const { headers, body } of received) {
        assert.equal(headers["webhook-id"], waiting.factId);
        const fact = new Webhook(endpoint.secret).verify(body, headers) as { type: string; data: { orderId: string } };
        assert.deepEqual([fact.type, fact.data.orderId], ["order.paid", "order_1"]);
      }
      const disabled = await world.rest(`DELETE /v1/endpoints/${endpoint.id}`);
      assert.equal(disabled.body.disabledReason, "by request");
    } finally {
      await world.close();
      receiver.closeAllConnections();
      await new Promise((resolve) => receiver.close(resolve));
    }
  },
);
