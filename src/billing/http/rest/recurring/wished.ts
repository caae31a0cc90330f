// What all commands about a subscription that runs share: the body names the wish, or its Idempotency-Key does.
import { createRoute, type z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Outcome, Subscription } from "../../../api/index.ts";
import * as rest from "../context.ts";
import { outcomeJson, outcomeSchema } from "../orders.ts";
import { SubscriptionSchema, subscriptionJson } from "./subscription.ts";

export const SubscriptionOutcome = outcomeSchema(SubscriptionSchema).openapi("SubscriptionOutcome");

/** Fields of every such body. */
export function wishFields(example: string) {
  return {
    id: rest.IdSchema.optional().openapi({
      example,
      description: "Yours, of this wish. Without it the Idempotency-Key is the id",
    }),
    attempt: rest.AttemptSchema.openapi({
      description: "2 after Stripe refused the first: with the id in the body, for a key proves the same request",
    }),
  };
}

interface Described<Body extends z.ZodType, Name extends string> {
  readonly operationId: string;
  readonly name: Name;
  readonly summary: string;
  readonly description: string;
  readonly body: Body;
  readonly example: z.input<Body>;
}

/** `POST /v1/subscriptions/{id}/<name>`. */
export function wishRoute<Body extends z.ZodType, Name extends string>(described: Described<Body, Name>) {
  const { operationId, name, summary, description, body, example } = described;
  return createRoute({
    operationId,
    method: "post",
    path: `/v1/subscriptions/{id}/${name}`,
    tags: ["subscriptions"],
    summary,
    description,
    request: { params: rest.IdParams, headers: rest.CommandHeaders, body: rest.jsonBody(body, example) },
    responses: rest.answers(200, "What came of it", SubscriptionOutcome),
  });
}

/** Runs it, and writes it down. */
export async function runWish(
  context: rest.RestContext,
  c: Context<rest.RestEnv>,
  {
    returnUrl,
    ...command
  }: {
    readonly verb: string;
    readonly subject: string;
    readonly work: () => Promise<Outcome<Subscription>>;
    readonly returnUrl?: string | undefined;
  },
) {
  rest.requireScope(c, "write");
  rest.refuseReturnUrl(context, returnUrl);
  const outcome = await rest.runCommand(context, c, { ...command, after: ({ value }) => subscriptionAudit(value) });
  return outcomeJson(outcome, subscriptionJson);
}

/** What the audit keeps of a subscription. */
function subscriptionAudit({ id, status, cancelAt, pauseCollection, defaultMethodId }: Subscription) {
  return { subscriptionId: id, status, cancelAt, isCollectionPaused: pauseCollection !== null, defaultMethodId };
}
