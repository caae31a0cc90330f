// The only door to Stripe, and the only importer of the SDK's values. Retrying is ours (operations.ts), so the SDK
// never retries; what leaves is the stored bytes of a call, whatever this version of the SDK would have made of them.

import Stripe from "stripe";
import { type Instant, secondMs } from "#kit/clock.ts";
import type { Ports } from "#kit/ports.ts";
import { problem } from "#kit/problems.ts";
import { leftMs, withoutDeadline } from "#kit/waiting/deadline.ts";
import type { Governor, Priority } from "./governor.ts";
import type { Health } from "./health.ts";
import type { Remote } from "./remote.ts";
import { begunBefore, createStripeTime, offsetMaxMs, type StripeTime, timeUnknown } from "./stripe_time.ts";

/**
 * The version of Stripe's API in which billing asks, pinned in this one line; the SDK of the same release knows its
 * shapes. Give it to a webhook endpoint as its `api_version`: an event of another version is right too, but makes us
 * look at Stripe instead of being read.
 * @example apiVersion // "2026-10-28.endive"
 */
export const apiVersion = "2026-10-28.endive";
/** Confirming calls take Stripe up to about 20 s with slow banks; after 30 s the answer is looked for instead. */
const callTimeoutMs = 30_000;
/** Whoever asks for Stripe's time has somebody waiting. */
const timeTimeoutMs = 4 * secondMs;
/** A page of 100 expanded objects stays well below. */
const answerBytesMax = 16 * 1024 * 1024;
/** 100 objects a page: nobody's refunds of one payment are more than this many pages. */
const pagesMax = 1_000;

export interface CallContext {
  readonly priority: Priority;
  readonly operation?: string;
  readonly step?: string;
  readonly n?: number;
  /** What it is about, in the words of whoever asks: `{ orderId }`. */
  readonly about?: Readonly<Record<string, string>> | undefined;
  readonly attempt?: number;
  /** A restricted key may be refused this without anything being wrong, and nobody waits long for it. */
  readonly isProbe?: boolean;
}

export type Answer =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly body: Readonly<Record<string, unknown>>;
      readonly isReplayed: boolean;
      /** Stripe's time, by this very answer, before which the request had not left: what a look knows is as new. */
      readonly begunAt: Instant;
    }
  | { readonly kind: "silence"; readonly reason: string }
  /** Nothing has left: our own limit kept it back. */
  | { readonly kind: "unsent"; readonly reason: string };

export interface SentCall {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: Uint8Array;
  readonly key?: string;
  readonly apiVersion?: string;
}

export interface Gateway {
  readonly time: StripeTime;
  /**
   * Asks for Stripe's time while it is not known, with the cheapest request there is; answers whether it is known now.
   * Any answer tells it, a refusal too.
   */
  knowTime(): Promise<boolean>;
  /** Asks for it anew: what is known may be from before somebody set Stripe's clock, which is that of a sandbox. */
  askTime(): Promise<void>;
  /** Never throws for what Stripe or the network does: silence is an answer too. */
  send(call: SentCall, context: CallContext): Promise<Answer>;
  /** GET. null for 404; throws Problem when there is no usable answer. */
  read(path: string, context: CallContext): Promise<{ remote: Remote | null; begunAt: Instant }>;
  /** All pages of a list, newest first as Stripe gives them. */
  list(path: string, context: CallContext): AsyncGenerator<Remote>;
  /** The same, page by page. */
  pages(path: string, context: CallContext): AsyncGenerator<Page>;
  /** One page: the first, or what comes after this id. For whoever keeps its place, in a list of any length. */
  page(path: string, context: CallContext, after?: string): Promise<Page>;
}

export interface Page {
  readonly items: readonly Remote[];
  /** Of the last item, where more come after it; else null. */
  readonly next: string | null;
  readonly begunAt: Instant;
}

/** Before whatever writes down an instant: throws while nobody can know it. */
export async function needStripeTime(gateway: Gateway): Promise<void> {
  if (await gateway.knowTime()) return;
  throw timeUnknown();
}

interface Exchange {
  readonly call: SentCall;
  readonly context: CallContext;
  readonly timeoutMs: number;
  answer?: { status: number; headers: Headers; text: string };
}

