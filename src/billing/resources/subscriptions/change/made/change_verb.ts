// READ FIRST, after change.ts. One call changes a subscription: POST /v1/subscriptions/{id}. Three wishes are carried
// out by it: a change of its items, what is taken off once that is paid, and the way back of one that was not.
//
// Nobody gets for nothing what they have not paid: with `pending_if_incomplete` Stripe keeps the old items until the
// invoice is paid. It takes no discounts then, so these follow as an operation of their own.
// https://docs.stripe.com/billing/subscriptions/pending-updates-reference
import { idOf } from "../../../../kernel/contract/context.ts";
import type { Fields, FiledOperation, News, Remote } from "../../../../kernel/contract/reacting.ts";
import {
  flag,
  integer,
  listOf,
  oneOf,
  orAbsent,
  orNull,
  record,
  type Shape,
  type Shaped,
  text,
} from "../../../../kernel/contract/shape.ts";
import { defineVerb, filed, type OperationView, type Refusal } from "../../../../kernel/contract/verb.ts";
import { ownersOf } from "../../../owners.ts";
import { fieldsOf, idsOf } from "../../../remote_fields.ts";
import { ofSchedule, releasing } from "../../ends/index.ts";
import { isSameSold, type Quantity, quantityOf } from "../../schedules/index.ts";
import { amountsOf, type Bill, billOf, billShape, isSameBill, saysOf } from "../asked/index.ts";

const quantities = listOf(record({ price: text, quantity: orNull(integer) }));
const sentItems = listOf(
  record({ id: orAbsent(text), price: orAbsent(text), quantity: orAbsent(integer), deleted: orAbsent(flag) }),
);
const sentDiscounts = listOf(
  record({ coupon: orAbsent(text), promotion_code: orAbsent(text), discount: orAbsent(text) }),
);
export type SentDiscount = Shaped<typeof sentDiscounts>[number];
export const heldItems = listOf(record({ id: text, price: text, quantity: orNull(integer) }));

/** Of every wish about one subscription. */
export const ofSubscription = {
  subscriptionId: text,
  /** Stripe's Customer. */
  customerId: text,
  wishId: text,
};

export const changeParams = record({
  ...ofSubscription,
  /** What was planned before, and is not wished any more. */
  ...ofSchedule,
  /** What was asked for, as one text: the same wish is known by it. */
  wish: text,
  kind: oneOf(["items", "discounts", "back"]),
  items: sentItems,
  /** All that there is afterwards. */
  after: quantities,
  /** All that there was. */
  previous: heldItems,
  prorate: flag,
  prorationDate: orAbsent(integer),
  /** keep_old: changed once it is paid. */
  behavior: oneOf(["keep_old", "revert"]),
  /** Taken off from the next invoice on: with `items` once that is paid, with `discounts` by this call. */
  discounts: sentDiscounts,
  /** The newest invoice of before, and what a preview has shown of the one that is made. */
  latestInvoice: orNull(text),
  previewed: orAbsent(record({ bill: orNull(billShape) })),
  validForMs: integer,
});
export type ChangeParams = Shaped<typeof changeParams>;

interface Answered {
  readonly id: string;
  readonly isPending: boolean;
  readonly invoice: { readonly id: string; readonly isPaid: boolean; readonly bill: Bill | null } | null;
  readonly discounts: readonly string[];
}

/** Kept of Stripe's answer, and read back from what was kept. */
const answerShape: Shape<Answered> = {
  read(value, place) {
    const kept = value as Partial<Answered> & Fields;
    if (typeof kept.isPending === "boolean") return keptShape.read(value, place);
    const remote = record({ id: text }).read(value, place);
    const { pending_update, latest_invoice, discounts } = kept as Fields;
    const invoice = idOf(latest_invoice);
    const shown = fieldsOf(latest_invoice);
    return {
      id: remote.id,
      isPending: pending_update != null,
      invoice: invoice === null ? null : invoiceOf(invoice, shown),
      discounts: idsOf(discounts),
    };
  },
};

