// /v1/subscriptions/{id}/pause and /resume.
import { z } from "@hono/zod-openapi";
import { pausedInvoices, resumeAnchors } from "../../../api/index.ts";
import * as rest from "../context.ts";
import { strict } from "../strict.ts";
import { runWish, wishFields, wishRoute } from "./wished.ts";

const pauseSubscription = wishRoute({
  operationId: "pauseSubscription",
  name: "pause",
  summary: "Stop collecting the invoices of a subscription",
  description: "The same id is the same wish: another summer is another one.",
  body: strict({
    ...wishFields("summer_2027"),
    invoices: z.enum(pausedInvoices).openapi({ description: "What becomes of them meanwhile" }),
    resumesAt: z.iso
      .datetime({ offset: true })
      .optional()
      .openapi({ description: "When it goes on by itself. Without it, when it is resumed" }),
  }).openapi("PauseSubscription"),
  example: { id: "summer_2027", invoices: "void", resumesAt: "2027-09-01T00:00:00Z" },
});
const resumeSubscription = wishRoute({
  operationId: "resumeSubscription",
  name: "resume",
  summary: "Let a subscription that rests go on",
  description:
    "One whose status is `paused` is paid for, and goes on once it is: the outcome says what became of the payment.",
  body: strict({
    ...wishFields("autumn_2027"),
    billingCycleAnchor: z
      .enum(resumeAnchors)
      .optional()
      .openapi({ description: "Of one whose status is paused: now, unless named" }),
    returnUrl: rest.ReturnUrlSchema,
  }).openapi("ResumeSubscription"),
  example: { id: "autumn_2027" },
});

export function mountSubscriptionPauses(app: rest.RestApp, context: rest.RestContext): void {
  const { subscriptions } = context.api;
  app.openapi(pauseSubscription, async (c) => {
    const { id: subject } = c.req.valid("param");
    const { id = rest.wishId(c, "pause"), resumesAt, ...options } = c.req.valid("json");
    const until = resumesAt === undefined ? undefined : new Date(resumesAt);
    const work = () => subscriptions.pause(subject, { id, ...options, resumesAt: until });
    return c.json(await runWish(context, c, { verb: "subscriptions.pause", subject, work }), 200);
  });
  app.openapi(resumeSubscription, async (c) => {
    const { id: subject } = c.req.valid("param");
    const { id = rest.wishId(c, "wish"), ...options } = c.req.valid("json");
    const work = () => subscriptions.resume(subject, { id, ...options });
    return c.json(
      await runWish(context, c, { verb: "subscriptions.resume", subject, work, returnUrl: options.returnUrl }),
      200,
    );
  });
}
