// READ FIRST: what billing offers a program, as types. The REST API mirrors it noun by noun.
// The host's own id is the name of everything ("order_9001", "user_42"); money is an integer in minor units beside its
// currency; "the customer must act" is an answer, never an exception; `.stripe` is the raw object as an escape hatch.
import type { AccessApi } from "./access.ts";
import type { CatalogApi } from "./catalog.ts";
import type { CustomersApi } from "./customers/customers.ts";
import type { Fact, FactType } from "./facts.ts";
import type { ImportOptions, ImportReport } from "./import.ts";
import type { InvoicesApi } from "./invoices/invoices.ts";
import type { MethodsApi } from "./methods.ts";
import type { OrdersApi } from "./orders.ts";
import type { RefundsApi } from "./refunds.ts";
import type { DeliveriesApi } from "./repair/deliveries.ts";
import type { FlagsApi } from "./repair/flags.ts";
import type { InboxApi } from "./repair/inbox.ts";
import type { OperationsApi } from "./repair/operations.ts";
import type { SubscriptionsApi } from "./subscriptions/subscriptions.ts";
import type { IncomingWebhook, WebhookAnswer } from "./webhook.ts";

export * from "./access.ts";
export * from "./answers.ts";
export * from "./catalog.ts";
export * from "./customers/customers.ts";
export * from "./customers/tax_id_types.table.ts";
export * from "./customers/tax_ids.ts";
export * from "./facts.ts";
export * from "./import.ts";
export * from "./invoices/commands.ts";
export * from "./invoices/create.ts";
export * from "./invoices/credit.ts";
export * from "./invoices/invoice.ts";
export * from "./invoices/invoices.ts";
export * from "./limits.ts";
export * from "./methods.ts";
export * from "./options.ts";
export * from "./orders.ts";
export * from "./refunds.ts";
export * from "./repair/deliveries.ts";
export * from "./repair/flags.ts";
export * from "./repair/inbox.ts";
export * from "./repair/operations.ts";
export * from "./subscriptions/change.ts";
export * from "./subscriptions/ends.ts";
export * from "./subscriptions/pause.ts";
export * from "./subscriptions/start.ts";
export * from "./subscriptions/subscription.ts";
export * from "./subscriptions/subscriptions.ts";
export * from "./subscriptions/terms.ts";
export * from "./webhook.ts";

export interface Billing {
  /**
   * Webhook, REST under /v1, hosted pages. Mount it anywhere a `Request` can be had.
   * @param env what the server's adapter knows beside the request; @hono/node-server passes `{ incoming, outgoing }`.
   * Without it all callers count as one address when wrong API keys are counted.
   */
  fetch(request: Request, env?: object): Promise<Response>;
  /**
   * The short road of a webhook that comes by node:http; `nodeListener` of bursar/node takes it. Answers after the
   * event is stored; undefined, with nothing of the request touched, for whatever `fetch` has to see.
   */
  takeWebhook(incoming: IncomingWebhook): Promise<WebhookAnswer> | undefined;
  /** Starts the workers. Refuses a second worker on one SQLite file. */
  start(): Promise<void>;
  /** Waits until nothing that is due is left. */
  drain(): Promise<void>;
  close(): Promise<void>;
  /** For hosts without a long-lived process: works what is due, for at most `maxMs`. */
  tick(options: { maxMs: number }): Promise<{ readonly worked: number }>;

  /**
   * Takes in what the account has: customers, under your ids, and what hangs on them. It writes nothing at Stripe. It
   * keeps its place: one that was stopped, or killed, goes on when it is given again; given once more it finds nothing
   * new, and reports the same. Nothing of it is told as a fact: it has happened before. Reads a page of 100 at a time,
   * of methods a customer at a time, so that ten thousand customers take some minutes.
   * Throws Problem `wrong_state` while another process is at it.
   * @example
   * const report = await billing.import({ idFrom: { metadata: "user_id" } });
   * for (const { stripeCustomerId, reason } of report.notPlaced) console.log(stripeCustomerId, reason);
   */
  import(options: ImportOptions): Promise<ImportReport>;

  readonly catalog: CatalogApi;
  readonly customers: CustomersApi;
  readonly methods: MethodsApi;
  readonly orders: OrdersApi;
  readonly refunds: RefundsApi;
  readonly subscriptions: SubscriptionsApi;
  readonly invoices: InvoicesApi;
  readonly access: AccessApi;
  /** At least once, with a stable fact id; own attempts, backoff and dead letters per handler id. */
  on<T extends FactType>(type: T, handler: (fact: Fact<T>) => Promise<void> | void, options: { id: string }): void;
  readonly inbox: InboxApi;
  readonly flags: FlagsApi;
  readonly operations: OperationsApi;
  readonly deliveries: DeliveriesApi;
}
