// Chooses what a customer's invoices are paid with from now on.
import type { Method, Outcome, SetDefault } from "../../api/index.ts";
import { lookNow } from "../../kernel/changes/observe.ts";
import { idOf } from "../../kernel/contract/context.ts";
import { record } from "../../kernel/contract/shape.ts";
import { defineVerb, flagPromised, itsId } from "../../kernel/contract/verb.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { readCustomer } from "../customers/index.ts";
import { checkAttempt, checkFields, checkId, type Fields } from "../input.ts";
import { latestOperation } from "../latest.ts";
import { outcomeOf } from "../outcomes.ts";
import { methodKind, methodsLane, ofMethod } from "./methods.ts";
import { type Claim, removedAlready, standingOf } from "./own.ts";
import { readMethod } from "./read.ts";

const fields: Fields<SetDefault> = { id: true, attempt: true };

export async function setDefaultMethod(
  core: BillingCore,
  names: { customerId: string; methodId: string },
  given: SetDefault,
): Promise<Outcome<Method>> {
  const { customerId, methodId } = names;
  const options = checkFields("options", given, fields);
  const subject = wishOf(customerId, checkId("id", options.id));
  const attempt = checkAttempt(options.attempt);
  const customer = await readCustomer(core, customerId);
  await core.ready();
  const claim: Claim = { customer, methodId };
  const latest = await latestOperation(core, setDefault, subject);
  // What was wished is answered as it ended, whatever became of the method or of its Customer since.
  const isBegun = latest !== undefined && (attempt ?? latest.attempt) <= latest.attempt;
  if (!isBegun && (await standingOf(core, claim)) === "removed") throw removedAlready(claim);
  const stripeCustomerId = isBegun
    ? setDefault.params.read(JSON.parse(latest.params), "params").stripeCustomerId
    : (customer.stripe_id ?? "");
  const params = { customerId, methodId, stripeCustomerId };
  const ended = await core.operations.carryOut(setDefault, { subject, attempt, params });
  // Why Stripe refused it is the method's to tell.
  if (ended.state === "failed" && !isBegun) {
    await lookNow(core.kernel, { kind: methodKind.kind, id: methodId });
    if ((await standingOf(core, claim)) === "removed") throw removedAlready(claim);
  }
  const value = await readMethod(core, { customerId, methodId });
  return outcomeOf(ended, { what: `Making ${methodId} the default of customer ${customerId}`, value });
}

/** `user_42/2026-11`: no id of a host has a `/`. */
function wishOf(customerId: string, id: string): string {
  return `${customerId}/${id}`;
}

/** The subject is `<customer>/<the caller's id of the wish>`: the first card may be the default a second time. */
export const setDefault = defineVerb({
  name: "methods.setDefault",
  params: record(ofMethod),
  outcome: record({}),
  lane: methodsLane,
  about: ({ params }) => ({ customerId: params.customerId, methodId: params.methodId }),
  steps: [
    {
      name: "set",
      answer: itsId,
      touches: ({ params }) => params.stripeCustomerId,
      embeds: ({ params }) => [
        { kind: "customer", id: params.stripeCustomerId },
        { kind: "payment_method", id: params.methodId },
      ],
      request: ({ params }) => ({
        method: "POST",
        path: `/v1/customers/${params.stripeCustomerId}`,
        params: { invoice_settings: { default_payment_method: params.methodId } },
      }),
      holds: ({ invoice_settings }, { params }) =>
        idOf((invoice_settings as { default_payment_method?: unknown } | null)?.default_payment_method) ===
        params.methodId,
    },
  ],
  answered: async () => ({}),
  refused: flagPromised("methods.setDefault"),
});
