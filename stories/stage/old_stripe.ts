// The official SDK of an older time, as far as stories need it.
import { createRequire } from "node:module";

type Noun =
  | ("balance" | "charges" | "customers" | "events" | "invoiceItems" | "invoices" | "paymentIntents" | "paymentMethods")
  | ("prices" | "products" | "refunds" | "subscriptions" | "webhookEndpoints");
type Verb =
  | "attach"
  | "create"
  | "finalizeInvoice"
  | "list"
  | "pay"
  | "retrieve"
  | "retrievePDF"
  | "sendInvoice"
  | "update";

export type Found = Readonly<Record<string, unknown>> & { readonly id: string };

/** As far as stories need it. */
export type OldStripe = Readonly<Record<Noun, Readonly<Record<Verb, (...sent: unknown[]) => Promise<Found>>>>> & {
  readonly webhooks: {
    constructEvent(body: string, signature: string, secret: string, ...when: readonly unknown[]): Found;
    generateTestHeaderString(given: { readonly payload: string; readonly secret: string }): string;
  };
};

type StripeClass = ((key: string, options: object) => OldStripe) & {
  createFetchHttpClient(fetch: (url: string, init: RequestInit) => Promise<Response>): object;
};

const load = createRequire(import.meta.url);

/**
 * Called without `new`, as it was then: `oldStripe("stripe-acacia", "2025-02-24.acacia", fetch)`. Its calls leave by
 * `fetch`, and none is repeated by itself.
 */
export function oldStripe(
  name: string,
  apiVersion: string,
  fetch: (url: string, init: RequestInit) => Promise<Response>,
): OldStripe {
  const Stripe = load(name) as StripeClass;
  const httpClient = Stripe.createFetchHttpClient(fetch);
  return Stripe("sk_test_testbed", { apiVersion, httpClient, maxNetworkRetries: 0, telemetry: false });
}
