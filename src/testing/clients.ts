// The clients of a testbed: the real SDK, with functions in the place of sockets.
import Stripe from "stripe";
import type { Fetch, Ports } from "#kit/ports.ts";
import type { Random } from "#kit/random.ts";
import { sandboxUrl } from "./network.ts";

/** The official SDK on a sender's network. */
export function official(key: string, world: Ports, fetch: Fetch): Stripe {
  const { hostname, port } = new URL(sandboxUrl);
  return new Stripe(key, {
    host: hostname,
    port,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(withSeededKeys(world.random(`keys of ${key}`), fetch)),
  });
}

/** The SDK draws an idempotency key for each POST from the machine's chance; here it comes from the seed. */
function withSeededKeys(random: Random, send: Fetch): Fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    if (headers.get("idempotency-key")?.startsWith("stripe-node-retry-")) {
      headers.set("idempotency-key", `stripe-node-retry-${Buffer.from(random.bytes(16)).toString("hex")}`);
    }
    return send(input, { ...init, headers });
  };
}
