// A code that a customer types, and whether it is for them: Stripe's restrictions, in words.
// https://docs.stripe.com/billing/subscriptions/coupons#promotion-codes
import { secondMs } from "#kit/clock.ts";
import { formatMoney } from "#kit/money.ts";
import { problem } from "#kit/problems.ts";
import { idOf } from "../../../kernel/contract/context.ts";
import type { Remote } from "../../../kernel/contract/reacting.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { fieldsOf, numberOrNull, textOrNull } from "../../remote_fields.ts";
import type { SubscriptionMirror } from "../subscriptions.ts";

/** An active one that this Customer of Stripe's may use: the same code may be there for several, each of them named. */
export async function activeCode(
  core: BillingCore,
  customer: string | null,
  code: string,
): Promise<string | undefined> {
  const path = `/v1/promotion_codes?active=true&limit=100&code=${encodeURIComponent(code)}`;
  const all = await Array.fromAsync(core.kernel.gateway.list(path, { priority: "command" }));
  const own = all.find((one) => idOf(one.customer) === customer) ?? all.find((one) => idOf(one.customer) === null);
  return own?.id;
}

/** Stripe's id of it. The same code may stand there several times, for a customer each; theirs comes first. */
export async function codeFor(core: BillingCore, row: SubscriptionMirror, code: string): Promise<string> {
  const path = `/v1/promotion_codes?limit=100&code=${encodeURIComponent(code)}`;
  const all = await Array.fromAsync(core.kernel.gateway.list(path, { priority: "command" }));
  if (all.length === 0) {
    throw problem("not_found", `There is no promotion code ${code}`, {
      hint: "They are made in Stripe's Dashboard, for a coupon of the catalog.",
      details: { field: "promotionCode" },
    });
  }
  const whose = (one: Remote) => idOf(one.customer);
  const mine = all.filter((one) => whose(one) === row.customer || whose(one) === null);
  const theirsFirst = mine.toSorted((a, b) => Number(whose(a) === null) - Number(whose(b) === null));
  const found = theirsFirst.find(({ active }) => active === true) ?? theirsFirst[0] ?? all[0];
  const why = found && (await whyNotFor(core, row, found));
  if (found && why === undefined) return found.id;
  throw problem("wrong_state", `Promotion code ${code} cannot be used for subscription ${row.id}: ${why}`, {
    hint: "Another code, or a coupon of the catalog, may be.",
    details: { id: row.id, promotionCode: code },
  });
}

async function whyNotFor(core: BillingCore, row: SubscriptionMirror, code: Remote): Promise<string | undefined> {
  const customer = idOf(code.customer);
  if (customer !== null && customer !== row.customer) return "it is for another customer";
  if (code.active !== true) return whyInactive(code);
  const restrictions = fieldsOf(code.restrictions);
  const minimum = numberOrNull(restrictions.minimum_amount);
  if (minimum !== null) {
    const money = { amount: minimum, currency: textOrNull(restrictions.minimum_amount_currency) ?? row.currency };
    return `it asks for a purchase of ${formatMoney(money)} at least, and Stripe takes such a code only at a beginning`;
  }
  const isForFirst = restrictions.first_time_transaction === true;
  if (isForFirst && (await hasPaid(core, row)))
    return "it is for a first purchase, and this customer has bought before";
  return undefined;
}

function whyInactive({ expires_at, max_redemptions, times_redeemed }: Remote): string {
  const most = numberOrNull(max_redemptions);
  if (most !== null && (numberOrNull(times_redeemed) ?? 0) >= most) return "it was used as often as it may be";
  const end = numberOrNull(expires_at);
  return end === null ? "it is not active" : `it ended on ${new Date(end * secondMs).toISOString().slice(0, 10)}`;
}

/** Any PaymentIntent counts, though it was never paid. */
async function hasPaid(core: BillingCore, { customer }: SubscriptionMirror): Promise<boolean> {
  const path = `/v1/payment_intents?limit=1&customer=${encodeURIComponent(customer ?? "")}`;
  const { items } = await core.kernel.gateway.page(path, { priority: "command" });
  return items.length > 0;
}
