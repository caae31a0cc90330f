// What every part of the kernel works with: made once by core.ts, handed down.
import { hash } from "node:crypto";
import type { Instant } from "#kit/clock.ts";
import type { Ports } from "#kit/ports.ts";
import type { Lease } from "../store/lanes.ts";
import type { Pace } from "../store/pace.ts";
import type { BillingSql } from "../store/tables.ts";
import type { Gateway } from "../stripe/gateway.ts";
import type { Health } from "../stripe/health.ts";
import type { Belonging, Manifest, MirrorKind, Reaction, Timer } from "./manifest.ts";
import type { Fields, Remote } from "./reacting.ts";
import type { Verb } from "./verb.ts";

export interface Kernel {
  readonly sql: BillingSql;
  readonly ports: Ports;
  readonly gateway: Gateway;
  readonly health: Health;
  readonly registry: Registry;
  /** metadata.bursar_instance of all we create. */
  readonly instance: string;
  readonly mode: "test" | "live";
  /** Names this process in lanes. */
  readonly owner: string;
  /** When this process last wrote down that a chore was done. */
  readonly noted: Map<string, Instant>;
  /** How many lanes of the inbox this process takes at once. */
  readonly pace: Pace;
  /** Lanes of the inbox that this process works no more, and that the database was not there to be given back to. */
  readonly stranded: Lease[];
  /** Of looks that wait. */
  readonly turns: Turns;
}

/** What waits is due in turns, so that no more of it is due in a second than may leave. */
export interface Turns {
  readonly perSecond: number;
  /** Takes the next turn: how long from now it is. */
  nextMs(): number;
}

/** The manifests, looked up. */
export interface Registry {
  kind(name: string): MirrorKind | undefined;
  /** Whose the object is, as its kind says; nobody's when no resource knows its kind. */
  belonging(remote: Fields): Belonging;
  verb(name: string): Verb | undefined;
  isWorked(eventType: string): boolean;
  timer(kind: string): Timer | undefined;
  /** Whether news of this type leave. */
  isFact(newsType: string): boolean;
  /** Bottom to top, each room in its own order. */
  readonly reactions: readonly Reaction[];
  readonly manifests: readonly Manifest[];
}

export function createRegistry(manifests: readonly Manifest[]): Registry {
  const kinds = new Map(manifests.flatMap((manifest) => manifest.kinds.map((kind) => [kind.kind, kind] as const)));
  const verbs = new Map(manifests.flatMap((manifest) => manifest.verbs.map((verb) => [verb.name, verb] as const)));
  const timers = new Map(manifests.flatMap((manifest) => manifest.timers.map((timer) => [timer.kind, timer] as const)));
  const facts = new Set(manifests.flatMap((manifest) => Object.keys(manifest.facts)));
  const events = new Set(manifests.flatMap((manifest) => manifest.events));
  return {
    manifests,
    kind: (name) => kinds.get(name),
    belonging: (remote) => kinds.get(String(remote.object))?.belongsTo(remote) ?? { customer: null, parent: null },
    verb: (name) => verbs.get(name),
    isWorked: (type) => events.has(type),
    timer: (kind) => timers.get(kind),
    isFact: (type) => facts.has(type),
    reactions: manifests.flatMap((manifest) => manifest.reactions),
  };
}

/** The id in a field that is an id, or the expanded object. */
export function idOf(field: unknown): string | null {
  if (typeof field === "string") return field;
  const id = (field as { id?: unknown } | null | undefined)?.id;
  return typeof id === "string" ? id : null;
}

/** `pi_…_secret_…`, in a field or inside a URL: whoever has it may pay or read, so it is never stored. */
const secretMark = Buffer.from("_secret_");
const cut = Buffer.from("cut");

/** The same bytes without client secrets, the letters and digits after the mark. Nothing else changes. */
export function cutClientSecrets(bytes: Uint8Array): Uint8Array {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array[] = [];
  let from = 0;
  for (let at = view.indexOf(secretMark); at >= 0; at = view.indexOf(secretMark, from)) {
    const begin = at + secretMark.length;
    let end = begin;
    while (isOfWord(view[end])) end++;
    kept.push(view.subarray(from, begin));
    if (end > begin) kept.push(cut);
    from = end;
  }
  return from === 0 ? bytes : Buffer.concat([...kept, view.subarray(from)]);
}

/** [A-Za-z0-9_] */
function isOfWord(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const letter = byte | 0x20; // small, where it is one
  return (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f;
}

export function rawOf(remote: Remote): Uint8Array {
  return cutClientSecrets(new Uint8Array(Buffer.from(JSON.stringify(remote), "utf8")));
}

/**
 * Stripe's object without its lists, at any depth: they come in pages, so what an object shows of them is a piece. What
 * we live by of them is in the row.
 */
export function rawWithoutLists(remote: Remote): Uint8Array {
  const isList = (value: unknown) => (value as { object?: unknown } | null)?.object === "list";
  const whole = JSON.stringify(remote);
  // Most have none, and to ask each value costs several times what writing them does.
  const text = whole.includes('"object":"list"')
    ? JSON.stringify(remote, (_name, value: unknown) => (isList(value) ? undefined : value))
    : whole;
  return cutClientSecrets(new Uint8Array(Buffer.from(text, "utf8")));
}

export function sha256Of(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex");
}
