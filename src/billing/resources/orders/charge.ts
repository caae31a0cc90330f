// Charges an order with a method that its customer has saved, the payer absent or there. The PaymentIntent is the one
// that a checkout of the order makes too: whoever comes first has it made, and there is never a second one.
import { dayMs, minuteMs } from "#kit/clock.ts";
import { isProblem, type Problem, problem } from "#kit/problems.ts";
import { type ChargeOrder, type Order, type Outcome, validForMsMax, validForMsMin } from "../../api/index.ts";
import { lookNow } from "../../kernel/changes/observe.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { admitAttempt, type Ended } from "../../kernel/journal/operations.ts";
import { latestIn } from "../latest.ts";
import { chargeableMethod } from "../methods/index.ts";
import { failureOf, outcomeOf } from "../outcomes.ts";
import { type ChargeWish, charge, chargeWish, whyNotChargeable } from "./charge_verb.ts";
import { checkout, type OpenLink, paymentSecret, wishOfCheckout } from "./checkout.ts";
import { orderIn, readOrder, viewOrder } from "./read.ts";
import type { OrderRow } from "./tables.ts";
import { anotherCharge, keepWishedCharge, wishedChargeOf } from "./wished.ts";

/** Who pays now is there to be asked again; who is away has agreed to be charged today, not some day. */
const validForMs = { on_session: 15 * minuteMs, off_session: dayMs } as const;

export type ChargeInput = ChargeOrder & { readonly id: string };

export async function chargeOrder(core: BillingCore, openLink: OpenLink, input: ChargeInput): Promise<Outcome<Order>> {
  checkValidity(input.validForMs);
  await core.ready();
  const { order, begun, wish: stored } = await readWishes(core, input);
  if (stored && !isSame(stored, input)) throw anotherCharge(input.id);
  const wish = stored ?? (await newWish(core, order, input));
  const asked: Asked = { core, openLink, wish, id: input.id };
  if (begun) return answerOf(asked, await carryOut(asked, begun));
  const { payment_intent: paymentIntentId } = order;
  if (paymentIntentId !== null) {
    return answerOf(asked, await carryOut(asked, { attempt: input.attempt, paymentIntentId }));
  }
  return chargeWhatIsMade(asked, order, input.attempt);
}

function checkValidity(given: number | undefined): void {
  if (given === undefined || (Number.isSafeInteger(given) && given >= validForMsMin && given <= validForMsMax)) return;
  const says = `validForMs is an integer of milliseconds, ${validForMsMin} to ${validForMsMax}`;
  throw problem("invalid_params", says, { details: { field: "validForMs" } });
}

interface Asked {
  readonly core: BillingCore;
  readonly openLink: OpenLink;
  readonly wish: ChargeWish;
  readonly id: string;
}

interface Begun {
  readonly attempt: number | undefined;
  readonly paymentIntentId: string;
}

/** What was begun is carried on as it was begun: the customer may have chosen another default since. */
async function readWishes(core: BillingCore, { id, attempt }: ChargeInput) {
  return core.sql.read("orders.charges", async (reader) => {
    const order = await orderIn(reader, id);
    const begun = await latestIn(reader, core.kernel, { verb: charge, subject: id, attempt });
    if (begun) {
      const { paymentIntentId, ...wish } = charge.params.read(JSON.parse(begun.params), "params");
      return { order, begun: { attempt: begun.attempt, paymentIntentId }, wish };
    }
    const latest = await latestIn(reader, core.kernel, { verb: charge, subject: id });
    // The first one is that at which the payment was made: there is none below it.
    if (latest && (attempt ?? latest.attempt) < latest.attempt) {
      admitAttempt({ verb: charge.name, subject: id }, latest, attempt ?? latest.attempt);
    }
    const wished = wishedChargeOf(order);
    const isIt = wished !== undefined && (attempt ?? wished.attempt) === wished.attempt;
    return { order, begun: undefined, wish: isIt ? wished.wish : undefined };
  });
}

function isSame(wish: ChargeWish, { method = wish.method, offSession = true, ...input }: ChargeInput): boolean {
  const session = sessionOf(offSession);
  return (
    method === wish.method && session === wish.session && (input.validForMs ?? validForMs[session]) === wish.validForMs
  );
}

function sessionOf(offSession: boolean): ChargeWish["session"] {
  return offSession ? "off_session" : "on_session";
}

