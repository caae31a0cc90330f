// Collects a way to pay: makes the one SetupIntent of a wish, when it is first asked for, and hands out what saves a
// card by it. No money moves. A redirect such as iDEAL's leaves another method behind, a bank account with its mandate:
// that is what is saved then. https://docs.stripe.com/payments/ideal/set-up-payment
import assert from "node:assert/strict";
import { problem } from "#kit/problems.ts";
import { type Collection, type CollectionState, type CollectMethod, methodUsages } from "../../../api/index.ts";
import { lookNow } from "../../../kernel/changes/observe.ts";
import type { Remote } from "../../../kernel/contract/reacting.ts";
import { integer, oneOf, orNull, record, text } from "../../../kernel/contract/shape.ts";
import { defineVerb, flagPromised, itsId } from "../../../kernel/contract/verb.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { readCustomer, stripeCustomerOf } from "../../customers/index.ts";
import { checkAttempt, checkFields, checkId, checkOneOf, checkUrl, type Fields } from "../../input.ts";
import { latestOperation } from "../../latest.ts";
import { marks, marksOf } from "../../marks.ts";
import { failureOf } from "../../outcomes.ts";
import { methodsLane, ofCustomer } from "../methods.ts";
import type { SetupRow } from "../tables.ts";
import { secondSetup, setupKind } from "./setups.ts";

/** Makes the link to the hosted page; the HTTP room's. */
export type OpenSetupLink = (input: {
  subject: string;
  returnUrl: string | undefined;
}) => Promise<{ url: string; expiresAt: Date }>;

const fields: Fields<CollectMethod> = { id: true, returnUrl: true, usage: true, setAsDefault: true, attempt: true };

export async function collectMethod(
  core: BillingCore,
  openLink: OpenSetupLink,
  { customerId, given }: { customerId: string; given: CollectMethod },
): Promise<Collection> {
  const input = checkFields("options", given, fields);
  const id = checkId("id", input.id);
  const returnUrl = checkUrl("returnUrl", input.returnUrl);
  const usage = checkOneOf("usage", input.usage, methodUsages) ?? "off_session";
  const setAsDefault = checkYes("setAsDefault", input.setAsDefault);
  const attempt = checkAttempt(input.attempt);
  await readCustomer(core, customerId);
  await core.ready();
  const subject = setupOf(customerId, id);
  const made = await makeSetup(core, { subject, customerId, usage, setAsDefault, attempt });
  const { setup, clientSecret } = await standingSetup(core, subject, made);
  if (setup.status === "canceled") throw canceled(setup);
  const link = await openLink({ subject, returnUrl });
  const { publishableKey } = core.options.stripe;
  return {
    ...stateOf({ ...setup, setup_intent: setup.setup_intent ?? made.setupIntentId }),
    ...link,
    clientSecret,
    publishableKey,
  };
}

/** Asks Stripe how a setup stands, and records it: a return page does not wait for the webhook. */
export async function settledCollection(
  core: BillingCore,
  { customerId, id }: { customerId: string; id: string },
): Promise<CollectionState> {
  await readCustomer(core, customerId);
  await core.ready();
  return stateOf(await recordSetup(core, setupOf(customerId, id)));
}

function stateOf({
  id: subject,
  customer: customerId,
  status,
  method,
  failure,
  setup_intent,
}: MadeSetup): CollectionState {
  const lastFailure = failure === null ? null : failureShape.read(JSON.parse(failure), "failure");
  const id = subject.slice(customerId.length + 1);
  return { id, customerId, status, methodId: method, lastFailure, setupIntentId: setup_intent };
}

function checkYes(field: string, value: boolean | undefined): boolean {
  if (value === undefined || typeof value === "boolean") return value ?? false;
  throw problem("invalid_params", `${field} is true or false`, { details: { field } });
}

/** `user_42/card_1`: no id of a host has a `/`. */
function setupOf(customerId: string, id: string): string {
  return `${customerId}/${id}`;
}

function canceled({ id, setup_intent }: SetupRow) {
  return problem("wrong_state", `Setup ${id} was canceled at Stripe, and saves nothing any more`, {
    hint: "Collect under another id.",
    details: { id, setupIntentId: setup_intent },
  });
}

interface Wished {
  readonly subject: string;
  readonly customerId: string;
  readonly usage: (typeof methodUsages)[number];
  readonly setAsDefault: boolean;
  readonly attempt: number | undefined;
}

interface Made {
  readonly setupIntentId: string;
  /** Of this caller's own call. */
  readonly answer: Remote | undefined;
}

async function makeSetup(core: BillingCore, wished: Wished): Promise<Made> {
  let ended = await trySetup(core, wished);
  // Its Customer was gone at Stripe; there is a new one now, and the same wish is made with that.
  if (ended.state === "failed" && ended.refusal.code === "resource_missing") {
    const latest = await latestOperation(core, collect, wished.subject);
    ended = await trySetup(core, { ...wished, attempt: (latest?.attempt ?? 0) + 1 });
  }
  if (ended.state === "done") return { setupIntentId: ended.outcome.setupIntentId, answer: ended.answer };
  if (ended.state === "open") {
    throw problem("stripe_unreachable", `Stripe has not answered for setup ${wished.subject} yet`, {
      hint: "It is being made; ask again in a few seconds.",
      details: { operation: ended.operationId },
    });
  }
  throw failureOf(ended, `Setup ${wished.subject}`);
}

