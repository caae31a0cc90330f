// Ports that the commands listen on.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { listenServer } from "./addresses.ts";

test("a port is closed when whoever was being answered has the answer, and a second time at once", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const server = createServer(async (_request, response) => {
    asked.resolve();
    await answer.promise;
    response.end("kept");
  });
  const listening = await listenServer({ port: 0, host: "127.0.0.1", isFixed: false, flag: "--port" }, server);
  const body = fetch(listening.url, { headers: { connection: "close" } }).then((one) => one.text());
  await asked.promise;
  const order: string[] = [];
  const closed = listening.close().then(() => order.push("closed"));
  server.once("close", () => order.push("all answered"));
  answer.resolve();
  assert.equal(await body, "kept");
  await closed;
  assert.deepEqual(order, ["all answered", "closed"]);
  await listening.close();
});
