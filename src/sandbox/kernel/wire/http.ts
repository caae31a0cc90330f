// The core behind bare node:http, and behind the platform's Request and Response. Nothing below knows of either.
import { unlinkSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createServer } from "#kit/node_http.ts";
import type { WireAnswer } from "./call.ts";
import type { Core } from "./core.ts";

/** Stripe's front takes no larger body; files, which are larger, are not covered. */
const bodyBytesMax = 1_048_576;

/** Takes over a connection that asks for another protocol, or refuses it. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface HttpOptions {
  readonly core: Core;
  /** Everything that is not the API: pages, scripts. */
  readonly pages: (request: Request) => Promise<Response>;
  /** Whoever asks at `/` sees the headers of an answer, not a page. */
  readonly isRootApi: boolean;
  /** Beside the loopback names; guards against DNS rebinding. */
  readonly allowHosts: readonly string[] | "any";
  readonly upgrade?: Upgrade;
}

export interface Listening {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** True for the API, false for pages. */
function isApiPath({ isRootApi }: HttpOptions, path: string): boolean {
  return (
    (isRootApi && path === "/") ||
    path.startsWith("/v1/") ||
    path.startsWith("/v2/") ||
    path === "/v1" ||
    path === "/v2"
  );
}

/** The fetch face: `core` for the API, `pages` for the rest. */
export async function fetchAnswer(options: HttpOptions, request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (!isApiPath(options, url.pathname)) return options.pages(request);
  const body = request.method === "GET" || request.method === "HEAD" ? "" : await request.text();
  const headers = Object.fromEntries(request.headers);
  const query = url.search.slice(1);
  const answer = options.core.handle({ method: request.method, path: url.pathname, query, headers, body });
  await answer.late;
  if (answer.lost) {
    const code = answer.lost === "reset" ? "ECONNRESET" : "UND_ERR_SOCKET"; // As undici has them.
    throw new TypeError("fetch failed", { cause: Object.assign(new Error("The answer was lost."), { code }) });
  }
  const isEmpty = answer.status === 204 || request.method === "HEAD";
  return new Response(isEmpty ? null : answer.body, { status: answer.status, headers: answer.headers });
}

export async function listenOnTcp(options: HttpOptions, where: { port: number; host: string }): Promise<Listening> {
  const server = createServer((request, response) => answerNode(options, request, response));
  const upgraded = takeUpgrades(server, options);
  await listening(server, () => server.listen(where.port, where.host));
  const { port } = server.address() as AddressInfo; // TCP gives an address with a port.
  const name = where.host.includes(":") ? `[${where.host}]` : where.host;
  return { url: `http://${name}:${port}`, port, close: () => closed(server, upgraded) };
}

/** For the official CLI. Whoever reaches the socket file is this machine's user: no Host check. */
export async function listenOnSocket(given: HttpOptions, path: string): Promise<Listening> {
  const options = { ...given, allowHosts: "any" as const };
  const server = createServer((request, response) => answerNode(options, request, response));
  const upgraded = takeUpgrades(server, options);
  if (await isAbandoned(path)) unlinkSync(path);
  await listening(server, () => server.listen(path));
  return { url: `unix:${path}`, port: 0, close: () => closed(server, upgraded) };
}

/** True for the socket file of a process that was killed: it stands in the way and nobody answers. */
function isAbandoned(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
  });
}

/** The server forgets a connection that was taken over; these are the living ones. */
function takeUpgrades(server: Server, options: HttpOptions): ReadonlySet<Duplex> {
  const { upgrade, allowHosts } = options;
  const upgraded = new Set<Duplex>();
  if (!upgrade) return upgraded;
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgraded.add(socket);
    socket.on("close", () => upgraded.delete(socket));
    // The server no longer listens for the errors of a connection that it gave away; a reset must not end the process.
    socket.on("error", () => socket.destroy());
    if (isAllowedHost(request.headers.host, allowHosts)) upgrade(request, socket, head);
    else socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n", () => socket.destroy());
  });
  return upgraded;
}

