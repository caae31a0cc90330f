// The websocket. It opens only to who knows the id of a session, in a header that no web page can set.
import type { Duplex } from "node:stream";
import type { RawData, WebSocket, WebSocketServer } from "ws";
import { STATUS_CODES } from "#kit/node_http.ts";
import { tell, type World } from "../../kernel/state/unit.ts";
import type { Upgrade } from "../../kernel/wire/http.ts";
import { readMessage } from "./messages.ts";
import { enter, type Session, type Sessions } from "./session.ts";

export interface CliSocket {
  readonly upgrade: Upgrade;
  close(): void;
}

const protocolName = "stripecli-devproxy-v1";
/** The CLI cuts a receiver's answer at 5,000 bytes and repeats the request, whose event may be some 100 kB. */
const messageBytesMax = 4_194_304;
/** Of RFC 6455: "received data that it cannot accept". */
const unacceptableCode = 1003;

export function openSocket(world: World, sessions: Sessions): CliSocket {
  // With the first CLI that connects: `ws` brings TLS along, and most sandboxes never meet one.
  let opening: Promise<WebSocketServer> | undefined;
  let server: WebSocketServer | undefined;
  const open = async (): Promise<WebSocketServer> => {
    const { WebSocketServer } = await import("ws");
    server = new WebSocketServer({
      noServer: true,
      maxPayload: messageBytesMax,
      handleProtocols: (offered) => (offered.has(protocolName) ? protocolName : false),
    });
    return server;
  };
  return {
    upgrade(request, socket, head) {
      if (!request.url?.startsWith("/subscribe/")) return refuse(socket, 404, "There is no websocket here.");
      const session = sessions.get(String(request.headers["websocket-id"]));
      // In these very words: the CLI makes a new session only when it reads them.
      if (!session) return refuse(socket, 401, "Unknown WebSocket ID.");
      opening ??= open();
      void opening.then((opened) =>
        opened.handleUpgrade(request, socket, head, (client) => serve(world, session, client)),
      );
    },
    close() {
      for (const client of server?.clients ?? []) client.terminate();
      server?.close();
    },
  };
}

function serve(world: World, session: Session, socket: WebSocket): void {
  // The connection is lost; `close` follows, and the CLI comes again.
  socket.on("error", (error) => world.log.warn("sandbox.stripecli_connection", { error: error.message }));
  socket.on("close", () => {
    if (session.socket === socket) session.socket = undefined;
  });
  socket.on("message", (raw: RawData) => {
    const answer = readMessage(String(raw));
    if (answer === null) socket.close(unacceptableCode);
    if (!answer) return;
    const conversation = session.conversations.get(answer.webhookId);
    if (!conversation) return;
    session.conversations.delete(answer.webhookId);
    const { eventId, type } = conversation;
    const outcome = answer.status >= 200 && answer.status < 300 ? "delivered" : "failed";
    const text = `${type} → stripe listen → ${answer.forwardUrl}: ${outcome} (${answer.status})`;
    tell(world, session.account, { kind: "delivery", id: eventId, text });
  });
  enter(session, socket);
}

function refuse(socket: Duplex, status: number, message: string): void {
  const body = JSON.stringify({ error: { message } });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
