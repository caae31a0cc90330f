// /v1/subscriptions/{id}/discount and /method.
import { z } from "@hono/zod-openapi";
import { problem } from "#kit/problems.ts";
import { filterMax, methodIdPattern } from "../../../api/index.ts";
import * as rest from "../context.ts";
import { strict } from "../strict.ts";
import { runWish, wishFields, wishRoute } from "./wished.ts";

const name = z.string().min(1).max(filterMax);
const discountSubscription = wishRoute({
  operationId: "discountSubscription",
  name: "discount",
  summary: "Choose what is taken off a subscription",
  description: "A coupon or a promotion code, as the only discount from then on; `coupon: null` takes all away.",
  body: strict({
    ...wishFields("offer_1"),
    coupon: name.nullable().optional().openapi({ description: "Its name in the catalog", example: "launch" }),
    namespace: name.optional().openapi({ description: "Of the catalog", example: "bursar" }),
    promotionCode: name.optional().openapi({ description: "What the customer types", example: "SUMMER27" }),
  }).openapi("DiscountSubscription"),
  example: { id: "offer_1", coupon: null },
});
const setSubscriptionMethod = wishRoute({
  operationId: "setSubscriptionMethod",
  name: "method",
  summary: "Choose what the invoices of a subscription are paid with",
  description: "A method of the same customer, before the customer's default.",
  body: strict({
    ...wishFields("choice_1"),
    method: z.string().regex(methodIdPattern, "Stripe's id of a method").openapi({ example: "pm_1TqK2mFzYw" }),
  }).openapi("SetSubscriptionMethod"),
  example: { id: "choice_1", method: "pm_1TqK2mFzYw" },
});

export function mountSubscriptionTerms(app: rest.RestApp, context: rest.RestContext): void {
  const { subscriptions } = context.api;
  app.openapi(discountSubscription, async (c) => {
    const { id: subject } = c.req.valid("param");
    const { id = rest.wishId(c, "wish"), attempt, coupon, namespace, promotionCode } = c.req.valid("json");
    if ((coupon === undefined) === (promotionCode === undefined)) throw oneOfBoth();
    const what = promotionCode === undefined ? { coupon: coupon ?? null, namespace } : { promotionCode };
    const work = () => subscriptions.discount(subject, { id, attempt, ...what });
    return c.json(await runWish(context, c, { verb: "subscriptions.discount", subject, work }), 200);
  });
  app.openapi(setSubscriptionMethod, async (c) => {
    const { id: subject } = c.req.valid("param");
    const { id = rest.wishId(c, "choice"), ...options } = c.req.valid("json");
    const work = () => subscriptions.setMethod(subject, { id, ...options });
    return c.json(await runWish(context, c, { verb: "subscriptions.setMethod", subject, work }), 200);
  });
}

function oneOfBoth() {
  return problem("invalid_params", "Send one of both: coupon, which may be null, or promotionCode", {
    details: { field: "coupon" },
  });
}
