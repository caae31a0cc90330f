// From an event's bytes to a receipt's row. Pure: what is unreadable, unknown or not for us is a state of the receipt,
// visible to the operator, and never a reason to answer Stripe with a 4xx.
import type { Instant } from "#kit/clock.ts";
import { cutClientSecrets, idOf, type Registry, sha256Of } from "../contract/context.ts";
import type { Fields } from "../contract/reacting.ts";
import type { ReceiptRow, ReceiptState } from "../store/tables.ts";

export interface ReceiptContext {
  readonly registry: Registry;
  readonly mode: "test" | "live";
  readonly now: Instant;
}

/** What has come in: the row that it will be, and the event's object. */
export interface Arrival {
  readonly row: ReceiptRow;
  readonly payload: Fields | null;
}

export function arrivalOf(bytes: Uint8Array, context: ReceiptContext): Arrival {
  const sha256 = sha256Of(bytes);
  const event = parseObject(bytes);
  const object = event ? (event.data as { object?: unknown } | undefined)?.object : undefined;
  const isSnapshot = event?.object === "event" && typeof event.id === "string" && isFields(object);
  const blank = {
    kind: "event" as const,
    sha256,
    body: cutClientSecrets(bytes),
    attempts: 0,
    repeats: 0,
    renewed: 0,
    next_at: context.now,
    received_at: context.now,
    ended_at: null,
  };
  if (!isSnapshot) {
    // Signed, but no event that we know how to read: kept as it came, for a human.
    const type = typeof event?.type === "string" ? event.type : "unreadable";
    const unread = { lane: `raw_${sha256}`, object_kind: null, object_id: null, customer: null, parent: null };
    const rest = { created: 0, livemode: context.mode === "live" ? 1 : 0, api_version: null, account: null };
    const error = "The body is signed but is not a snapshot event";
    const row = { ...blank, ...unread, ...rest, id: `raw_${sha256.slice(0, 40)}`, type, error };
    return { row: { ...row, state: "quarantined" }, payload: null };
  }
  const remote = object as Fields;
  const type = String(event.type);
  const id = idOf(remote);
  const { customer, parent } = context.registry.belonging(remote);
  const { state, error } = firstState(event, remote, context);
  const row: ReceiptRow = {
    ...blank,
    id: String(event.id),
    type,
    lane: customer ?? parent ?? id ?? String(event.id),
    object_kind: typeof remote.object === "string" ? remote.object : null,
    object_id: id,
    customer,
    parent,
    created: Number.isSafeInteger(event.created) ? (event.created as number) : 0,
    livemode: event.livemode === true ? 1 : 0,
    api_version: typeof event.api_version === "string" ? event.api_version : null,
    account: typeof event.account === "string" ? event.account : null,
    state,
    error,
  };
  return { row, payload: remote };
}

function firstState(
  event: Fields,
  remote: Fields,
  context: ReceiptContext,
): { state: ReceiptState; error: string | null } {
  if (typeof event.account === "string") return { state: "other_account", error: "An event of a connected account" };
  if ((event.livemode === true) !== (context.mode === "live")) {
    return { state: "other_mode", error: `Bursar runs in ${context.mode} mode` };
  }
  const isWorked = context.registry.isWorked(String(event.type));
  const hasKind = context.registry.kind(String(remote.object)) !== undefined;
  if (!isWorked || !hasKind) return { state: "ignored", error: null };
  if (idOf(remote) === null || !Number.isSafeInteger(event.created)) {
    return { state: "quarantined", error: "The event's object has no id, or the event no time" };
  }
  return { state: "open", error: null };
}

/** The event's object as the receipt kept it. */
export function payloadOf(receipt: Pick<ReceiptRow, "body">): Fields | null {
  const event = receipt.body && parseObject(receipt.body);
  const object = event ? (event.data as { object?: unknown } | undefined)?.object : undefined;
  return isFields(object) ? object : null;
}

function parseObject(bytes: Uint8Array): Fields | null {
  try {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength); // no copy
    const value: unknown = JSON.parse(view.toString("utf8"));
    return isFields(value) ? value : null;
  } catch {
    return null; // unreadable is a state of the receipt, see receiptOf
  }
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
