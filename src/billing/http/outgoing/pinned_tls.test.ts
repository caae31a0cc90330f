// The connection goes to the address that was checked; who is there must still prove to be the name of the URL.
import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { TLSSocket } from "node:tls";
import { systemClock } from "#kit/clock.ts";
import { createPinnedSend } from "./pinned_request.ts";
import { createAuthority } from "./testing.ts";

const authority = createAuthority();

/** Posts to a real server on loopback that has this certificate; answers what the server saw. */
async function post(input: {
  names: readonly string[];
  host: string;
  ca?: string | undefined;
  until?: string;
}): Promise<{ answer: Promise<{ status: number; text: string }>; seen: string[] }> {
  const seen: string[] = [];
  const { names, host, until } = input;
  const server = createServer(authority.issue(names, until === undefined ? {} : { until }), (request, answer) => {
    const { servername } = request.socket as TLSSocket & { servername?: string | false };
    seen.push(`${servername || "no name"} ${request.headers.host?.replace(/:\d+$/, "")}`);
    answer.end("taken");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const resolve = async () => ["127.0.0.1"];
  const trusted = "ca" in input ? input.ca : authority.ca;
  const send = createPinnedSend({
    clock: systemClock(),
    refusal: () => undefined, // as with private targets allowed
    resolve,
    ...(trusted !== undefined && { ca: trusted }),
  });
  const answer = send({ url: new URL(`https://${host}:${port}/facts`), headers: {}, body: "{}" });
  await answer.catch(() => undefined); // the caller looks at it
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  return { answer, seen };
}

test("the server at the checked address is asked for the URL's name, and shows that name's certificate", async () => {
  const { answer, seen } = await post({ names: ["shop.example"], host: "shop.example" });
  assert.deepEqual(await answer, { status: 200, text: "taken" });
  assert.deepEqual(seen, ["shop.example shop.example"]);
});

test("a certificate of another name is refused before a byte of the fact has left", async () => {
  const { answer, seen } = await post({ names: ["other.example", "127.0.0.1"], host: "shop.example" });
  await assert.rejects(answer, { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  assert.deepEqual(seen, [], "that it is the address's own certificate does not help");
});

test("a certificate that nobody trusted signed, or whose time is over, is refused", async () => {
  const unknown = await post({ names: ["shop.example"], host: "shop.example", ca: undefined });
  await assert.rejects(unknown.answer, { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
  const other = await post({ names: ["shop.example"], host: "shop.example", ca: createAuthority().ca });
  await assert.rejects(other.answer, /certificate/);
  const old = await post({ names: ["shop.example"], host: "shop.example", until: "210101000000Z" });
  await assert.rejects(old.answer, { code: "CERT_HAS_EXPIRED" });
  assert.deepEqual([...unknown.seen, ...other.seen, ...old.seen], []);
});

test("an address in the URL is not a name to ask for, and must stand in the certificate itself", async () => {
  const right = await post({ names: ["127.0.0.1"], host: "127.0.0.1" });
  assert.equal((await right.answer).status, 200);
  assert.deepEqual(right.seen, ["no name 127.0.0.1"]);
  const wrong = await post({ names: ["shop.example"], host: "127.0.0.1" });
  await assert.rejects(wrong.answer, { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
});
