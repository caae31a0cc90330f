// `stripe logs tail --filter-…`: a JSON text of lists. An empty list filters nothing, several lists must all agree.
// https://docs.stripe.com/cli/logs/tail

import { beforeWork, refusal } from "../../kernel/words/errors.ts";
import { rows } from "./refusals.table.ts";

export type LogFilters = Readonly<Record<string, readonly string[]>>;

export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** How a request shows itself to each filter. One machine, one account and no Dashboard: the rest is fixed. */
const facets: Readonly<Record<string, (request: LoggedRequest) => string>> = {
  filter_account: () => "self",
  filter_http_method: ({ method }) => method,
  filter_ip_address: () => "127.0.0.1",
  filter_request_path: ({ path }) => path,
  filter_request_status: ({ status }) => (status < 300 ? "SUCCEEDED" : "FAILED"),
  filter_source: () => "API",
  filter_status_code: ({ status }) => String(status),
  // The CLI's own 4XX goes over the wire as 400.
  filter_status_code_type: ({ status }) => `${Math.floor(status / 100)}00`,
};

export function parseFilters(text: string | undefined): LogFilters {
  if (text === undefined) return {};
  const parsed = parsedOrUndefined(text);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw refusal(rows.cliFiltersMalformed, {}, beforeWork);
  }
  const lists = Object.entries(parsed).map(([name, values]) => [name, [values ?? []].flat().map(String)] as const);
  return Object.fromEntries(lists.filter(([, values]) => values.length > 0));
}

export function passes(filters: LogFilters, request: LoggedRequest): boolean {
  return Object.entries(filters).every(([name, values]) => {
    const facet = facets[name]?.(request).toUpperCase();
    return facet === undefined || values.some((value) => value.toUpperCase() === facet);
  });
}

function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Refused by the caller.
  }
}
