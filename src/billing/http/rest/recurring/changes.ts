// /v1/subscriptions/{id}/preview, /change and /undo_change: what a subscription is to become.
import { createRoute, z } from "@hono/zod-openapi";
import {
  type ChangePreview,
  changeTimes,
  filterMax,
  quantityMax,
  type Subscription,
  unpaidEnds,
  validForMsMax,
  validForMsMin,
} from "../../../api/index.ts";
import * as rest from "../context.ts";
import { MoneySchema, outcomeJson } from "../orders.ts";
import { strict } from "../strict.ts";
import { subscriptionJson } from "./subscription.ts";
import { SubscriptionOutcome } from "./wished.ts";

const tags = ["subscriptions"];
const instant = z.iso.datetime();
const name = z.string().min(1).max(filterMax);

const wished = {
  plan: name.optional().openapi({ description: "Of the catalog, and of the group of the one that it has" }),
  every: name.optional().openapi({ description: "How often it is paid: month. Its add-ons come along" }),
  quantity: z.int().min(1).max(quantityMax).optional().openapi({ description: "Of the plan: its seats" }),
  addOns: z
    .record(z.string().max(filterMax), z.int().min(0).max(quantityMax))
    .optional()
    .openapi({ description: "How many of each from now on, by name; 0 takes it off" }),
  coupon: name.optional().openapi({ description: "Of the catalog, by name: from the next invoice on" }),
  promotionCode: name.optional().openapi({ description: "A code as the customer has typed it" }),
  when: z.enum(changeTimes).optional().openapi({ description: "now, unless named" }),
  prorate: z
    .boolean()
    .optional()
    .openapi({ description: "Of a change now: the rest of the period is paid at once and the unused part credited" }),
};
const PreviewChangeSchema = strict(wished).openapi("PreviewChange");
const ChangeSchema = strict({
  token: name.optional().openapi({ description: "Of a preview: it is billed as shown, or refused" }),
  id: rest.IdSchema.optional().openapi({
    example: "upgrade_7",
    description: "Yours, of this wish. Without it, and without a token, the Idempotency-Key is the id",
  }),
  ...wished,
  attempt: rest.AttemptSchema.openapi({
    description: "2 after Stripe refused the first: with the id in the body, for a key proves the same request",
  }),
  offSession: z.boolean().optional().openapi({ description: "false: the payer is there. It is true unless named" }),
  validForMs: z
    .int()
    .min(validForMsMin)
    .max(validForMsMax)
    .optional()
    .openapi({ description: "For how long it is meant: 24 hours, or 15 minutes with the payer there" }),
  ifUnpaid: z
    .enum(unpaidEnds)
    .optional()
    .openapi({ description: "keep_old: changed once it is paid. revert: changed, and put back if it is not" }),
  returnUrl: rest.ReturnUrlSchema,
}).openapi("ChangeSubscription");
const UndoSchema = strict({
  id: rest.IdSchema.optional().openapi({
    example: "undo_7",
    description: "Yours, of this wish. Without it the Idempotency-Key is the id",
  }),
  attempt: rest.AttemptSchema,
}).openapi("UndoChange");

const PreviewSchema = z
  .object({
    token: z.string(),
    expiresAt: instant,
    subscriptionId: z.string(),
    changesAt: instant,
    prorationDate: instant.nullable(),
    items: z.array(z.object({ priceId: z.string(), quantity: z.int().nullable() })),
    lines: z.array(
      z.object({
        description: z.string().nullable(),
        amount: z.int().openapi({ description: "Minor units; negative where something is given back" }),
        quantity: z.int().nullable(),
        priceId: z.string().nullable(),
        isProration: z.boolean(),
        periodStart: instant,
        periodEnd: instant,
        discount: z.int(),
        tax: z.int(),
      }),
    ),
    areLinesWhole: z.boolean(),
    total: MoneySchema,
    tax: MoneySchema,
    due: MoneySchema,
    next: z.object({ at: instant, total: MoneySchema, tax: MoneySchema }),
  })
  .openapi("ChangePreview");

