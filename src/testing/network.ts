// The network of a testbed: two addresses, both inside this process. Each sender has a fetch of its own, so that a
// transcript can say who spoke to whom.
import type { Instant } from "#kit/clock.ts";
import type { Fetch } from "#kit/ports.ts";

/**
 * Where the sandbox answers inside a testbed. Loopback, because the sandbox answers to no other name.
 * @example sandboxUrl // "http://127.0.0.1:12111"
 */
export const sandboxUrl = "http://127.0.0.1:12111";
/**
 * Where billing answers inside a testbed.
 * @example billingUrl // "http://127.0.0.1:12222"
 */
export const billingUrl = "http://127.0.0.1:12222";

export interface Crossing {
  /** When the answer came. */
  readonly at: Instant;
  readonly from: string;
  readonly to: "stripe" | "billing";
  readonly request: Request;
  /** The request's body as text. */
  readonly body: string;
  /** Undefined when the receiver died before it answered. */
  readonly status: number | undefined;
  readonly answer: string;
}

type Receiver = (request: Request) => Promise<Response>;

export interface Network {
  /** The fetch of one sender. */
  as(sender: string): Fetch;
  /** While it is unplugged, every request of that sender fails to connect. */
  plug(sender: string, isOpen: boolean): void;
}

/** @param receivers answer by address; a receiver that throws is a connection that broke. */
export function createNetwork(
  receivers: Readonly<Record<string, { readonly name: "stripe" | "billing"; receive: Receiver }>>,
  watch: (crossing: Omit<Crossing, "at">) => void,
): Network {
  const unplugged = new Set<string>();
  return {
    plug: (sender, isOpen) => void (isOpen ? unplugged.delete(sender) : unplugged.add(sender)),
    as: (sender) => async (input, init) => {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      const receiver = receivers[new URL(request.url).origin];
      if (!receiver) throw new TypeError("fetch failed", { cause: new Error(`${request.url} is not in this testbed`) });
      if (unplugged.has(sender)) throw new TypeError("fetch failed", { cause: new Error("ECONNREFUSED") });
      const body = await request.clone().text();
      const crossing = { from: sender, to: receiver.name, request, body };
      try {
        const response = await orAborted(receiver.receive(request), request.signal);
        watch({ ...crossing, status: response.status, answer: await response.clone().text() });
        return response;
      } catch (error) {
        watch({ ...crossing, status: undefined, answer: "" });
        throw error;
      }
    },
  };
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
