// READ FIRST. A session is one running `stripe listen` or `stripe logs tail`: made by a request with the secret key,
// then entered by a websocket that knows its id. Between two sockets its messages wait, since the CLI renews its
// connection now and then and nothing may get lost meanwhile.

import { createHash } from "node:crypto";
import type { WebSocket } from "ws";
import type { Account } from "../../kernel/state/accounts.ts";
import { refusal } from "../../kernel/words/errors.ts";
import type { LogFilters } from "./filters.ts";
import { rows } from "./refusals.table.ts";

export type Feature = "webhooks" | "v2_events" | "request_logs";

/** A webhook on its way to a CLI that has not told yet what the receiver answered. */
export interface Conversation {
  readonly eventId: string;
  readonly type: string;
}

export interface Session {
  readonly id: string;
  readonly account: Account;
  readonly features: readonly Feature[];
  readonly secret: string;
  readonly filters: LogFilters;
  readonly waiting: string[];
  readonly conversations: Map<string, Conversation>;
  socket: WebSocket | undefined;
}

export type Sessions = Map<string, Session>;

/** A developer has a handful; a script that opens them in a loop must not eat the memory. */
const sessionsMax = 64;
/** What waits for a socket, or for an answer, at most; the oldest leave first. */
const waitingMax = 1_000;
/** A CLI that does not read for so long is gone. */
const unreadBytesMax = 67_108_864;

/** Takes the place of the oldest session without a socket when there are too many; else Stripe's 429. */
export function addSession(sessions: Sessions, session: Session): void {
  if (sessions.size >= sessionsMax) {
    const idle = [...sessions.values()].find(({ socket }) => !socket);
    if (!idle) throw refusal(rows.cliSessionsTooMany);
    sessions.delete(idle.id);
  }
  sessions.set(session.id, session);
}

/** The same on every start for one key and one device, as the CLI's users know it from Stripe. */
export function secretOfDevice(account: Account, deviceName: string): string {
  const hex = createHash("sha256").update(`stripecli|${account.key}|${deviceName}`).digest("hex");
  return `whsec_${hex}`;
}

export function sendOrKeep(session: Session, message: string): void {
  const { socket, waiting } = session;
  if (!socket || socket.readyState !== socket.OPEN) {
    if (waiting.length >= waitingMax) waiting.shift();
    waiting.push(message);
  } else if (socket.bufferedAmount > unreadBytesMax) socket.terminate();
  else socket.send(message);
}

/** A new socket takes over from the one before it, and gets what has waited. */
export function enter(session: Session, socket: WebSocket): void {
  session.socket?.terminate();
  session.socket = socket;
  for (const message of session.waiting.splice(0)) socket.send(message);
}

export function remember(session: Session, webhookId: string, conversation: Conversation): void {
  const { conversations } = session;
  const oldest = conversations.size >= waitingMax ? conversations.keys().next().value : undefined;
  if (oldest !== undefined) conversations.delete(oldest);
  conversations.set(webhookId, conversation);
}