const previewChange = createRoute({
  operationId: "previewSubscriptionChange",
  method: "post",
  path: "/v1/subscriptions/{id}/preview",
  tags,
  summary: "See what a change would cost",
  description: "Nothing is changed. The token makes it as shown, for an hour.",
  request: { params: rest.IdParams, body: rest.jsonBody(PreviewChangeSchema, { plan: "pro", quantity: 3 }) },
  responses: rest.answers(200, "What Stripe would bill", PreviewSchema),
});
const changeSubscription = createRoute({
  operationId: "changeSubscription",
  method: "post",
  path: "/v1/subscriptions/{id}/change",
  tags,
  summary: "Change plan, interval, seats and add-ons",
  description:
    "By the token of a preview, or under an id of yours. `declined`: the subscription is as it was. " +
    "`action_required`: send the customer to `url`.",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(ChangeSchema, { id: "upgrade_7", plan: "pro", offSession: false }),
  },
  responses: rest.answers(200, "What came of it", SubscriptionOutcome),
});
const undoChange = createRoute({
  operationId: "undoSubscriptionChange",
  method: "post",
  path: "/v1/subscriptions/{id}/undo_change",
  tags,
  summary: "Take back a change that is planned, or that waits for its payment",
  request: {
    params: rest.IdParams,
    headers: rest.CommandHeaders,
    body: rest.jsonBody(UndoSchema, { id: "undo_7" }, false),
  },
  responses: rest.answers(200, "What came of it", SubscriptionOutcome),
});

function previewJson(preview: ChangePreview): z.infer<typeof PreviewSchema> {
  const { items, lines, total, tax, due, next } = preview;
  return {
    ...preview,
    ...rest.datesAsText(preview),
    items: items.map((item) => ({ ...item })),
    lines: lines.map((line) => ({ ...line, ...rest.datesAsText(line) })),
    total: { ...total },
    tax: { ...tax },
    due: { ...due },
    next: { at: next.at.toISOString(), total: { ...next.total }, tax: { ...next.tax } },
  };
}

export function mountChanges(app: rest.RestApp, context: rest.RestContext): void {
  const { subscriptions } = context.api;
  app.openapi(previewChange, async (c) => {
    rest.requireScope(c, "read");
    return c.json(previewJson(await subscriptions.preview(c.req.valid("param").id, c.req.valid("json"))), 200);
  });
  app.openapi(changeSubscription, async (c) => {
    rest.requireScope(c, "write");
    const { id: subject } = c.req.valid("param");
    const { token, id, attempt, offSession, validForMs, ifUnpaid, returnUrl, ...change } = c.req.valid("json");
    rest.refuseReturnUrl(context, returnUrl);
    const options = { attempt, offSession, validForMs, ifUnpaid, returnUrl };
    const outcome = await rest.runCommand(context, c, {
      verb: "subscriptions.change",
      subject,
      work: () =>
        token === undefined
          ? subscriptions.change(subject, { ...change, ...options, id: id ?? rest.wishId(c, "change") })
          : subscriptions.change(subject, { ...options, ...change, ...(id !== undefined && { id }), token }),
      after: ({ value }) => changeAudit(value),
    });
    return c.json(outcomeJson(outcome, subscriptionJson), 200);
  });
  app.openapi(undoChange, async (c) => {
    rest.requireScope(c, "write");
    const { id: subject } = c.req.valid("param");
    const { attempt, id = rest.wishId(c, "wish") } = c.req.valid("json");
    const outcome = await rest.runCommand(context, c, {
      verb: "subscriptions.undoChange",
      subject,
      work: () => subscriptions.undoChange(subject, { id, attempt }),
      after: ({ value }) => changeAudit(value),
    });
    return c.json(outcomeJson(outcome, subscriptionJson), 200);
  });
}

/** What the audit keeps of a subscription. */
const changeAudit = ({ status, items }: Subscription) => ({
  status,
  items: items.map(({ priceId, quantity }) => ({ priceId, quantity })),
});
