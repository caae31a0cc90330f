// A request's body, before anybody asks what it means: read whole, once, and counted while it comes, so that neither a
// large one, nor a slow one, nor many at a time take the process's memory. What follows sees a Request that holds its
// bytes. An adapter's stand-in for a Request cannot be built upon (`new Request(it)` throws), so nothing does.
import type { Context } from "hono";
import { type Clock, secondMs } from "#kit/clock.ts";
import { type Problem, problem } from "#kit/problems.ts";
import { createLate, type Late } from "#kit/waiting/late.ts";
import type { IncomingWebhook } from "../api/index.ts";
import { tooLarge } from "./errors.ts";
import { consumed, type HostEnv, isConsumed, keptBytes } from "./host_body.ts";
import type { RestEnv } from "./rest/context.ts";

/** A burst of Stripe's: ten thousand events of 3 kB. */
const heldBytesMax = 32 * 1024 * 1024;
/** A megabyte over the slowest line that a server is reached by. */
const bodyMsMax = 20 * secondMs;

export interface BodyLimit {
  readonly bytesMax: number;
  /** The limit in words. */
  readonly says: string;
}

export interface Bodies {
  /** Reads the body and, while `next` works, has `c.req.raw` hold it. Throws a Problem for what is not to be had. */
  hold(c: Context<RestEnv>, limit: BodyLimit, next: () => Promise<void>): Promise<void>;
  /** The same of node:http's own request: `next` has its bytes. */
  take(incoming: IncomingBody, limit: BodyLimit, next: (bytes: Uint8Array) => Promise<unknown>): Promise<void>;
}

type IncomingBody = Pick<IncomingWebhook, "on" | "off" | "pause">;

export function createBodies(clock: Clock): Bodies {
  const held: Held = { bytes: 0 };
  const late = createLate(clock, bodyMsMax);
  return {
    async hold(c, limit, next) {
      if (c.req.method === "GET" || c.req.method === "HEAD") return next();
      const share: Held = { bytes: 0 };
      try {
        const bytes = await read(c, { limit, late, held, share });
        c.req.raw = holding(c.req.raw, bytes);
        await next();
      } finally {
        held.bytes -= share.bytes;
      }
    },
    async take(incoming, limit, next) {
      const share: Held = { bytes: 0 };
      try {
        await next(await collectIncoming(incoming, { limit, late, held, share }));
      } finally {
        held.bytes -= share.bytes;
      }
    },
  };
}

interface Held {
  bytes: number;
}

interface Reading {
  readonly limit: BodyLimit;
  readonly late: Late;
  /** By all requests. */
  readonly held: Held;
  /** By this one. */
  readonly share: Held;
}

async function read(c: Context<RestEnv>, reading: Reading): Promise<Uint8Array> {
  const env = c.env as HostEnv | undefined;
  const { limit } = reading;
  const kept = keptBytes(env);
  if (kept !== undefined) {
    if (kept.length > limit.bytesMax) throw tooLarge(limit.says);
    return kept;
  }
  const request = c.req.raw;
  if (isConsumed(request, env)) throw consumed(request, env);
  if (Number(request.headers.get("content-length") ?? 0) > limit.bytesMax) throw tooLarge(limit.says);
  return request.body === null ? new Uint8Array() : collect(request.body, reading);
}

async function collect(body: ReadableStream<Uint8Array>, reading: Reading): Promise<Uint8Array> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let refusal: Problem | undefined;
  // Whoever is refused is not read any further; the pending read ends with it.
  const refuse = async (why: Problem) => {
    refusal ??= why;
    await reader.cancel(why).catch(() => {});
  };
  const inTime = reading.late(() => void refuse(tooSlow()));
  try {
    for (let part = await reader.read(); !part.done && !refusal; part = await reader.read()) {
      chunks.push(part.value);
      const why = tooMuch(reading, part.value.length);
      if (why) await refuse(why);
    }
  } catch (error) {
    refusal ??= brokenOff(error);
  } finally {
    inTime();
  }
  if (refusal) throw refusal;
  return Buffer.concat(chunks);
}

/** Node has counted the bytes against the length that was announced. */
function collectIncoming(incoming: IncomingBody, reading: Reading): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const end = () => {
      inTime();
      incoming.off("data", hear).off("end", whole).off("error", fail).off("close", fail);
    };
    const refuse = (why: Problem) => {
      end();
      incoming.on("error", () => {}); // what becomes of the rest is nobody's any more
      incoming.pause();
      reject(why);
    };
    const hear = (chunk: Buffer) => {
      chunks.push(chunk);
      const why = tooMuch(reading, chunk.length);
      if (why) refuse(why);
    };
    const whole = () => {
      end();
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    };
    const fail = (cause?: unknown) => refuse(brokenOff(cause));
    const inTime = reading.late(() => refuse(tooSlow()));
    incoming.on("data", hear).on("end", whole).on("error", fail).on("close", fail);
  });
}

function tooMuch({ limit, held, share }: Reading, length: number): Problem | undefined {
  held.bytes += length;
  share.bytes += length;
  if (share.bytes > limit.bytesMax) return tooLarge(limit.says);
  if (held.bytes <= heldBytesMax) return undefined;
  return problem("unavailable", "More bodies are under way than fit into memory", {
    hint: "Send it again after the seconds that Retry-After says",
    details: { reason: "bodies_in_flight", waitMs: secondMs },
  });
}

function tooSlow(): Problem {
  return problem("too_slow", `The body did not arrive within ${bodyMsMax / secondMs} s`, {
    hint: "Send the whole body at once",
    details: { field: "body", reason: "too_slow" },
  });
}

function brokenOff(cause: unknown): Problem {
  return problem("invalid_request", "The body broke off", {
    hint: "Send the same request again",
    details: { field: "body", reason: "broken_off" },
    cause,
  });
}

function holding(request: Request, bytes: Uint8Array): Request {
  const { method, url } = request;
  const headers = new Headers([...request.headers]);
  // "I send JSON", and then none: there is no body to be understood.
  if (bytes.length === 0) headers.delete("content-type");
  return new Request(url, { method, headers, ...(bytes.length > 0 && { body: Buffer.from(bytes) }) });
}
