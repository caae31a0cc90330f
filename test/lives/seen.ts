// All that the API tells of a life at one moment.
import type { Answer } from "./core.ts";
import type { Life } from "./life.ts";

export interface Seen {
  readonly now: number;
  readonly currency: string;
  readonly customer: Answer;
  /** Oldest first, each with all of its lines. */
  readonly invoices: readonly Answer[];
  readonly subscriptions: readonly Answer[];
  /** What waits for an invoice. */
  readonly pending: readonly Answer[];
  /** Of the customer's balance, oldest first. */
  readonly movements: readonly Answer[];
  /** Of invoices. */
  readonly payments: readonly Answer[];
  readonly intents: ReadonlyMap<string, Answer>;
  /** Those that have come since last time, oldest first. */
  readonly news: readonly Answer[];
  /** All that there are, oldest first. */
  readonly events: readonly Answer[];
  readonly planned: readonly string[];
  readonly life: Life;
}

export function lookAt(life: Life): Seen {
  const { all, must, customer, events } = life;
  const last = events.at(-1)?.id;
  const news = all("/v1/events").toReversed();
  const fresh = last === undefined ? news : news.slice(news.findIndex(({ id }) => id === last) + 1);
  events.push(...fresh);
  const intents = all("/v1/payment_intents", { customer });
  return {
    now: life.at,
    currency: life.catalog.currency,
    customer: must(`GET /v1/customers/${customer}`),
    invoices: all("/v1/invoices", { customer })
      .toReversed()
      .map((invoice) => ({ ...invoice, lines: linesOf(life, invoice) })),
    subscriptions: life.subscriptions.map((id) => must(`GET /v1/subscriptions/${id}`)),
    pending: all("/v1/invoiceitems", { customer, pending: true }),
    movements: all(`/v1/customers/${customer}/balance_transactions`).toReversed(),
    payments: all("/v1/invoice_payments"),
    intents: new Map(intents.map((intent) => [intent.id, intent])),
    news: fresh,
    events,
    planned: life.planned(),
    life,
  };
}

function linesOf({ all }: Life, { id, lines }: Answer): Answer[] {
  return lines.has_more ? all(`/v1/invoices/${id}/lines`).toReversed() : lines.data;
}

export const sum = (amounts: readonly number[]): number => amounts.reduce((whole, one) => whole + one, 0);

export const subscriptionOf = ({ parent }: Answer): string | undefined => parent?.subscription_details?.subscription;
