// One aligned line per thing that happens: when, in which half, what kind of thing, which object, what about it.
import { styleText } from "node:util";
import { inColumns, row, shortIds, wrap } from "./fit.ts";

/** A line of the log: redacted by the kit already, so what is shown says nothing the log would not. */
export type Entry = Readonly<Record<string, unknown>>;
type Kind =
  | ("move" | "event" | "deliver" | "receipt" | "fact" | "handler" | "call" | "request" | "rest" | "shop")
  | ("note" | "WARN" | "ERROR");

const kindWidth = 8;
const whereWidth = 7;
const subjectWidth = 30; // Stripe's longest usual id: a prefix and 24 characters
const shortSubjectWidth = 16;
const textMax = 200; // characters; the whole of it is in --log json

/** Which log events are which kind of thing, by the beginning of their names; the first that fits. */
const kinds: readonly (readonly [prefix: string, kind: Kind])[] = [
  ["sandbox.move", "move"],
  ["move", "move"],
  ["sandbox.event", "event"],
  ["event", "event"],
  ["sandbox.delivery", "deliver"],
  ["webhook.delivery", "deliver"],
  ["delivery", "deliver"],
  ["sandbox.request", "request"],
  ["stripe.call", "call"],
  ["inbox", "receipt"],
  ["receipt", "receipt"],
  ["fact", "fact"],
  ["outbox.fact", "fact"],
  ["outbox", "handler"],
  ["handler", "handler"],
  ["outgoing", "handler"],
  ["endpoint", "handler"],
  ["http", "rest"],
  ["shop", "shop"],
];

const kindColors: Readonly<Record<Kind, Parameters<typeof styleText>[0]>> = {
  move: "cyan",
  event: "blue",
  deliver: "blue",
  receipt: "magenta",
  fact: "green",
  handler: "greenBright",
  call: "gray",
  request: "gray",
  rest: "gray",
  shop: "greenBright",
  note: "gray",
  WARN: "yellow",
  ERROR: "red",
};

/** Fields that name what a line is about, best first. */
const subjectFields = [
  "subject",
  "object",
  "objectId",
  "orderId",
  "refundId",
  "eventId",
  "receiptId",
  "receipt",
  "stripeId",
  "factId",
  "path",
  "id",
] as const;
const ownFields = new Set(["level", "time", "event", "half"]);

/** All of it: `renderLine({ time, half: "sandbox", event: "move", object: "pi_1", from: "a", to: "b" })` */
export function renderLine(entry: Entry): string {
  const kind = kindOf(entry);
  const { field, subject } = subjectOf(entry);
  const columns = [
    { text: localTime(entry, { withMs: true }) },
    { text: String(entry.half ?? "").padEnd(whereWidth) },
    { text: kind.padEnd(kindWidth), color: kindColors[kind] },
    { text: subject.padEnd(subjectWidth) },
    { text: describe(entry, field).slice(0, textMax) },
  ];
  return row(columns, Number.POSITIVE_INFINITY);
}

/** The same in one line of the terminal, without its half. What is wrong takes as many lines as it needs. */
export function renderShort(entry: Entry, width: number): string {
  const kind = kindOf(entry);
  const { field, subject } = subjectOf(entry);
  const text = shortIds(describe(entry, field).slice(0, textMax));
  const [time, id, color] = [localTime(entry), shortIds(subject), kindColors[kind]];
  if (isTrouble(entry)) {
    const words = [time, kind, id, text].filter((part) => part !== "").join("  ");
    const lines = wrap(words, { width, indent: time.length + 2 });
    return lines.replace(kind, (word) => styleText(color, word));
  }
  const columns = [
    { text: time },
    { text: kind.padEnd(kindWidth), color },
    { text: inColumns(id, shortSubjectWidth) },
    { text },
  ];
  return row(columns, width);
}

export function isTrouble({ level }: Entry): boolean {
  return level === "warn" || level === "error";
}

function subjectOf(entry: Entry): { field: string | undefined; subject: string } {
  const field = subjectFields.find((name) => typeof entry[name] === "string");
  return { field, subject: field ? String(entry[field]) : "" };
}

/** The lines one sees most, said in fewer words; every other event is its name and its fields. */
const sentences: Readonly<Record<string, (entry: Entry) => string>> = {
  "sandbox.move": (entry) => String(entry.text),
  "sandbox.event": (entry) => String(entry.text),
  "sandbox.request": (entry) => String(entry.text),
  "sandbox.delivery": (entry) => String(entry.text),
  "stripe.call": ({ method, path, status, silence, replayed, tookMs }) =>
    `${method} ${path} ${status ?? `no answer: ${silence}`}${replayed ? " (replayed)" : ""} in ${tookMs} ms`,
  "inbox.stored": ({ type, events, fresh }) => `${type ?? `${events} events`} stored${fresh === 0 ? " before" : ""}`,
  "inbox.done": ({ type, by }) => `${type} done by ${by}`,
  fact: ({ type }) => String(type),
  "shop.packed": () => "the parcel is packed",
  "outbox.delivered": ({ type, handler }) => `${type} → ${handler}`,
};

function kindOf(entry: Entry): Kind {
  if (entry.level === "warn") return "WARN";
  if (entry.level === "error") return "ERROR";
  const event = String(entry.event);
  return kinds.find(([prefix]) => event === prefix || event.startsWith(`${prefix}.`))?.[1] ?? "note";
}

function describe(entry: Entry, subjectField: string | undefined): string {
  const sentence = sentences[String(entry.event)]?.(entry);
  if (sentence) return sentence;
  const rest = Object.entries(entry).filter(
    ([name, value]) => !ownFields.has(name) && name !== subjectField && value !== null && value !== undefined,
  );
  const fields = new Map(rest);
  const words = [String(entry.event)];
  if (fields.has("from") && fields.has("to")) {
    words.push(`${plain(fields.get("from"))} → ${plain(fields.get("to"))}`);
    fields.delete("from");
    fields.delete("to");
  }
  for (const [name, value] of fields) words.push(`${name}=${plain(value)}`);
  return words.join(" ");
}

function plain(value: unknown): string {
  if (typeof value === "string") return /[\s"]/.test(value) ? JSON.stringify(value) : value;
  if (typeof value === "object" && value !== null && "message" in value) return JSON.stringify(value.message);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** By the clock on the wall; milliseconds where nothing else may be missing either. */
export function localTime({ time }: Entry, { withMs = false } = {}): string {
  const at = new Date(String(time));
  const two = (number: number, width = 2) => String(number).padStart(width, "0");
  const seconds = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return withMs ? `${seconds}.${two(at.getMilliseconds(), 3)}` : seconds;
}
