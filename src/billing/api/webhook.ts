// A webhook that comes straight from node:http.
import type { IncomingMessage } from "node:http";

/** What of a request of node:http is looked at. */
export type IncomingWebhook = Pick<
  IncomingMessage,
  "method" | "url" | "headers" | "readableDidRead" | "on" | "off" | "pause"
>;

export interface WebhookAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