export interface GatewayOptions {
  readonly secretKey: string;
  readonly apiBase: string;
  readonly ports: Ports;
  readonly governor: Governor;
  readonly health: Health;
}

/** The header that leads from the SDK's request back to the call it was made for. It never leaves. */
const exchangeHeader = "bursar-exchange";

interface Wire {
  readonly options: GatewayOptions;
  readonly time: StripeTime;
  readonly stripe: Stripe;
  readonly exchanges: Map<string, Exchange>;
  /** The request for Stripe's time that is on its way: whoever needs it meanwhile waits for the same. */
  readonly asking: { now: Promise<Answer> | undefined };
}

export function createGateway(options: GatewayOptions): Gateway {
  const exchanges = new Map<string, Exchange>();
  const base = new URL(options.apiBase);
  const isPlain = base.protocol === "http:";
  const stripe = new Stripe(options.secretKey, {
    apiVersion,
    host: base.hostname,
    port: base.port || (isPlain ? "80" : "443"),
    protocol: isPlain ? "http" : "https",
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: httpClient(options.ports, exchanges, base.origin),
  });
  const time = createStripeTime(options.ports.clock);
  const wire: Wire = { options, time, stripe, exchanges, asking: { now: undefined } };
  const names = counter();
  return {
    time,
    knowTime: async () => {
      if (!time.isKnown()) await askTime(wire, names());
      return time.isKnown();
    },
    askTime: () => askTime(wire, names()),
    send: (call, context) =>
      send(wire, { name: names(), call, context, ...(context.isProbe && { timeoutMs: timeTimeoutMs }) }),
    read: (path, context) => read(wire, { name: names(), path, context }),
    list: (path, context) => list(wire, { names, path, context }),
    pages: (path, context) => pages(wire, { names, path, context }),
    page: (path, context, after) => readPage(wire, { names, path, context }, after),
  };
}

async function askTime(wire: Wire, name: string): Promise<void> {
  const { asking } = wire;
  const call = { method: "GET", path: "/v1/events?limit=1" } as const;
  const sending: Sending = { name, call, context: { priority: "command" }, timeoutMs: timeTimeoutMs };
  asking.now ??= withoutDeadline(() => send(wire, sending));
  await asking.now;
  asking.now = undefined;
}

function counter(): () => string {
  let count = 0;
  return () => String(++count);
}

type HttpClient = NonNullable<Stripe.StripeConfig["httpClient"]>;

/** The SDK's own cuts a request by real time, with a timer that outlives a process that is told to end. */
function httpClient(ports: Ports, exchanges: ReadonlyMap<string, Exchange>, origin: string): HttpClient {
  return {
    getClientName: () => "fetch",
    async makeRequest(...[, , path, , headers]) {
      const sent = new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]));
      const answer = await exchangeBytes(ports, exchanges, { url: `${origin}${path}`, headers: sent });
      return {
        getStatusCode: () => answer.status,
        getHeaders: () => Object.fromEntries(answer.headers),
        getRawResponse: () => answer,
        toStream: () => answer.text,
        toJSON: async () => JSON.parse(answer.text),
      };
    },
  };
}

/** What the SDK sends: its headers, our bytes. */
async function exchangeBytes(
  ports: Ports,
  exchanges: ReadonlyMap<string, Exchange>,
  { url, headers }: { url: string; headers: Headers },
): Promise<NonNullable<Exchange["answer"]>> {
  const exchange = exchanges.get(headers.get(exchangeHeader) ?? "");
  if (!exchange) throw problem("internal", "A request to Stripe that is not a call of the gateway");
  headers.delete(exchangeHeader);
  headers.delete("content-length");
  const { method, body } = exchange.call;
  const text = body && Buffer.from(body).toString("utf8");
  const init = { method, headers, ...(text !== undefined && { body: text }) };
  const answer = await fetchCut(ports, { url, init, timeoutMs: exchange.timeoutMs });
  exchange.answer = answer;
  return answer;
}

interface Sending {
  readonly name: string;
  readonly call: SentCall;
  readonly context: CallContext;
  readonly timeoutMs?: number;
}

