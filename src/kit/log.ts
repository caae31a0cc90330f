// Log events, not sentences: `log.info("inbox.done", { eventId, tookMs })`. One JSON object per line, synchronous,
// stamped by the clock that was given, without a process id or a host name: the same run writes the same bytes.
// Secrets are cut out before pino sees them (redact.ts).
import { createRequire } from "node:module";
import type { DestinationStream, Logger } from "pino";
import type { Clock } from "./clock.ts";
import { redactFields } from "./redact.ts";

export interface Log {
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
  /** A log whose lines all carry `fields`. */
  child(fields: Record<string, unknown>): Log;
}

export type LogLevel = "info" | "warn" | "error";

export interface LogOptions {
  readonly clock: Pick<Clock, "now">;
  /** Receives one line with its newline. Must not be asynchronous. */
  readonly write: (line: string) => void;
  readonly level?: LogLevel;
}

/** `createLog({ clock, write: (line) => lines.push(line) }).info("order.created", { orderId: "order_9001" })` */
export function createLog({ clock, write, level = "info" }: LogOptions): Log {
  let logger: Logger | undefined;
  return withFields(() => (logger ??= openLogger({ clock, write, level })), {});
}

/** Standard output, each line at once. */
export function standardOutput(): LogOptions["write"] {
  let destination: Pick<DestinationStream, "write"> | undefined;
  return (line) => {
    destination ??= openPino().destination({ dest: 1, sync: true });
    destination.write(line);
  };
}

/** With the first line: pino brings many modules along, and many a process never says anything. */
function openPino(): typeof import("pino") {
  return createRequire(import.meta.url)("pino");
}

function openLogger({ clock, write, level }: Required<LogOptions>): Logger {
  return openPino().pino(
    {
      level,
      base: null,
      messageKey: "event",
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
}

/** Writes nothing. */
export function silentLog(): Log {
  const silent: Log = { info() {}, warn() {}, error() {}, child: () => silent };
  return silent;
}

function withFields(opened: () => Logger, bound: Record<string, unknown>): Log {
  const at =
    (level: LogLevel) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      const logger = opened();
      if (logger.isLevelEnabled(level)) logger[level]({ ...bound, ...redactFields(fields) }, event);
    };
  return {
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (fields) => withFields(opened, { ...bound, ...redactFields(fields) }),
  };
}
