// What is taken off a subscription that runs, under the names of the catalog and those that customers type.
// https://docs.stripe.com/billing/subscriptions/coupons
import { problem } from "#kit/problems.ts";
import type { DiscountSubscription, Outcome, Subscription } from "../../../api/index.ts";
import { oneOf, orNull, record, type Shaped, text } from "../../../kernel/contract/shape.ts";
import { defineVerb } from "../../../kernel/contract/verb.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { appliedCatalog } from "../../catalog/index.ts";
import { checkFields, checkKey, type Fields } from "../../input.ts";
import type { SubscriptionMirror } from "../subscriptions.ts";
import {
  aboutSubscription,
  changing,
  checkNamed,
  ofSubscription,
  outcomeOfWish,
  refuseUnbegun,
  subscriptionLane,
  tellFailed,
  type Wishing,
} from "../wish.ts";
import { codeFor } from "./code.ts";

type Given = { readonly [Name in keyof DiscountSubscription]: DiscountSubscription[Name] };
const fields: Fields<Given> = { id: true, coupon: true, namespace: true, promotionCode: true, attempt: true };

export async function discountSubscription(
  core: BillingCore,
  subscriptionId: string,
  given: DiscountSubscription,
): Promise<Outcome<Subscription>> {
  const options = checkFields("options", given, fields);
  const named = checkNamed(subscriptionId, options);
  const asked = askedOf(options);
  const wish: Wishing<Params> = {
    ...named,
    verb: discount,
    refuse: refuseUnbegun,
    decide: async (row) => ({ subscriptionId: row.id, ...asked, stripeId: await stripeIdOf(core, row, asked) }),
    again: (decided) => ({ ...decided, ...asked }),
  };
  return outcomeOfWish(core, wish, `Changing the discount of subscription ${subscriptionId}`);
}

type Asked = Pick<Params, "by" | "name" | "namespace">;

function askedOf({ coupon, namespace, promotionCode }: Given): Asked {
  if ((coupon === undefined) === (promotionCode === undefined)) {
    throw problem("invalid_params", "A discount is one of both: a coupon, which null takes away, or a promotion code", {
      details: { field: coupon === undefined ? "coupon" : "promotionCode" },
    });
  }
  if (coupon === null) return { by: "nothing", name: null, namespace: null };
  if (promotionCode !== undefined) {
    return { by: "promotion_code", name: checkKey("promotionCode", promotionCode), namespace: null };
  }
  const of = namespace === undefined ? null : checkKey("namespace", namespace);
  return { by: "coupon", name: checkKey("coupon", coupon ?? ""), namespace: of };
}

async function stripeIdOf(core: BillingCore, row: SubscriptionMirror, asked: Asked): Promise<string | null> {
  const { by, name, namespace } = asked;
  if (by === "nothing" || name === null) return null;
  if (by === "promotion_code") return codeFor(core, row, name);
  const { coupons, namespace: known } = await appliedCatalog(core, namespace ?? undefined);
  const id = Object.hasOwn(coupons, name) ? coupons[name] : undefined;
  if (id !== undefined) return id;
  const names = Object.keys(coupons).join(", ") || "none";
  throw problem("not_found", `The catalog ${known} sells with no coupon ${name}`, {
    hint: `It has: ${names}. What is new there is applied by \`catalog.apply()\`.`,
    details: { field: "coupon", coupon: name, namespace: known },
  });
}

const discountParams = record({
  ...ofSubscription,
  by: oneOf(["nothing", "coupon", "promotion_code"]),
  /** As the caller says it. */
  name: orNull(text),
  namespace: orNull(text),
  stripeId: orNull(text),
});
type Params = Shaped<typeof discountParams>;

export const discount = defineVerb({
  name: "subscriptions.discount",
  params: discountParams,
  outcome: record({}),
  lane: subscriptionLane,
  about: aboutSubscription,
  steps: [changing(({ by, stripeId }: Params) => ({ discounts: by === "nothing" ? null : [{ [by]: stripeId }] }))],
  answered: async () => ({}),
  refused: tellFailed("discount"),
});
