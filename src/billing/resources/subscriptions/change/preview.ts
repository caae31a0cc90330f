// What a change would be billed, as Stripe says it. Asking changes nothing there, so it needs no operation; what was
// shown is kept for an hour under a token, and a change by that token is billed as shown or refused.
// https://docs.stripe.com/api/invoices/create_preview
import { hourMs, secondMs } from "#kit/clock.ts";
import { problem } from "#kit/problems.ts";
import type { ChangePreview, SubscriptionChange } from "../../../api/index.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { canonicalJson } from "../../../kernel/store/canonical_json.ts";
import { encodeForm, type FormValue } from "../../../kernel/stripe/form.ts";
import { activeCode } from "../terms/index.ts";
import {
  type Bill,
  billOf,
  type ChangeWish,
  checkChange,
  invalid,
  isImmediate,
  periodOf,
  refuseSchedule,
  refuseState,
  type Standing,
  standingOf,
  type Target,
  targetOf,
  wishText,
} from "./asked/index.ts";
import type { SentDiscount } from "./made/index.ts";

/** A customer who reads what it costs takes minutes; after an hour the rest of the period is another one. */
const tokenMs = hourMs;
/** An operation that began with a token knows all that it needs. */
const keptMs = 24 * hourMs;

/** What a customer is shown, and what is compared with when the change is made. */
export interface Shown {
  /** Of the invoice that is made at once; null where none is. */
  readonly bill: Bill | null;
  readonly next: Bill;
  /** When the period ends in which it was shown. */
  readonly periodEnd: number;
}

export async function previewChange(core: BillingCore, id: string, given: SubscriptionChange): Promise<ChangePreview> {
  const wish = checkChange(given);
  await core.ready();
  const standing = await standingOf(core, id);
  refuseState(standing, wish);
  refuseSchedule(core, standing);
  const target = targetOf(standing, wish);
  const prorationDate = prorationDateOf(standing, wish, target);
  const off = await offOf(core, standing, wish);
  const shown = await showChange(core, { standing, wish, target, prorationDate, off });
  const token = core.ports.ids.next("preview", 24);
  const now = core.ports.clock.now();
  const expiresAt = now + tokenMs;
  await core.sql.write("subscriptions.preview", async (tx) => {
    await tx
      .deleteFrom("subscription_previews")
      .where("expires_at", "<", now - keptMs)
      .execute();
    const row = {
      token,
      subscription: id,
      version: standing.version,
      wish: wishText(wish),
      shown: canonicalJson(shown),
      proration_date: prorationDate ?? null,
      expires_at: expiresAt,
    };
    await tx.insertInto("subscription_previews").values(row).execute();
  });
  return viewPreview(shown, { token, expiresAt, standing, wish, target, prorationDate });
}

/** From the second of now on: of what is not prorated, none. */
export function prorationDateOf({ row, now }: Standing, wish: ChangeWish, target: Target): number | undefined {
  if (!wish.prorate || target.items.length === 0 || row.status === "trialing") return undefined;
  const { start, end } = periodOf(row);
  return Math.min(Math.max(Math.floor(now / secondMs), start), end);
}

export interface Showing {
  readonly standing: Standing;
  readonly wish: ChangeWish;
  readonly target: Target;
  readonly prorationDate: number | undefined;
  readonly off: readonly SentDiscount[];
}

export async function showChange(core: BillingCore, showing: Showing): Promise<Shown> {
  const { standing, wish, target, prorationDate, off } = showing;
  const { end: periodEnd } = periodOf(standing.row);
  const discounts = discountsWith(standing, off);
  const items = target.items.map((item) => ({ ...item }));
  // Of what the next period costs nothing is prorated; what is taken off comes with it.
  const next = await askPreview(core, standing.row.id, {
    ...(off.length > 0 && { discounts }),
    subscription_details: { ...(items.length > 0 && { items }), proration_behavior: "none" },
  });
  const isNow = wish.when === "now" && items.length > 0;
  const now =
    isNow && wish.prorate
      ? await askPreview(core, standing.row.id, {
          subscription_details: { items, proration_behavior: "always_invoice", proration_date: prorationDate },
        })
      : next;
  return { bill: isNow && isImmediate(now, periodEnd) ? now : null, next, periodEnd };
}

