// Takes a method off its customer, for ever. Removing the default leaves none: no other takes its place, and what is
// billed next has nothing to be paid with until one is chosen. The Customer may go on naming it
// (https://github.com/dj-stripe/dj-stripe/issues/1836: invoice_settings.default_payment_method was seen to stay), which
// is not taken back: an own call for that could undo a choice that was made meanwhile.
import type { Method, Outcome, RemoveMethod } from "../../api/index.ts";
import { lookNow } from "../../kernel/changes/observe.ts";
import { record } from "../../kernel/contract/shape.ts";
import { defineVerb, flagPromised, itsId } from "../../kernel/contract/verb.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { readCustomer } from "../customers/index.ts";
import { checkAttempt, checkFields, type Fields } from "../input.ts";
import { latestOperation } from "../latest.ts";
import { outcomeOf } from "../outcomes.ts";
import { methodKind, methodsLane, ofMethod } from "./methods.ts";
import { standingOf } from "./own.ts";
import { readMethod } from "./read.ts";

const fields: Fields<RemoveMethod> = { attempt: true };

export async function removeMethod(
  core: BillingCore,
  names: { customerId: string; methodId: string },
  given: RemoveMethod,
): Promise<Outcome<Method>> {
  const { customerId, methodId } = names;
  const attempt = checkAttempt(checkFields("options", given, fields).attempt);
  const customer = await readCustomer(core, customerId);
  await core.ready();
  const claim = { customer, methodId };
  const done = async () => ({ outcome: "done", value: await readMethod(core, names) }) as const;
  if ((await standingOf(core, claim)) === "removed") return done();
  const latest = await latestOperation(core, remove, methodId);
  const isBegun = latest !== undefined && (attempt ?? latest.attempt) <= latest.attempt;
  const params = isBegun
    ? remove.params.read(JSON.parse(latest.params), "params")
    : { customerId, methodId, stripeCustomerId: customer.stripe_id ?? "" };
  const ended = await core.operations.carryOut(remove, { subject: methodId, attempt, params });
  // Somebody else may have taken it off meanwhile, which Stripe refuses to do twice.
  if (ended.state === "failed") {
    await lookNow(core.kernel, { kind: methodKind.kind, id: methodId });
    if ((await standingOf(core, claim)) === "removed") return done();
  }
  return outcomeOf(ended, { what: `Removing ${methodId}`, value: await readMethod(core, names) });
}

/** A method is removed once: it is its own wish. */
export const remove = defineVerb({
  name: "methods.remove",
  params: record(ofMethod),
  outcome: record({}),
  lane: methodsLane,
  about: ({ params: { customerId, methodId } }) => ({ customerId, methodId }),
  steps: [
    {
      name: "detach",
      answer: itsId,
      touches: ({ params }) => params.methodId,
      embeds: ({ params }) => [{ kind: methodKind.kind, id: params.methodId }],
      request: ({ params }) => ({
        method: "POST",
        path: `/v1/payment_methods/${params.methodId}/detach`,
        params: {},
      }),
      holds: (method) => (method.customer ?? null) === null,
    },
  ],
  answered: async () => ({}),
  refused: flagPromised("methods.remove"),
});
