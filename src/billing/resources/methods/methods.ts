// READ FIRST: what Stripe knows of a way to pay, as the few fields we live by. One that is taken off its customer can
// never be used again, and stays in the mirror as nobody's. Everything here is pure.
import { idOf } from "../../kernel/contract/context.ts";
import type { Belonging, MirroredRow } from "../../kernel/contract/manifest.ts";
import { mirrorKind } from "../../kernel/contract/manifest.ts";
import type { Fields, News, Remote } from "../../kernel/contract/reacting.ts";
import { text } from "../../kernel/contract/shape.ts";
import { marksOf } from "../marks.ts";

declare module "../../kernel/contract/reacting.ts" {
  interface InnerNews {
    /** Something that we live by is different; before is null of what nobody has seen yet. */
    "method.changed": { readonly before: MethodMirror | null; readonly after: MethodMirror };
  }
}

export interface MethodMirror extends MirroredRow {
  readonly type: string;
  /** Stripe's second. */
  readonly created: number;
  readonly last4: string | null;
  readonly card: { readonly brand: string; readonly expMonth: number; readonly expYear: number } | null;
}

const belongsTo = (remote: Fields): Belonging => ({ customer: idOf(remote.customer), parent: null });

function methodRow(remote: Remote): MethodMirror {
  const type = String(remote.type);
  const details = (remote[type] ?? {}) as Fields;
  const card = type === "card" ? details : null;
  return {
    ...marksOf(remote),
    id: remote.id,
    ...belongsTo(remote),
    isFinal: false,
    type,
    created: Number(remote.created),
    last4: typeof details.last4 === "string" ? details.last4 : null,
    card: card && {
      brand: String(card.brand),
      expMonth: Number(card.exp_month),
      expYear: Number(card.exp_year),
    },
  };
}

export const methodKind = mirrorKind<MethodMirror>({
  kind: "payment_method",
  path: (id) => `/v1/payment_methods/${id}`,
  ofCustomer: "/v1/payment_methods",
  belongsTo,
  row: methodRow,
  facts: methodNews,
});

function methodNews(before: MethodMirror | null, after: MethodMirror, version: number): News<"method.changed">[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const transition = `${after.id}@${version}`;
  return [{ type: "method.changed", subject: after.id, transition, data: { before, after } }];
}

/** Parameters of every verb about a customer's methods: whose, by our id and by Stripe's. */
export const ofCustomer = { customerId: text, stripeCustomerId: text };

/** And of those about one of them. */
export const ofMethod = { ...ofCustomer, methodId: text };

/** Whatever is done to one customer is done one after the other. */
export const methodsLane = ({ params }: { readonly params: { readonly customerId: string } }) =>
  `customer:${params.customerId}`;
