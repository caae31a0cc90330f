// READ FIRST: a customer is the host's own user, by the host's own id; at Stripe it has one Customer, made once.
import { idOf } from "../../kernel/contract/context.ts";
import type { Belonging, MirroredRow } from "../../kernel/contract/manifest.ts";
import { mirrorKind, on } from "../../kernel/contract/manifest.ts";
import type { Fields, News, Remote } from "../../kernel/contract/reacting.ts";
import { mark, marksOf } from "../marks.ts";
import { hangsOnClock } from "../remote_fields.ts";

declare module "../../kernel/contract/reacting.ts" {
  interface InnerNews {
    "customer.appeared": CustomerMirror;
    /** It has been billed for the first time, or anew after nothing was billed in its currency any more. */
    "customer.currency": Pick<CustomerMirror, "id" | "currency">;
    /** Invoices are paid with another method, or with none. */
    "customer.default_method": { readonly before: CustomerMirror | null; readonly after: CustomerMirror };
  }
}

export interface CustomerMirror extends MirroredRow {
  /** Whose it is, by our marks. */
  readonly user: string | null;
  readonly email: string | null;
  readonly name: string | null;
  readonly currency: string | null;
  /** What invoices are paid with. */
  readonly defaultMethod: string | null;
  /** In whose time it lives, in test mode. */
  readonly testClock: string | null;
}

const belongsTo = (remote: Fields): Belonging => ({ customer: idOf(remote), parent: null });

function customerRow(remote: Remote): CustomerMirror {
  return {
    ...marksOf(remote),
    id: remote.id,
    ...belongsTo(remote),
    isFinal: false,
    user: mark(remote, "bursar_customer"),
    email: (remote.email as string | null | undefined) ?? null,
    name: (remote.name as string | null | undefined) ?? null,
    currency: (remote.currency as string | null | undefined) ?? null,
    defaultMethod: idOf((remote.invoice_settings as Fields | null | undefined)?.default_payment_method),
    testClock: idOf(remote.test_clock),
  };
}

export const customerKind = mirrorKind<CustomerMirror>({
  kind: "customer",
  path: (id) => `/v1/customers/${id}`,
  belongsTo,
  isOnClock: hangsOnClock,
  row: customerRow,
  facts: customerNews,
});

/** That there is one, and what Stripe alone decides; all else is the host's to say. */
function customerNews(before: CustomerMirror | null, after: CustomerMirror, version: number): readonly News[] {
  const { id, currency } = after;
  const news: News[] = [];
  if (before === null) news.push({ type: "customer.appeared", subject: id, transition: id, data: after });
  if (currency !== (before?.currency ?? null)) {
    news.push({ type: "customer.currency", subject: id, transition: `${id}@${version}`, data: { id, currency } });
  }
  if (after.defaultMethod !== (before?.defaultMethod ?? null)) {
    const data = { before, after };
    news.push({ type: "customer.default_method", subject: id, transition: `${id}@${version}`, data });
  }
  return news;
}

export const onCustomerCurrency = on("customer.currency", async ({ tx }, news) => {
  for (const { data } of news) {
    await tx.updateTable("customers").set({ currency: data.currency }).where("stripe_id", "=", data.id).execute();
  }
  return [];
});