async function trySetup(core: BillingCore, { subject, customerId, usage, setAsDefault, attempt }: Wished) {
  const latest = await latestOperation(core, collect, subject);
  // What was begun is carried on as it was begun, whatever became of the Customer meanwhile.
  const isBegun = latest !== undefined && (attempt ?? latest.attempt) <= latest.attempt;
  const stripeCustomerId = isBegun
    ? collect.params.read(JSON.parse(latest.params), "params").stripeCustomerId
    : await stripeCustomerOf(core, customerId);
  const params = { customerId, stripeCustomerId, usage, setAsDefault: setAsDefault ? 1 : 0 };
  return core.operations.carryOut(collect, { subject, attempt, params });
}

const itsSecret = record({ client_secret: text });

/** As Stripe has it now, with its client secret, which is never stored. */
async function standingSetup(core: BillingCore, subject: string, made: Made) {
  if (made.answer?.id === made.setupIntentId) {
    const { client_secret: clientSecret } = itsSecret.read(made.answer, made.setupIntentId);
    return { setup: await readSetup(core, subject), clientSecret };
  }
  return lookAtSetup(core, subject);
}

/** For the hosted page. */
export async function askSetup(core: BillingCore, subject: string) {
  const { setup, clientSecret } = await lookAtSetup(core, subject);
  const { status, lastFailure: failure } = stateOf(setup);
  return { status, failure, clientSecret };
}

const failureShape = record({ code: text, declineCode: orNull(text) });

/** A setup that has its SetupIntent. */
type MadeSetup = SetupRow & { readonly setup_intent: string };

async function recordSetup(core: BillingCore, subject: string): Promise<MadeSetup> {
  const { setup_intent: id } = await readSetup(core, subject);
  if (id === null) {
    throw problem("unavailable", `Setup ${subject} is not made at Stripe yet`, { hint: "Ask again." });
  }
  await lookNow(core.kernel, { kind: setupKind.kind, id });
  return { ...(await readSetup(core, subject)), setup_intent: id };
}

async function lookAtSetup(core: BillingCore, subject: string): Promise<{ setup: MadeSetup; clientSecret: string }> {
  const setup = await recordSetup(core, subject);
  const { setup_intent: id } = setup;
  const { remote } = await core.kernel.gateway.read(setupKind.path(id), { priority: "command" });
  if (remote === null) throw problem("unavailable", `Stripe does not show setup ${subject}`, { hint: "Ask again." });
  return { setup, clientSecret: itsSecret.read(remote, id).client_secret };
}

async function readSetup(core: BillingCore, subject: string): Promise<SetupRow> {
  const row = await core.sql.read("methods.setup", (reader) =>
    reader.selectFrom("method_setups").selectAll().where("id", "=", subject).executeTakeFirst(),
  );
  if (row) return row;
  throw problem("not_found", `No setup ${subject}`, { hint: "Call `methods.collect()` first.", details: { subject } });
}

/** Makes the one SetupIntent of a wish; the subject is `<customer>/<the caller's id of the wish>`. */
export const collect = defineVerb({
  name: "methods.collect",
  params: record({ ...ofCustomer, usage: oneOf(methodUsages), setAsDefault: integer }),
  outcome: record({ setupIntentId: text }),
  lane: methodsLane,
  about: ({ params }) => ({ customerId: params.customerId }),
  async reserve({ tx, now }, { subject, params: { customerId, usage, setAsDefault } }) {
    const fresh = { status: "open", setup_intent: null, method: null, failure: null, created_at: now } as const;
    await tx
      .insertInto("method_setups")
      .values({ ...fresh, id: subject, customer: customerId, usage, set_as_default: setAsDefault })
      .onConflict((conflict) => conflict.column("id").doNothing()) // of the attempt before
      .execute();
  },
  steps: [
    {
      name: "create",
      answer: itsId,
      embeds: ({ params }) => [{ kind: "customer", id: params.stripeCustomerId }],
      request: (operation) => ({
        method: "POST",
        path: "/v1/setup_intents",
        params: {
          customer: operation.params.stripeCustomerId,
          usage: operation.params.usage,
          automatic_payment_methods: { enabled: true },
          metadata: marks(operation, { bursar_customer: operation.params.customerId }),
        },
      }),
      async find({ id, params }, { since, list }) {
        const path = `/v1/setup_intents?limit=100&created[gte]=${since}&customer=${params.stripeCustomerId}`;
        return (await list(path)).find((setup) => marksOf(setup).operation === id) ?? null;
      },
    },
  ],
  async answered({ tx, flag }, { subject }, { create }) {
    const setup = await tx
      .updateTable("method_setups")
      .set((eb) => ({ setup_intent: eb.fn.coalesce("setup_intent", eb.val(create.id)) }))
      .where("id", "=", subject)
      .returningAll()
      .executeTakeFirstOrThrow();
    assert.ok(setup.setup_intent, `setup ${subject} has a SetupIntent`);
    if (setup.setup_intent !== create.id) await flag([secondSetup(setup, create)]);
    return { setupIntentId: setup.setup_intent };
  },
  refused: flagPromised("methods.collect"),
});
