// READ FIRST: which invoices claim a payment. From basil on only an invoice payment says so, and it comes after the
// payment (https://docs.stripe.com/changelog/basil). A payment, or one that money goes back of, that neither an order
// nor an invoice claims waits; then Stripe is asked; then a human is. Stripe's answer is a list, mirrored as if it were
// an object, so that asking for it waits, fails and is tried again as every look.
import { idOf } from "../../kernel/contract/context.ts";
import { type MirroredRow, mirrorKind } from "../../kernel/contract/manifest.ts";
import type { Fields, News, OwedLook, Remote } from "../../kernel/contract/reacting.ts";
import { canonicalJson } from "../../kernel/store/canonical_json.ts";
import { claimsId, claimsKindName } from "../claims.ts";
import { fieldsOf } from "../remote_fields.ts";

declare module "../../kernel/contract/reacting.ts" {
  interface InnerNews {
    /** What Stripe says of a payment: empty when no invoice claims it. */
    "payment.claims": Pick<PaymentClaims, "paymentIntent" | "claims">;
  }
}

interface PaidInvoice {
  readonly id: string;
  readonly invoice: string;
}

interface PaymentClaims extends MirroredRow {
  readonly paymentIntent: string;
  readonly claims: readonly PaidInvoice[];
}

const kind = claimsKindName;

/** The question of a payment. */
export function claimsOf(paymentIntent: string): OwedLook {
  return { kind, id: claimsId(paymentIntent), customer: null, parent: paymentIntent };
}

const paymentOf = (id: string) => id.slice(claimsId("").length);

const belongsTo = (remote: Fields) => ({ customer: null, parent: paymentOf(String(remote.id)) });

function claimsRow(remote: Remote): PaymentClaims {
  const { data } = fieldsOf(remote.answer);
  const claims = (Array.isArray(data) ? (data as Fields[]) : []).flatMap((payment): PaidInvoice[] => {
    const [id, invoice] = [idOf(payment), idOf(payment.invoice)];
    return id !== null && invoice !== null && payment.status !== "canceled" ? [{ id, invoice }] : [];
  });
  const marks = { instance: null, operation: null };
  const paymentIntent = paymentOf(remote.id);
  return { ...marks, id: remote.id, ...belongsTo(remote), isFinal: false, paymentIntent, claims };
}

function claimsNews(before: PaymentClaims | null, after: PaymentClaims, version: number): News<"payment.claims">[] {
  if (before !== null && canonicalJson(before) === canonicalJson(after)) return [];
  const { id, paymentIntent, claims } = after;
  const transition = `${id}@${version}`;
  return [{ type: "payment.claims", subject: paymentIntent, transition, data: { paymentIntent, claims } }];
}

export const claimsKind = mirrorKind<PaymentClaims>({
  kind,
  path: (id) => `/v1/invoice_payments?limit=100&payment[type]=payment_intent&payment[payment_intent]=${paymentOf(id)}`,
  // More than a page of invoices that one payment pays claim it as well.
  shownAs: (id, { data }) => ({ id, object: kind, answer: { data } }),
  belongsTo,
  row: claimsRow,
  facts: claimsNews,
});
