// /v1/subscriptions/{id}/cancel and /undo.
import { z } from "@hono/zod-openapi";
import { cancelReasons, cancelRefunds, openInvoiceWays, textMax } from "../../../api/index.ts";
import * as rest from "../context.ts";
import { strict } from "../strict.ts";
import { runWish, wishFields, wishRoute } from "./wished.ts";

const cancelSubscription = wishRoute({
  operationId: "cancelSubscription",
  name: "cancel",
  summary: "End a subscription, now or later",
  description: "The same id is the same wish. One that is over already is `done`, as it stands.",
  body: strict({
    ...wishFields("cancel_1"),
    when: z
      .union([z.enum(["period_end", "now"]), z.iso.datetime({ offset: true })], "period_end, now, or an instant")
      .openapi({ type: "string", description: "period_end: when all that is paid for is used up. Or an instant" }),
    refund: z
      .enum(cancelRefunds)
      .optional()
      .openapi({ description: "Of what is paid and not used: nothing, unless it is named" }),
    openInvoices: z
      .enum(openInvoiceWays)
      .optional()
      .openapi({ description: "Of invoices that are open: they stay owed, unless it says void" }),
    reason: z.enum(cancelReasons).optional(),
    comment: z.string().min(1).max(textMax).optional().openapi({ description: "In the customer's own words" }),
  }).openapi("CancelSubscription"),
  example: { id: "cancel_1", when: "period_end", reason: "too_expensive" },
});
const undoCancel = wishRoute({
  operationId: "undoCancel",
  name: "undo",
  summary: "Take a planned end back",
  description: "Whoever planned it. Where none is planned, it is `done`; of one that is over it is 409.",
  body: strict(wishFields("stay_1")).openapi("UndoCancel"),
  example: { id: "stay_1" },
});

export function mountSubscriptionEnds(app: rest.RestApp, context: rest.RestContext): void {
  const { subscriptions } = context.api;
  app.openapi(cancelSubscription, async (c) => {
    const { id: subject } = c.req.valid("param");
    const { id = rest.wishId(c, "cancel"), when: asked, ...options } = c.req.valid("json");
    const when = asked === "period_end" || asked === "now" ? asked : new Date(asked);
    const work = () => subscriptions.cancel(subject, { id, when, ...options });
    return c.json(await runWish(context, c, { verb: "subscriptions.cancel", subject, work }), 200);
  });
  app.openapi(undoCancel, async (c) => {
    const { id: subject } = c.req.valid("param");
    const { id = rest.wishId(c, "wish"), attempt } = c.req.valid("json");
    const work = () => subscriptions.undo(subject, { id, attempt });
    return c.json(await runWish(context, c, { verb: "subscriptions.undo", subject, work }), 200);
  });
}