async function newWish(core: BillingCore, order: OrderRow, input: ChargeInput): Promise<ChargeWish> {
  const refused = whyNotChargeable(order);
  if (refused) throw refused;
  const method = await chargeableMethod(core, { customerId: order.customer ?? "", id: input.method });
  const session = sessionOf(input.offSession ?? true);
  const returnUrl = `${core.options.publicUrl.replace(/\/+$/, "")}/pay/returned`;
  return chargeWish.read({ method, session, validForMs: input.validForMs ?? validForMs[session], returnUrl }, "wish");
}

function carryOut({ core, id, wish }: Asked, { attempt, paymentIntentId }: Begun) {
  return core.operations.carryOut(charge, { subject: id, attempt, params: { ...wish, paymentIntentId } });
}

/** The wish is kept with the order from the moment that the PaymentIntent is asked for: it follows by itself. */
async function chargeWhatIsMade(asked: Asked, order: OrderRow, named: number | undefined): Promise<Outcome<Order>> {
  const { core, id, wish } = asked;
  const latest = await core.sql.read("operations.latest", (reader) =>
    latestIn(reader, core.kernel, { verb: checkout, subject: id }),
  );
  const making = await wishOfCheckout(core, { order, latest, attempt: named });
  const { attempt } = making;
  let isKept = false;
  const wishedAt = core.ports.clock.now();
  const made = await core.operations.carryOut(checkout, {
    ...making,
    also: async (tx) => {
      isKept = await keepWishedCharge(tx, id, { attempt, wishedAt, wish });
    },
  });
  const row = await readOrder(core, id);
  if (made.state === "open") {
    return { outcome: "processing", operationId: made.operationId, value: await viewOrder(core, row) };
  }
  if (made.state !== "done" || row.payment_intent === null) throw refusedMaking(made, id);
  const begun = { attempt: isKept ? attempt : named, paymentIntentId: row.payment_intent };
  return answerOf(asked, await carryOut(asked, begun));
}

function refusedMaking(made: Ended<unknown>, id: string): Problem {
  if (made.state !== "open" && made.state !== "done") return failureOf(made, `Charging order ${id}`);
  return problem("internal", `Order ${id} has no PaymentIntent although one was made for it`);
}

async function answerOf(asked: Asked, ended: Ended<unknown>): Promise<Outcome<Order>> {
  const { core, id } = asked;
  const isNo = ended.state === "refused" || ended.state === "failed";
  // Why Stripe refused it is the payment's to tell.
  if (isNo) await lookAgain(core, await readOrder(core, id));
  const row = await readOrder(core, id);
  const value = await viewOrder(core, row);
  if (ended.state === "done" && ended.isShown) return standingAs(asked, row, { value, operationId: ended.operationId });
  if (isNo && ended.refusal.code === "payment_intent_unexpected_state") {
    throw whyNotChargeable(row, " meanwhile") ?? failureOf(ended, `Charging order ${id}`);
  }
  if (isNo && ended.refusal.code === "authentication_required") {
    const isStill = row.status === "failed" || row.status === "created" || row.status === "action_required";
    if (isStill) return actionOf(asked, value);
    return standingAs(asked, row, { value, operationId: ended.operationId });
  }
  return outcomeOf(ended, { what: `Charging order ${id}`, value });
}

async function lookAgain({ kernel }: BillingCore, { id, payment_intent }: OrderRow): Promise<void> {
  try {
    if (payment_intent !== null) await lookNow(kernel, { kind: "payment_intent", id: payment_intent });
  } catch (error) {
    if (!isProblem(error)) throw error;
    kernel.ports.log.warn("order.not_shown", { orderId: id, error: error.message }); // a look is owed, and comes
  }
}

/** What became of what was done: the bank may take days, and the payer may have to confirm. */
async function standingAs(
  asked: Asked,
  { status }: OrderRow,
  { value, operationId }: { value: Order; operationId: string },
): Promise<Outcome<Order>> {
  switch (status) {
    case "action_required":
      return actionOf(asked, value);
    case "failed": {
      const { code, declineCode, message } = value.lastFailure ?? unknownFailure;
      return { outcome: "declined", value, reason: declineCode ?? code, code, declineCode, message };
    }
    case "created":
    case "processing":
      return { outcome: "processing", operationId, value };
    default:
      return { outcome: "done", value };
  }
}

const unknownFailure = { code: "declined", declineCode: null, message: "The payment failed." };

/** The payer finishes the same payment in a page, with a link of its own. */
async function actionOf({ core, openLink, id }: Asked, value: Order): Promise<Outcome<Order>> {
  const { clientSecret } = await paymentSecret(core, { id });
  const { url } = await openLink({ orderId: id, returnUrl: undefined, savedMethods: false });
  return { outcome: "action_required", value, url, clientSecret };
}
