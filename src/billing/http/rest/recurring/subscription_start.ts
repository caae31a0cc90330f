// POST /v1/subscriptions: how a subscription begins.
import { createRoute, z } from "@hono/zod-openapi";
import {
  addOnsMax,
  collections,
  daysUntilDueMax,
  type Every,
  everyPattern,
  filterMax,
  methodIdPattern,
  quantityMax,
  type SubscriptionStart,
  taxRatesMax,
  trialDaysMax,
  trialEndings,
  validForMsMax,
  validForMsMin,
} from "../../../api/index.ts";
import * as rest from "../context.ts";
import { outcomeJson, outcomeSchema } from "../orders.ts";
import { strict } from "../strict.ts";
import { SubscriptionSchema, subscriptionJson } from "./subscription.ts";

const NameSchema = z.string().min(1).max(filterMax);
const QuantitySchema = z.int().min(1).max(quantityMax).optional();
const isEvery = (text: string): text is Every => everyPattern.test(text);
const EverySchema = z
  .string()
  .transform((text, context): Every => {
    if (isEvery(text)) return text;
    context.addIssue({ code: "custom", message: "day, week, month, year or a number of them, such as 3 months" });
    return z.NEVER;
  })
  .openapi({ type: "string", example: "month", description: "How often it is paid, as the catalog says it" });

const StartSchema = strict({
  id: rest.IdSchema.optional().openapi({
    example: "signup_77",
    description: "Yours, of this start. Without it the Idempotency-Key is the id",
  }),
  customerId: rest.IdSchema.openapi({ example: "user_42" }),
  plan: NameSchema.openapi({ description: "A name of the catalog", example: "pro" }),
  every: EverySchema,
  currency: z.string().max(filterMax).optional().openapi({
    description: "Without it the customer's, else the only one in which the plan is sold",
    example: "eur",
  }),
  quantity: QuantitySchema.openapi({ description: "Of the plan: how many seats, say", example: 1 }),
  addOns: z
    .array(strict({ name: NameSchema, quantity: QuantitySchema, every: NameSchema.optional() }).openapi("StartAddOn"))
    .min(1)
    .max(addOnsMax)
    .optional()
    .openapi({ description: "What is bought beside the plan" }),
  trial: z
    .union([
      z.boolean(),
      strict({
        days: z.int().min(1).max(trialDaysMax).optional(),
        withoutMethod: z.enum(trialEndings).optional(),
      }),
    ])
    .optional()
    .openapi({
      description:
        "true: for as long as the plan says. A customer has one in a plan's group ever: a second one is refused, and " +
        "nothing is charged instead",
      example: true,
    }),
  coupon: NameSchema.optional().openapi({ description: "A name of the catalog", example: "launch" }),
  promotionCode: NameSchema.optional().openapi({ description: "As the customer typed it", example: "SUMMER20" }),
  method: z.string().regex(methodIdPattern).optional().openapi({
    description: "One of the customer's; without it their default, and where there is none the payer is asked for one",
    example: "pm_1TqK2mFzYw8rJd5v",
  }),
  offSession: z.boolean().optional().openapi({ description: "Whether the payer is away; false without it" }),
  collection: z.enum(collections).optional(),
  daysUntilDue: z.int().min(1).max(daysUntilDueMax).optional().openapi({ description: "Of invoices that are sent" }),
  taxes: z
    .union([z.enum(["stripe", "none"]), strict({ rates: z.array(NameSchema).min(1).max(taxRatesMax) })])
    .optional()
    .openapi({ description: "Stripe reckons them, none are added (without it), or these rates are", example: "none" }),
  metadata: rest.MetadataSchema.optional(),
  namespace: NameSchema.optional().openapi({ description: "Of the catalog", example: "bursar" }),
  validForMs: z.int().min(validForMsMin).max(validForMsMax).optional().openapi({
    description: "Milliseconds; without it 15 minutes, and 24 hours while the payer is away",
  }),
  returnUrl: rest.ReturnUrlSchema,
  attempt: rest.AttemptSchema,
}).openapi("StartSubscription");

const SubscriptionStartSchema = z
  .object({
    id: z.string().openapi({ description: "Yours, of the start" }),
    customerId: z.string(),
    subscription: SubscriptionSchema.nullable().openapi({
      description: "null as long as there is none: Stripe has not answered, or has refused it",
    }),
  })
  .openapi("SubscriptionStart");

const startSubscription = createRoute({
  operationId: "startSubscription",
  method: "post",
  path: "/v1/subscriptions",
  tags: ["subscriptions"],
  summary: "Start a subscription to a plan of the catalog",
  description:
    "`action_required`: the payer has to enter a card or to hear their bank; send them to `url`. It waits 23 hours " +
    "for them, and another start of the same group takes its place. `declined` has made nothing. What could not be " +
    "made within `validForMs` is not made later.",
  request: {
    headers: rest.CommandHeaders,
    body: rest.jsonBody(StartSchema, {
      id: "signup_77",
      customerId: "user_42",
      plan: "pro",
      every: "month",
      currency: "eur",
    }),
  },
  responses: rest.answers(
    200,
    "What came of it",
    outcomeSchema(SubscriptionStartSchema).openapi("SubscriptionStartOutcome"),
  ),
});

function startJson({ subscription, ...begun }: SubscriptionStart): z.infer<typeof SubscriptionStartSchema> {
  return { ...begun, subscription: subscription && subscriptionJson(subscription) };
}

export function mountSubscriptionStart(app: rest.RestApp, context: rest.RestContext): void {
  const { subscriptions } = context.api;
  app.openapi(startSubscription, async (c) => {
    rest.requireScope(c, "write");
    const body = c.req.valid("json");
    rest.refuseReturnUrl(context, body.returnUrl);
    const id = body.id ?? rest.wishId(c, "start");
    const outcome = await rest.runCommand(context, c, {
      verb: "subscriptions.start",
      subject: id,
      work: () => subscriptions.start({ ...body, id }),
      after: ({ value }) => ({
        subscriptionId: value.subscription?.id ?? null,
        status: value.subscription?.status ?? null,
      }),
    });
    return c.json(outcomeJson(outcome, startJson), 200);
  });
}