/** What is not named would be taken away. */
export function discountsWith({ row }: Pick<Standing, "row">, off: readonly SentDiscount[]): FormValue[] {
  return [...row.discounts.map((discount) => ({ discount })), ...off.map((one) => ({ ...one }))];
}

async function askPreview(
  { kernel }: BillingCore,
  subscription: string,
  params: { readonly [name: string]: FormValue },
): Promise<Bill> {
  const body = new Uint8Array(Buffer.from(encodeForm({ subscription, ...params }), "utf8"));
  const about = { subscriptionId: subscription };
  const call = { method: "POST", path: "/v1/invoices/create_preview", body } as const;
  const answer = await kernel.gateway.send(call, { priority: "command", about });
  if (answer.kind === "answer" && answer.status < 300) return billOf(answer.body);
  const what = `Previewing a change of ${subscription}`;
  const isNo = answer.kind === "answer" && answer.status < 500 && answer.status !== 409 && answer.status !== 429;
  if (!isNo) throw problem("stripe_unreachable", `${what}: Stripe has not answered`, { hint: "Ask again." });
  const { message, code } = (answer.body.error ?? {}) as { message?: unknown; code?: unknown };
  throw problem("stripe_refused", `${what}: ${String(message ?? `HTTP ${answer.status}`)}`, {
    hint: "Correct what Stripe names.",
    details: { code: code ?? null, status: answer.status },
  });
}

/** What is taken off: the catalog's coupon by name, or a code as customers type it. */
export async function offOf(core: BillingCore, standing: Standing, wish: ChangeWish): Promise<readonly SentDiscount[]> {
  if (wish.coupon !== undefined) {
    const { coupons } = standing.catalog;
    const coupon = Object.hasOwn(coupons, wish.coupon) ? coupons[wish.coupon] : undefined;
    if (coupon !== undefined) return [{ coupon }];
    throw invalid("coupon", `: the catalog has no ${wish.coupon}`, `There are ${Object.keys(coupons).join(", ")}.`);
  }
  if (wish.promotionCode === undefined) return [];
  const own = await activeCode(core, standing.row.customer, wish.promotionCode);
  if (own !== undefined) return [{ promotion_code: own }];
  throw invalid("promotionCode", `: ${wish.promotionCode} is not a code that this customer can use`);
}

interface Viewing extends Omit<Showing, "off"> {
  readonly token: string;
  readonly expiresAt: number;
}

function viewPreview({ bill, next, periodEnd }: Shown, viewing: Viewing): ChangePreview {
  const { token, expiresAt, standing, wish, target, prorationDate } = viewing;
  const money = (amount: number) => ({ amount, currency: next.currency });
  const isSoon = isImmediate(next, periodEnd);
  const nextAt = isSoon ? Math.max(...next.lines.map(({ end }) => end)) : periodEnd;
  const isLater = wish.when === "period_end" || (target.items.length === 0 && bill === null);
  return {
    token,
    expiresAt: new Date(expiresAt),
    subscriptionId: standing.row.id,
    changesAt: isLater
      ? new Date(periodEnd * secondMs)
      : new Date((prorationDate ?? standing.now / secondMs) * secondMs),
    prorationDate: prorationDate === undefined || bill === null ? null : new Date(prorationDate * secondMs),
    items: target.after.map(({ price, quantity }) => ({ priceId: price, quantity })),
    lines: (bill?.lines ?? []).map(({ price, start, end, ...line }) => ({
      ...line,
      priceId: price,
      periodStart: new Date(start * secondMs),
      periodEnd: new Date(end * secondMs),
    })),
    areLinesWhole: bill?.isWhole ?? true,
    total: money(bill?.total ?? 0),
    tax: money(bill?.tax ?? 0),
    due: money(bill?.due ?? 0),
    next: { at: new Date(nextAt * secondMs), total: money(next.total), tax: money(next.tax) },
  };
}
