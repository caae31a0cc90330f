// Log events, not sentences: `log.info("inbox.done", { eventId, tookMs })`. One JSON object per line, synchronous,
// stamped by the clock that was given, without a process id or a host name: the same run writes the same bytes.
// Secrets are cut out before pino sees them (redact.ts).
import { pino } from "pino";
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
  const logger = pino(
    {
      level,
      base: null,
      messageKey: "event",
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
  return withFields(logger, {});
}

/** Writes nothing. */
export function silentLog(): Log {
  const silent: Log = { info() {}, warn() {}, error() {}, child: () => silent };
  return silent;
}

type Logger = Pick<pino.Logger, "info" | "warn" | "error" | "isLevelEnabled">;

function withFields(logger: Logger, bound: Record<string, unknown>): Log {
  const at =
    (level: LogLevel) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      if (logger.isLevelEnabled(level)) logger[level]({ ...bound, ...redactFields(fields) }, event);
    };
  return {
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (fields) => withFields(logger, { ...bound, ...redactFields(fields) }),
  };
}