function invoiceOf(id: string, shown: Fields): Answered["invoice"] {
  return { id, isPaid: shown.status === "paid", bill: shown.lines === undefined ? null : billOf(shown) };
}

const keptShape: Shape<Answered> = record({
  id: text,
  isPending: flag,
  invoice: orNull(record({ id: text, isPaid: flag, bill: orNull(billShape) })),
  discounts: listOf(text),
});

type View = OperationView<ChangeParams>;

export const change = defineVerb({
  name: "subscriptions.change",
  params: changeParams,
  /** What was made by it: its invoice, where one was. */
  outcome: record({ invoice: orNull(text) }),
  lane: laneOf,
  about: aboutIt,
  validForMs: ({ params }) => params.validForMs,
  steps: [
    releasing,
    {
      name: "change",
      answer: answerShape,
      expand: ["latest_invoice", "discounts"],
      touches: ({ params }) => params.subscriptionId,
      embeds: ({ params }) => [{ kind: "subscription", id: params.subscriptionId }],
      request: ({ params }) => ({
        method: "POST",
        path: `/v1/subscriptions/${params.subscriptionId}`,
        params: params.kind === "discounts" ? { discounts: [...params.discounts] } : itemsRequest(params),
      }),
      holds: (remote, { params }) =>
        params.kind === "discounts" ? isTakenOff(remote, params) : isAsked(remote, params),
    },
  ],
  answered: async (reacting, view, { change: answer }) => {
    const { params } = view;
    const made = answer.invoice !== null && answer.invoice.id !== params.latestInvoice ? answer.invoice : null;
    if (params.kind !== "items") return { invoice: null };
    const differs = differenceOf(params, made);
    const isUnpaid = params.behavior === "revert" && made !== null && !made.isPaid;
    const state = answer.isPending ? "pending" : isUnpaid ? "unpaid" : "applied";
    const row = {
      operation: view.id,
      subscription: params.subscriptionId,
      wish: params.wishId,
      state,
      invoice: made?.id ?? null,
      items: JSON.stringify(params.after),
      previous: JSON.stringify(params.previous),
      discounts: params.discounts.length === 0 ? null : JSON.stringify(params.discounts),
      differs: differs && JSON.stringify(differs.amounts),
      created_at: reacting.now,
    } as const;
    await reacting.tx
      .insertInto("subscription_changes")
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    if (differs) {
      await reacting.flag([{ kind: "change_differs", subject: params.subscriptionId, detail: differs.says }]);
    }
    if (made && !made.isPaid) {
      const { customerId: customer, subscriptionId: parent } = params;
      await reacting.fileLooks([{ kind: "invoice", id: made.id, customer, parent }]);
    }
    if (state === "applied" && row.discounts !== null) {
      await reacting.fileOperation(takingOff({ params, standing: answer.discounts }));
    }
    return { invoice: row.invoice };
  },
  refused: async ({ tx }, view, refusal) => {
    const { params } = view;
    const owners = await ownersOf(tx, [params.customerId]);
    return changeFailed(view, refusal, owners.get(params.customerId)?.id ?? null);
  },
});

function itemsRequest({ items, prorate, prorationDate, behavior, kind }: ChangeParams) {
  const sent = { items: items.map((item) => ({ ...item })) };
  if (!prorate || kind === "back") return { ...sent, proration_behavior: "none" };
  return {
    ...sent,
    proration_behavior: "always_invoice",
    proration_date: prorationDate,
    payment_behavior: behavior === "keep_old" ? unpaidBehavior(items) : "allow_incomplete",
  };
}

/** An item that goes cannot wait: where it is not paid, Stripe refuses the whole change. */
function unpaidBehavior(items: ChangeParams["items"]): string {
  return items.some(({ deleted }) => deleted === true) ? "error_if_incomplete" : "pending_if_incomplete";
}