async function send(wire: Wire, { name, call, context, timeoutMs = callTimeoutMs }: Sending): Promise<Answer> {
  const { ports, governor, health } = wire.options;
  const mayLeave = await governor.take(context.priority, endpointOf(call));
  health.set("governor", mayLeave ? null : keptBack);
  if (!mayLeave) return { kind: "unsent", reason: keptBack };
  const exchange: Exchange = { call, context, timeoutMs: Math.min(timeoutMs, leftMs(ports.clock)) };
  const took = stopwatch(ports.clock);
  wire.exchanges.set(name, exchange);
  let failure = "";
  try {
    await wire.stripe.rawRequest(call.method, call.path, undefined, {
      apiVersion: call.apiVersion ?? apiVersion,
      ...(call.key && { idempotencyKey: call.key }),
      additionalHeaders: { [exchangeHeader]: name },
    });
  } catch (error) {
    // Stripe's refusals are read from the exchange below; what is kept here is why there was no answer at all.
    failure = causeOf(error);
  } finally {
    wire.exchanges.delete(name);
  }
  const tookMs = took();
  const date = exchange.answer?.headers.get("date") ?? null;
  wire.time.learn(date, tookMs);
  const answer = understand(exchange, failure, begunBefore(date, tookMs));
  logCall({ ports, exchange, answer, tookMs });
  const isProbed = context.isProbe && answer.kind === "answer" && answer.status === 403;
  if (!isProbed) reportHealth(health, wire.time, answer);
  return answer;
}

const keptBack = "More is asked of Stripe than its limits allow, and some of it is kept back";

/** By whichever clock saw more pass: the monotonic one stands still while the machine sleeps. */
function stopwatch(clock: Ports["clock"]): () => number {
  const [begunMs, begunAt] = [clock.monotonicMs(), clock.now()];
  return () => Math.max(clock.monotonicMs() - begunMs, clock.now() - begunAt);
}

/** The SDK wraps what the network said into a sentence of its own. */
function causeOf(error: unknown): string {
  const detail = (error as { detail?: unknown } | null)?.detail;
  const cause = detail instanceof Error ? detail : error;
  return cause instanceof Error ? cause.message : String(cause);
}

async function read(
  wire: Wire,
  { name, path, context }: { name: string; path: string; context: CallContext },
): Promise<{ remote: Remote | null; begunAt: Instant }> {
  const answer = await send(wire, { name, call: { method: "GET", path }, context });
  if (answer.kind !== "answer") {
    throw problem("stripe_unreachable", `Stripe did not answer GET ${path}: ${answer.reason}`);
  }
  if (answer.status === 404) return { remote: null, begunAt: answer.begunAt };
  if (answer.status >= 400) throw refusedRead(path, answer.status, answer.body);
  return { remote: answer.body as Remote, begunAt: answer.begunAt };
}

interface Listing {
  readonly names: () => string;
  readonly path: string;
  readonly context: CallContext;
}

async function* list(wire: Wire, listing: Listing): AsyncGenerator<Remote> {
  for await (const { items } of pages(wire, listing)) yield* items;
}

async function* pages(wire: Wire, listing: Listing): AsyncGenerator<Page> {
  let after: string | undefined;
  for (let count = 0; count < pagesMax; count++) {
    const page = await readPage(wire, listing, after);
    yield page;
    if (page.next === null) return;
    after = page.next;
  }
  throw problem("internal", `GET ${listing.path} has more than ${pagesMax} pages`);
}

async function readPage(wire: Wire, { names, path, context }: Listing, after: string | undefined): Promise<Page> {
  const joiner = path.includes("?") ? "&" : "?";
  const pagePath = after === undefined ? path : `${path}${joiner}starting_after=${after}`;
  const { remote, begunAt } = await read(wire, { name: names(), path: pagePath, context });
  const items = (remote?.data ?? []) as Remote[];
  return { items, next: remote?.has_more === true ? (items.at(-1)?.id ?? null) : null, begunAt };
}

