// Opening ports: the one asked for or a clear refusal, the usual one or a free one.
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer } from "#kit/node_http.ts";
import { problem } from "#kit/problems.ts";
import type { Billing } from "../billing/api/index.ts";

export interface Wanted {
  readonly port: number;
  readonly host: string;
  /** True when the user named the port: then no other one is taken instead. */
  readonly isFixed: boolean;
  /** The option that names it, for the refusal. */
  readonly flag: string;
}

export interface Listening {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/.test(host);
}

/** Calls `open` with the wanted port, and once more with 0 when that is taken and nobody insists on it. */
export async function openPort<T>(wanted: Wanted, open: (port: number) => Promise<T>): Promise<T> {
  try {
    return await open(wanted.port);
  } catch (error) {
    const code = systemCode(error);
    if (code === "EADDRINUSE" && !wanted.isFixed) {
      const { port, flag } = wanted;
      process.stderr.write(`Port ${port} is taken, a free one is used; ${flag} names another.\n`);
      return open(0);
    }
    if (code === "EADDRINUSE") {
      throw problem("invalid_config", `Port ${wanted.port} is taken by another program.`, {
        hint: `Name another one with ${wanted.flag}, or ${wanted.flag} 0 for any free one.`,
        cause: error,
      });
    }
    if (code === "EACCES") {
      throw problem("invalid_config", `Port ${wanted.port} may not be opened by this user.`, {
        hint: `Ports below 1024 are the administrator's; name a higher one with ${wanted.flag}.`,
        cause: error,
      });
    }
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
      throw problem("invalid_config", `${wanted.host} is not an address of this machine.`, { cause: error });
    }
    throw error;
  }
}

/** Opens a unix socket, or says why not. */
export async function openSocket<T>(path: string, open: (path: string) => Promise<T>): Promise<T> {
  try {
    return await open(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    const isTaken = code === "EADDRINUSE";
    throw problem("invalid_config", isTaken ? `Somebody listens on ${path} already.` : `${path} cannot be a socket.`, {
      hint: "Name a path of some hundred characters at most, in a folder you may write to, with --socket.",
      cause: error,
    });
  }
}

/** Who has not sent a whole request by then is cut off; what billing waits for itself takes ten seconds. */
const slowest = { headersTimeout: 15_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 } as const;

/** What `nodeListener` of bursar/node takes. */
export type Served = Pick<Billing, "fetch"> & Partial<Pick<Billing, "takeWebhook">>;

/** Serves a fetch handler, and tells it which socket a request came by. */
export async function listenFetch(wanted: Wanted, served: Served): Promise<Listening> {
  const { nodeListener } = await import("../billing/http/node.ts"); // The sandbox alone does without.
  return listenServer(wanted, createServer(slowest, nodeListener(served)));
}

export async function listenServer(wanted: Wanted, server: Server): Promise<Listening> {
  await openPort(wanted, async (port) => {
    server.listen(port, wanted.host);
    await once(server, "listening");
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${wanted.host.includes(":") ? `[${wanted.host}]` : wanted.host}:${port}`,
    close: async () => {
      if (!server.listening) return; // It stops at once, and is closed when all have been answered.
      const closed = once(server, "close");
      server.close();
      server.closeIdleConnections();
      // Browsers hold connections open; whoever is still being answered gets two seconds.
      const cut = setTimeout(() => server.closeAllConnections(), 2_000);
      await closed;
      clearTimeout(cut);
    },
  };
}

function systemCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string" && at.code.startsWith("E")) return at.code;
  }
  return undefined;
}