/** It is so, or will be once it is paid. */
function isAsked(remote: Remote, { after }: ChangeParams): boolean {
  const { subscription_items: pending } = fieldsOf(remote.pending_update);
  return [fieldsOf(remote.items).data, pending].some(
    (items) => Array.isArray(items) && isSameSold(items.map(soldOf), after),
  );
}

const soldOf = (item: unknown): Quantity => quantityOf(fieldsOf(item));

function isTakenOff({ discounts }: Remote, params: ChangeParams): boolean {
  const shown = Array.isArray(discounts) ? discounts.map(fieldsOf) : [];
  return params.discounts.every(({ coupon, promotion_code }) => {
    const isIt = (one: Fields) =>
      promotion_code === undefined
        ? idOf(fieldsOf(one.source).coupon) === coupon
        : idOf(one.promotion_code) === promotion_code;
    return (coupon === undefined && promotion_code === undefined) || shown.some(isIt);
  });
}

function differenceOf({ previewed }: ChangeParams, made: Answered["invoice"]) {
  if (previewed === undefined || (made !== null && made.bill === null)) return null;
  const [was, is] = [previewed.bill, made?.bill ?? null];
  if (isSameBill(was, is)) return null;
  const currency = was?.currency ?? is?.currency ?? "";
  return {
    says: `Its preview said that ${saysOf(was)}; then ${saysOf(is)}, by ${made?.id ?? "no invoice"}.`,
    amounts: { previewed: amountsOf(was, currency), billed: amountsOf(is, currency) },
  };
}

interface TakingOff {
  readonly params: ChangeParams;
  /** The discounts that stand there: what is not named is taken away. */
  readonly standing: readonly string[];
}

/** What follows once a change is paid. https://docs.stripe.com/billing/subscriptions/coupons */
export function takingOff({ params, standing }: TakingOff): FiledOperation {
  const discounts = [...standing.map((discount): SentDiscount => ({ discount })), ...params.discounts];
  return filed(change, {
    subject: discountSubject(params),
    attempt: 1,
    params: { ...params, kind: "discounts", schedule: null, items: [], discounts },
  });
}

export function discountSubject({ subscriptionId, wishId }: Pick<ChangeParams, "subscriptionId" | "wishId">): string {
  return `${subscriptionId}:${wishId}:discounts`;
}

/** Nothing is billed by it: what was paid for before is had until its end. */
export function puttingBack(params: ChangeParams, items: ChangeParams["items"]): FiledOperation {
  const { subscriptionId, wishId, previous } = params;
  const after = previous.map(({ price, quantity }) => ({ price, quantity }));
  return filed(change, {
    subject: `${subscriptionId}:${wishId}:back`,
    attempt: 1,
    params: { ...params, kind: "back", schedule: null, items, after, discounts: [], prorate: false },
  });
}

export function laneOf({ params }: { readonly params: { readonly subscriptionId: string } }): string {
  return `subscription:${params.subscriptionId}`;
}

export function aboutIt({ params }: { readonly params: { readonly subscriptionId: string } }) {
  return { subscriptionId: params.subscriptionId };
}

/** Who ended it so knows: whoever withdrew it, or the original of a copied database, which goes on. */
const silent = ["withdrawn", "other_instance"];

/** That it grew too old is told always, any other end to whoever was answered `processing`. */
export function changeFailed(
  {
    id,
    attempt,
    isPromised,
    params,
  }: Pick<View, "id" | "attempt" | "isPromised"> & {
    readonly params: { readonly subscriptionId: string; readonly wishId: string };
  },
  { http, type, code, declineCode }: Refusal,
  customerId: string | null,
): News[] {
  const isExpired = type === "expired";
  if (silent.includes(type) || !(isExpired || isPromised)) return [];
  const { subscriptionId, wishId } = params;
  const reason = isExpired ? "expired" : http === 402 ? "declined" : "refused";
  const data = { subscriptionId, customerId, wishId, attempt, reason, code, declineCode } as const;
  return [{ type: "subscription.change_failed", subject: subscriptionId, transition: id, data }];
}
