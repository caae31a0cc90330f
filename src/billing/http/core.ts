// What the HTTP room needs from the rest of billing, as a structural type: `BillingCore` (billing/kernel) satisfies it.
// Nothing here reaches into the kernel, so the room can be read, tested and mounted alone.
import type { Instant } from "#kit/clock.ts";
import type { Ports } from "#kit/ports.ts";
import type { Billing, BillingOptions, CollectionStatus, Invoice, InvoiceLine } from "../api/index.ts";
import type { Outbox } from "../kernel/outbox/outbox.ts";
import type { BillingSql } from "../kernel/store/tables.ts";

export interface HttpCore {
  readonly sql: BillingSql;
  readonly ports: Ports;
  readonly options: BillingOptions;
  /** Verifies and stores. Resolves after COMMIT; throws a Problem: 400 for a signature, 503 when the queue is full. */
  acceptWebhook(rawBody: Uint8Array, signature: string | null): Promise<unknown>;
  /** Each endpoint of outgoing/ is a handler of it, `url:<endpoint id>`. */
  readonly outbox: Pick<Outbox, "add" | "register">;
  /** The client secret of the order's one PaymentIntent, made at the first call. */
  paymentSecret?(orderId: string): Promise<{ readonly clientSecret: string }>;
  /** A setup as Stripe has it now, with the client secret that saves a card by it. */
  askSetup?(subject: string): Promise<PageSetup>;
  /** An invoice as Stripe has it now. */
  askInvoice?(id: string): Promise<PageInvoice>;
  /** Before whatever writes; throws while Stripe's time, by which everything is dated, cannot be known. */
  ready(): Promise<void>;
  /** Stripe's time, or undefined while it is not known: for what can do without. */
  knownTime(): Instant | undefined;
  health(): Promise<{
    readonly ok: boolean;
    readonly reasons: Readonly<Record<string, string>>;
    /** When what is done from time to time was last done; null for never. */
    readonly lastDid: Readonly<Record<string, Instant | null>>;
  }>;
}

/** What a page knows of a way to pay that is being collected. */
export interface PageSetup {
  readonly status: CollectionStatus;
  readonly failure: { readonly code: string; readonly declineCode: string | null } | null;
  readonly clientSecret: string;
}

/** What a page knows of an invoice: the client secret where it can be paid. */
export interface PageInvoice {
  readonly invoice: Invoice & { readonly lines: readonly InvoiceLine[] };
  readonly clientSecret: string | null;
}

/** Everything billing offers but its own door. */
export type Api = Omit<Billing, "fetch" | "takeWebhook">;

/** `https://x.test/` and `https://x.test` are the same place. */
export function publicUrl(core: HttpCore): string {
  return core.options.publicUrl.replace(/\/+$/, "");
}

/** Live is what the secret key says; everything else follows it. */
export function modeOf(core: HttpCore): "live" | "test" {
  return /^(sk|rk)_live_/.test(core.options.stripe.secretKey) ? "live" : "test";
}

/** The path under which billing is mounted: "" at the root, "/billing" for https://shop.test/billing. */
export function basePath(core: HttpCore): string {
  return new URL(publicUrl(core)).pathname.replace(/\/+$/, "");
}
