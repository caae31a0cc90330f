// The messages of the websocket, both ways, as the official CLI was seen to speak them.

export interface WebhookMessage {
  /** Null is the account's version. The CLI drops what is not null, and under `--latest` what is. */
  readonly version: string | null;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly webhookId: string;
  readonly conversationId: string;
}

/** The CLI forwards `event_payload` byte for byte with `http_headers`. */
export function webhookMessage({ version, body, headers, webhookId, conversationId }: WebhookMessage): string {
  return JSON.stringify({
    type: "webhook_event",
    endpoint: { api_version: version },
    event_payload: body,
    http_headers: headers,
    webhook_conversation_id: conversationId,
    webhook_id: webhookId,
  });
}

export interface LogEntry {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly requestId: string;
  /** Seconds. */
  readonly created: number;
  /** The answer's body. */
  readonly body: string;
}

/** What the CLI shows of an error. */
const errorFields = ["type", "charge", "code", "decline_code", "message", "param"] as const;

export function logMessage(logId: string, entry: LogEntry): string {
  const { method, path, status, requestId, created } = entry;
  const error = status >= 400 ? errorOf(entry.body) : {};
  const payload = { created_at: created, error, livemode: false, method, request_id: requestId, status, url: path };
  return JSON.stringify({
    type: "request_log_event",
    request_log_id: logId,
    event_payload: JSON.stringify(payload),
  });
}

/** The only message that tells something: what the receiver behind the CLI answered. */
export interface ReceiverAnswer {
  readonly webhookId: string;
  readonly forwardUrl: string;
  readonly status: number;
}

/** Undefined for acknowledgements and whatever newer CLIs may say; null for what is not a message at all. */
export function readMessage(text: string): ReceiverAnswer | undefined | null {
  const message = parsedOrNull(text);
  if (message === null) return null;
  if (message.type !== "webhook_response") return undefined;
  const { webhook_id: webhookId, forward_url: forwardUrl, status } = message;
  if (typeof webhookId !== "string" || typeof forwardUrl !== "string" || typeof status !== "number") return null;
  return { webhookId, forwardUrl, status };
}

function errorOf(body: string): Record<string, unknown> {
  const error = (parsedOrNull(body)?.error ?? {}) as Record<string, unknown>; // Our own envelope.
  return Object.fromEntries(errorFields.flatMap((name) => (name in error ? [[name, error[name]]] : [])));
}

function parsedOrNull(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null; // The caller closes the connection.
  }
}
