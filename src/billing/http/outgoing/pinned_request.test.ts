import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { systemClock } from "#kit/clock.ts";
import { answerBytesMax, createPinnedSend, TargetRefused } from "./pinned_request.ts";

async function withServer(listener: RequestListener, work: (port: number) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const clock = systemClock();
const toLoopback = { clock, refusal: () => undefined, resolve: async () => ["127.0.0.1"] };
const request = (url: string) => ({ url: new URL(url), headers: { "content-type": "application/json" }, body: "{}" });

test("the connection goes to the address that was checked, with the name of the URL as Host", async () => {
  await withServer(
    (incoming, answer) => answer.end(`${incoming.method} ${incoming.headers.host} ${incoming.url}`),
    async (port) => {
      const answer = await createPinnedSend(toLoopback)(request(`http://shop.example:${port}/hook?a=1`));
      assert.deepEqual(answer, { status: 200, text: `POST shop.example:${port} /hook?a=1` });
    },
  );
});

test("a name that leads to a private address is refused, even when only one of its addresses is private", async () => {
  const send = createPinnedSend({ clock, resolve: async () => ["8.8.8.8", "10.0.0.7"] });
  await assert.rejects(send(request("http://shop.example/")), TargetRefused);
  await assert.rejects(createPinnedSend({ clock })(request("http://127.0.0.1:1/")), /loopback/);
});

test("a redirect is an answer, not a road", async () => {
  let asked = 0;
  await withServer(
    (_, answer) => {
      asked += 1;
      answer.writeHead(302, { location: "/elsewhere" }).end();
    },
    async (port) => {
      assert.equal((await createPinnedSend(toLoopback)(request(`http://shop.example:${port}/`))).status, 302);
      assert.equal(asked, 1);
    },
  );
});

test("an endless answer is read up to 64 kB", async () => {
  await withServer(
    (_, answer) => answer.end("x".repeat(3 * answerBytesMax)),
    async (port) => {
      const answer = await createPinnedSend(toLoopback)(request(`http://shop.example:${port}/`));
      assert.equal(answer.text.length, answerBytesMax);
    },
  );
});

test("a server that never answers is left after the time limit", async () => {
  await withServer(
    () => {},
    async (port) => {
      const send = createPinnedSend({ ...toLoopback, timeoutMs: 60 });
      await assert.rejects(send(request(`http://shop.example:${port}/`)), /no answer within/);
    },
  );
});