function answerNode(options: HttpOptions, request: IncomingMessage, response: ServerResponse): void {
  if (!isAllowedHost(request.headers.host, options.allowHosts)) {
    response.writeHead(403, { "content-type": "text/plain" });
    response.end("This sandbox answers to 127.0.0.1, localhost and [::1] only. Add a name with --allow-host NAME.\n");
    return;
  }
  const target = request.url ?? "/";
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark + 1);
  const method = request.method ?? "GET";
  if (!isApiPath(options, path)) {
    void answerPage(options, request, response);
    return;
  }
  if (method === "GET") {
    send(response, options.core.handle({ method, path, query, headers: request.headers, body: "" }));
    return;
  }
  readBody(request, response, (body) =>
    send(response, options.core.handle({ method, path, query, headers: request.headers, body })),
  );
}

function send(response: ServerResponse, answer: WireAnswer): void {
  if (answer.late) {
    const { late, ...rest } = answer;
    void late.then(() => send(response, rest));
    return;
  }
  if (answer.lost === "closed") {
    response.destroy();
    return;
  }
  const length = Buffer.byteLength(answer.body);
  answer.headers["content-length"] = String(length);
  response.writeHead(answer.status, answer.headers);
  if (answer.lost === "reset") {
    const { socket } = response;
    response.write(answer.body.slice(0, answer.body.length / 2), () => reset(socket));
    return;
  }
  response.end(answer.body, length === answer.body.length ? "latin1" : "utf8"); // ASCII needs no encoding.
}

/** The client's system is told to forget the connection, rather than that it has ended. */
function reset(socket: Socket | null): void {
  // A unix socket knows no reset.
  if (socket?.remoteAddress === undefined) socket?.destroy();
  else socket.resetAndDestroy();
}

function readBody(request: IncomingMessage, response: ServerResponse, then: (body: string) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= bodyBytesMax) chunks.push(chunk);
  });
  request.on("end", () => {
    if (size > bodyBytesMax) {
      response.writeHead(413, { "content-type": "text/plain", connection: "close" });
      response.end("Request Entity Too Large\n");
      return;
    }
    then(chunks.length === 1 ? chunks[0]!.toString("utf8") : Buffer.concat(chunks).toString("utf8")); // Length is 1.
  });
}

async function answerPage(options: HttpOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await new Promise<string>((resolve) => readBody(request, response, resolve));
    const answer = await options.pages(webRequest(request, body));
    const headers: Record<string, string | string[]> = Object.fromEntries(answer.headers);
    const cookies = answer.headers.getSetCookie();
    if (cookies.length > 0) headers["set-cookie"] = cookies;
    response.writeHead(answer.status, headers);
    response.end(Buffer.from(await answer.arrayBuffer()));
  } catch (error) {
    if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
    response.end(`The sandbox could not make this page: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

function webRequest(request: IncomingMessage, body: string): Request {
  const url = `http://${request.headers.host ?? "localhost"}${request.url ?? "/"}`;
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, one);
  }
  const method = request.method ?? "GET";
  return new Request(url, { method, headers, body: method === "GET" || method === "HEAD" ? undefined : body });
}

function isAllowedHost(host: string | undefined, allowHosts: HttpOptions["allowHosts"]): boolean {
  if (allowHosts === "any") return true;
  if (!host) return false;
  const name = host.startsWith("[") ? host.slice(0, host.indexOf("]") + 1) : host.split(":", 1)[0];
  if (name === undefined) return false;
  return name === "127.0.0.1" || name === "localhost" || name === "[::1]" || allowHosts.includes(name);
}

function listening(server: Server, listen: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", () => {
      server.off("error", reject);
      resolve();
    });
    listen();
  });
}

/** Open keep-alive connections must not hold the process. */
function closed(server: Server, upgraded: ReadonlySet<Duplex>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
    for (const socket of upgraded) socket.destroy();
  });
}
