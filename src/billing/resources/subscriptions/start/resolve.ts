// A start's names as Stripe's ids: of the catalog that was applied last, of the customer and of what pays.
import { problem } from "#kit/problems.ts";
import type { AppliedCatalog } from "../../../api/index.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import {
  appliedCatalog,
  groupOf,
  offeredAddOn,
  offeredCoupon,
  offeredCurrencies,
  offeredPlan,
  offeredPrice,
} from "../../catalog/index.ts";
import { type CustomerMirror, readCustomer, refuseOtherCurrency, stripeCustomerOf } from "../../customers/index.ts";
import { chargeableMethod, defaultMethodOf } from "../../methods/index.ts";
import { activeCode } from "../terms/index.ts";
import type { StartParams } from "./verb.ts";
import type { StartWish } from "./wish.ts";

export type Resolved = Omit<StartParams, "asked" | "wish">;

export async function resolveStart(core: BillingCore, wish: StartWish): Promise<Resolved> {
  const applied = await appliedCatalog(core, wish.namespace);
  const plan = offeredPlan(applied, "plan", wish.plan);
  const { currency: own } = await readCustomer(core, wish.customerId);
  const currency = currencyOf(
    wish,
    offeredCurrencies(plan, { field: "every", name: wish.plan, every: wish.every }),
    own,
  );
  const sold = { name: wish.plan, every: wish.every, currency };
  const items = [{ price: offeredPrice(applied, { ...sold, field: "plan" }), quantity: wish.quantity }];
  const { beside, once } = addOnsOf(applied, wish, currency);
  const trialDays = wish.trial && (wish.trial.days ?? plan.trialDays ?? null);
  if (wish.trial && trialDays === null) throw noTrial(wish.plan);
  const coupon = wish.coupon === null ? null : offeredCoupon(applied, "coupon", wish.coupon);
  await refuseOtherCurrency(core, wish.customerId, currency);
  const stripeCustomerId = await stripeCustomerOf(core, wish.customerId);
  return {
    stripeCustomerId,
    testClock: await clockOf(core, stripeCustomerId),
    group: groupOf(wish.namespace, plan),
    items: [...items, ...beside],
    once,
    trialDays,
    coupon,
    promotion: wish.promotionCode === null ? null : await promotionOf(core, stripeCustomerId, wish.promotionCode),
    pays: await payerOf(core, wish),
  };
}

function currencyOf({ plan, currency }: StartWish, offered: readonly string[], own: string | null): string {
  const [only, ...others] = offered;
  // Whether theirs is free again is Stripe's to say.
  const usual = own !== null && offered.includes(own) ? own : undefined;
  const wanted = currency ?? usual ?? (others.length === 0 ? only : undefined);
  if (wanted !== undefined && offered.includes(wanted)) return wanted;
  const missing = wanted === undefined ? "Which currency?" : `It has no price in ${wanted}.`;
  throw problem("invalid_params", `The plan ${plan} is sold in ${offered.join(", ")}. ${missing}`, {
    hint:
      currency === null && own !== null
        ? `The customer is billed in ${own}: the catalog needs a price in it.`
        : "Name one of them as `currency`.",
    details: { field: "currency", offered },
  });
}

/** As often as the plan, else once: then it stands on the first invoice alone. */
function addOnsOf(applied: AppliedCatalog, wish: StartWish, currency: string) {
  const all = wish.addOns.map(({ name, quantity, every: asked }, at) => {
    const field = `addOns[${at}]`;
    const addOn = offeredAddOn(applied, `${field}.name`, name);
    const every = asked ?? (Object.hasOwn(addOn.prices, wish.every) ? wish.every : "once");
    const offered = offeredCurrencies(addOn, { field: `${field}.every`, name, every });
    if (!offered.includes(currency)) {
      throw problem("invalid_params", `The add-on ${name} is sold in ${offered.join(", ")}, and not in ${currency}`, {
        details: { field: `${field}.name`, offered },
      });
    }
    const price = offeredPrice(applied, { field: `${field}.name`, name, every, currency });
    return { isOnce: every === "once", item: { price, quantity } };
  });
  const those = (isOnce: boolean) => all.filter((one) => one.isOnce === isOnce).map(({ item }) => item);
  return { beside: those(false), once: those(true) };
}

function noTrial(plan: string) {
  return problem("invalid_params", `The plan ${plan} has no \`trialDays\` in the catalog`, {
    hint: "Say how many: `trial: { days: 14 }`.",
    details: { field: "trial" },
  });
}

/** Stripe's id of a code that customers type. https://docs.stripe.com/api/promotion_codes/list */
async function promotionOf(core: BillingCore, customer: string, code: string): Promise<string> {
  const found = await activeCode(core, customer, code);
  if (found !== undefined) return found;
  throw problem("invalid_params", `There is no promotion code ${JSON.stringify(code)} that this customer can use`, {
    hint: "It may have been mistyped, or be over.",
    details: { field: "promotionCode" },
  });
}

/** Who is asked for the money: nobody now, the method, or the payer in a page. */
async function payerOf(core: BillingCore, { customerId, collection, method }: StartWish): Promise<StartParams["pays"]> {
  if (collection === "send_invoice") return "invoice";
  if (method !== null) await chargeableMethod(core, { customerId, id: method });
  return method !== null || (await defaultMethodOf(core, customerId)) !== undefined ? "method" : "payer";
}

/** In whose time the Customer lives: what hangs on a test clock is dated by that. */
async function clockOf({ sql }: BillingCore, stripeCustomerId: string): Promise<string | null> {
  const row = await sql.read("subscriptions.clock", (reader) =>
    reader.selectFrom("mirror").select("row").where("id", "=", stripeCustomerId).executeTakeFirst(),
  );
  return row ? (JSON.parse(row.row) as CustomerMirror).testClock : null;
}
