// What goes wrong between billing and Stripe, on demand.
import { type Clock, secondMs } from "#kit/clock.ts";
import type { Fetch } from "#kit/ports.ts";

/**
 * `lost`: the request never arrives. `unheard`: it is executed, and its answer is lost. `slow`: it is executed, and
 * answered after 25 s. `replayed_500`: it is executed and answered by 500 as a replay. A number: answered with that
 * status, and not executed.
 */
export type FaultKind = "lost" | "unheard" | "slow" | "replayed_500" | number;

/** Longer than a caller waits, shorter than billing waits for Stripe. */
const slowMs = 25 * secondMs;

export interface Calls {
  readonly fetch: Fetch;
  /** "POST /v1/refunds", in the order of asking. */
  readonly requests: string[];
  fail(request: string, kind: FaultKind, times?: number): void;
  /** The network is whole again. */
  mend(): void;
}

interface Fault {
  readonly request: string;
  readonly kind: FaultKind;
  left: number;
}

/** Counts what passes through `send`, and breaks what it was told to break. */
export function createCalls(send: Fetch, clock: Clock): Calls {
  const faults: Fault[] = [];
  const requests: string[] = [];
  return {
    requests,
    fail: (request, kind, times = 1) => void faults.push({ request, kind, left: times }),
    mend: () => {
      faults.length = 0;
    },
    fetch: async (input, init) => {
      const line = requestLine(input, init);
      requests.push(line);
      const fault = faults.find((one) => one.left > 0 && line.startsWith(one.request));
      if (!fault) return send(input, init);
      fault.left--;
      if (fault.kind === "lost") throw broken();
      if (typeof fault.kind === "number") return failure(fault.kind);
      const answer = await send(input, init);
      if (fault.kind === "slow") {
        await clock.sleep(slowMs);
        return answer;
      }
      if (fault.kind === "unheard") throw broken();
      return failure(500, { "idempotent-replayed": "true" });
    },
  };
}

export function requestLine(input: string | URL | Request, init?: RequestInit): string {
  const url = new URL(input instanceof Request ? input.url : input);
  const method = init?.method ?? (input instanceof Request ? input.method : "GET");
  return `${method} ${url.pathname}`;
}

function broken(): TypeError {
  return new TypeError("fetch failed", { cause: new Error("ECONNRESET") });
}

function failure(status: number, headers: Record<string, string> = {}): Response {
  const error = { type: status === 402 ? "card_error" : "api_error", message: `A fault of ${status}` };
  return new Response(JSON.stringify({ error }), { status, headers });
}
