// One POST to somebody else's URL, from inside our network: resolve once, refuse what is not public, connect to that
// very address (Host header and TLS name stay the URL's), follow no redirect, give it 10 s and read at most 64 kB.
// This is the one place of billing with sockets of its own: the platform's fetch resolves for itself, after any check.
import { lookup } from "node:dns/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import type { Clock } from "#kit/clock.ts";
import { refusalOf } from "./addresses.ts";

export const deliveryTimeoutMs = 10_000;
export const answerBytesMax = 64 * 1024;

export interface OutgoingAnswer {
  readonly status: number;
  /** The first 64 kB. */
  readonly text: string;
}

export interface OutgoingRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type SendOutgoing = (request: OutgoingRequest) => Promise<OutgoingAnswer>;

export interface PinnedOptions {
  readonly clock: Clock;
  /** Undefined lets the address pass. */
  readonly refusal?: (address: string) => string | undefined;
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  readonly timeoutMs?: number;
  /** The certificates to trust, in PEM, instead of those that Node trusts. */
  readonly ca?: string;
}

export class TargetRefused extends Error {}

export function createPinnedSend(options: PinnedOptions): SendOutgoing {
  const refusal = options.refusal ?? refusalOf;
  const resolve = options.resolve ?? resolveAll;
  return async (request) => {
    const over = new AbortController();
    const sleepOver = new AbortController();
    const timeoutMs = options.timeoutMs ?? deliveryTimeoutMs;
    const deadline = options.clock.sleep(timeoutMs, sleepOver.signal).then(() => over.abort());
    try {
      const host = bareHost(request.url);
      const addresses = isIP(host) ? [host] : await untilOver(resolve(host), over.signal, timeoutMs);
      const refused = addresses.map((address) => ({ address, reason: refusal(address) })).find(({ reason }) => reason);
      if (refused) throw new TargetRefused(`${host} leads to ${refused.address}, which is ${refused.reason}`);
      const address = addresses[0];
      if (!address) throw new TargetRefused(`${host} has no address`);
      const sent = post(request, { address, signal: over.signal, ca: options.ca });
      return await untilOver(sent, over.signal, timeoutMs);
    } finally {
      sleepOver.abort();
      await deadline;
    }
  };
}

/** Without the brackets of an IPv6 address. */
function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

async function resolveAll(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function untilOver<T>(work: Promise<T>, signal: AbortSignal, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error(`no answer within ${timeoutMs / 1000} s`)), { once: true });
    work.then(resolve, reject);
  });
}

function post(
  request: OutgoingRequest,
  { address, signal, ca }: { address: string; signal: AbortSignal; ca: string | undefined },
): Promise<OutgoingAnswer> {
  const { url } = request;
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(
      {
        host: address,
        port: url.port || (url.protocol === "https:" ? 443 : 80),
        path: `${url.pathname}${url.search}`,
        method: "POST",
        headers: { ...request.headers, host: url.host, "content-length": Buffer.byteLength(request.body) },
        // The certificate must be the name's, although the connection goes to the address.
        ...(url.protocol === "https:" && !isIP(bareHost(url)) ? { servername: url.hostname } : {}),
        ...(ca === undefined ? {} : { ca }),
        agent: false,
        signal,
      },
      (answer) => {
        readAnswer(answer).then((text) => {
          outgoing.destroy();
          resolve({ status: answer.statusCode ?? 0, text });
        }, reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(request.body);
  });
}

async function readAnswer(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, answerBytesMax - bytes));
    bytes += chunk.length;
    if (bytes >= answerBytesMax) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}