async function fetchCut(
  ports: Ports,
  { url, init, timeoutMs }: { url: string; init: RequestInit; timeoutMs: number },
): Promise<NonNullable<Exchange["answer"]>> {
  const cut = new AbortController();
  const answered = new AbortController();
  const exchange = (async () => {
    const response = await ports.fetch(url, { ...init, signal: cut.signal });
    const text = await response.text();
    if (text.length > answerBytesMax)
      throw problem("stripe_unreachable", `an answer of more than ${answerBytesMax} bytes`);
    return { status: response.status, headers: response.headers, text };
  })();
  const timeout = ports.clock.sleep(timeoutMs, answered.signal).then(() => {
    if (answered.signal.aborted) return undefined;
    cut.abort(new Error(`no answer within ${timeoutMs} ms`));
    return undefined;
  });
  try {
    const answer = await Promise.race([exchange, timeout]);
    if (!answer) {
      exchange.catch(() => undefined); // it was given up: the timeout is what is reported
      throw problem("stripe_unreachable", `no answer within ${timeoutMs} ms`);
    }
    return answer;
  } finally {
    answered.abort("answered"); // a reason, or an exception with a stack is made for it
  }
}

function understand(exchange: Exchange, failure: string, begunAt: Instant): Answer {
  if (!exchange.answer) return { kind: "silence", reason: failure || "no answer" };
  const { status, headers, text } = exchange.answer;
  const isReplayed = headers.get("idempotent-replayed") === "true";
  try {
    const body: unknown = JSON.parse(text);
    if (body === null || typeof body !== "object" || Array.isArray(body))
      throw problem("stripe_unreachable", "not an object");
    return { kind: "answer", status, body: body as Record<string, unknown>, isReplayed, begunAt };
  } catch (error) {
    // An error status is an answer even behind a proxy's HTML page; a 2xx that cannot be read leaves us not knowing.
    if (status >= 500) return { kind: "answer", status, body: {}, isReplayed, begunAt };
    return { kind: "silence", reason: `HTTP ${status} without readable JSON: ${String(error)}` };
  }
}

function logCall(input: { ports: Ports; exchange: Exchange; answer: Answer; tookMs: number }): void {
  const { ports, exchange, answer, tookMs } = input;
  const { call, context } = exchange;
  const body = answer.kind === "answer" ? answer.body : {};
  const error = body.error as { payment_intent?: { id?: string } } | undefined;
  ports.log.info("stripe.call", {
    operation: context.operation ?? null,
    step: context.step ?? null,
    n: context.n ?? null,
    method: call.method,
    path: call.path.split("?")[0],
    status: answer.kind === "answer" ? answer.status : null,
    silence: answer.kind === "silence" ? answer.reason : undefined,
    requestId: exchange.answer?.headers.get("request-id") ?? null,
    stripeId: body.id ?? error?.payment_intent?.id ?? null,
    ...context.about,
    attempt: context.attempt ?? null,
    replayed: answer.kind === "answer" && answer.isReplayed,
    tookMs,
  });
}

function reportHealth(health: Health, time: StripeTime, answer: Answer): void {
  if (answer.kind === "answer") {
    const isRejected = answer.status === 401 || answer.status === 403;
    const text = `Stripe answers ${answer.status}: the secret key is wrong, revoked or restricted. Nothing is lost.`;
    health.set("stripe_key", isRejected ? text : null);
  }
  const offsetMs = time.offsetMs();
  const isOff = Math.abs(offsetMs) > offsetMaxMs;
  const seconds = Math.round(offsetMs / secondMs);
  health.set("clock", isOff ? `This machine's clock is ${seconds} s away from Stripe's: correct it` : null);
}

function refusedRead(path: string, status: number, body: Readonly<Record<string, unknown>>) {
  const message = String((body.error as { message?: string } | undefined)?.message ?? "");
  if (status === 401 || status === 403) {
    return problem("stripe_key_rejected", `Stripe answered ${status} to GET ${path}`, {
      hint: "Is `secretKey` the key of this account, not revoked, with the rights it needs?",
    });
  }
  const code = status === 429 || status >= 500 ? "stripe_unreachable" : "stripe_refused";
  return problem(code, `Stripe answered ${status} to GET ${path}: ${message}`, { details: { status } });
}

/** `POST /v1/payment_intents/:id/capture`: the same limit for every id. */
function endpointOf(call: SentCall): string {
  const path = call.path.split("?")[0] ?? "";
  return `${call.method} ${path.replace(/\/[a-z]+_[A-Za-z0-9]+(?=\/|$)/g, "/:id")}`;
}
