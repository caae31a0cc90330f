// What all wishes about a subscription that is there share: whose it is, its lane, the mark by which a change is found
// again, and what is told when nothing came of what was promised.
import { type Problem, problem } from "#kit/problems.ts";
import type { Outcome, Subscription } from "../../api/index.ts";
import { lookNow } from "../../kernel/changes/observe.ts";
import type { Remote } from "../../kernel/contract/reacting.ts";
import { text } from "../../kernel/contract/shape.ts";
import { itsId, type OperationView, type StepRequest, type Verb } from "../../kernel/contract/verb.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { Ended } from "../../kernel/journal/operations.ts";
import type { Selecting } from "../../kernel/store/tables.ts";
import { checkAttempt, checkId, checkKey } from "../input.ts";
import { latestOperation } from "../latest.ts";
import { mark } from "../marks.ts";
import { outcomeOf } from "../outcomes.ts";
import { ownersOf } from "../owners.ts";
import type { subscriptionWishes } from "./facts.table.ts";
import { subscriptionKind } from "./kind.ts";
import { getSubscription } from "./read.ts";
import { isOver, type SubscriptionMirror } from "./subscriptions.ts";

/** A parameter of every such verb. */
export const ofSubscription = { subscriptionId: text };
interface OfSubscription {
  readonly subscriptionId: string;
}
type View<Params> = Pick<OperationView<Params>, "subject" | "params">;

/** Whatever is done to one subscription is done one after the other. */
export function subscriptionLane({ params }: { readonly params: OfSubscription }): string {
  return `subscription:${params.subscriptionId}`;
}

export function aboutSubscription({ subject, params: { subscriptionId } }: View<OfSubscription>) {
  return { subscriptionId, wishId: wishIdOf(subject) };
}

/** `sub_1:cancel_1`. No id of Stripe's has a colon. */
export function wishOf(subscriptionId: string, id: string): string {
  return `${subscriptionId}:${id}`;
}

function wishIdOf(subject: string): string {
  return subject.slice(subject.indexOf(":") + 1);
}

/** All that a change marks its subscription with: nothing of its lane runs beside it. */
const wishMark = "bursar_wish";

export function wishMarks({ id }: Pick<OperationView, "id">) {
  return { [wishMark]: id };
}

export function isMarked(remote: Remote, { id }: Pick<OperationView, "id">): boolean {
  return mark(remote, wishMark) === id;
}

/** The one step of a verb that changes fields of the subscription. */
export function changing<Params extends OfSubscription>(paramsOf: (params: Params) => StepRequest["params"]) {
  return {
    name: "change",
    answer: itsId,
    touches: ({ params }: OperationView<Params>) => params.subscriptionId,
    embeds: ({ params }: OperationView<Params>) => [{ kind: subscriptionKind.kind, id: params.subscriptionId }],
    request: ({ id, params }: OperationView<Params>) =>
      ({
        method: "POST",
        path: `/v1/subscriptions/${params.subscriptionId}`,
        params: { ...paramsOf(params), metadata: wishMarks({ id }) },
      }) as const,
    holds: isMarked,
  } as const;
}

/** A subscription's id, and the caller's of the wish. */
export interface Named {
  readonly subscriptionId: string;
  readonly id: string;
  readonly attempt: number | undefined;
}

export function checkNamed(
  subscriptionId: string,
  { id, attempt }: { readonly id: string; readonly attempt?: number },
): Named {
  return {
    subscriptionId: checkKey("subscriptionId", subscriptionId),
    id: checkId("id", id),
    attempt: checkAttempt(attempt),
  };
}

export interface Wishing<Params extends OfSubscription> extends Named {
  readonly verb: Verb<Params>;
  /** Why a new one comes to nothing with a subscription that stands so. */
  readonly refuse: (subscription: SubscriptionMirror) => Problem | undefined;
  /** Of a new one: what the caller says, and what follows from how the subscription stands. */
  readonly decide: (subscription: SubscriptionMirror) => Promise<Params>;
  /** Of one that was given before: what the caller says now, and what was decided then. */
  readonly again: (decided: Params) => Params;
}

export interface Given<Params, Result> {
  readonly ended: Ended<Result>;
  /** As they were decided when it was new. */
  readonly params: Params;
  readonly value: Subscription;
}

/** Carries it out, and reads the subscription as it stands then. */
export async function giveWish<Params extends OfSubscription>(
  core: BillingCore,
  wishing: Wishing<Params>,
): Promise<Given<Params, unknown>> {
  const { verb, subscriptionId, id, attempt, refuse } = wishing;
  const known = await findSubscription(core, subscriptionId);
  await core.ready();
  const begun = await begunOf(core, verb, wishing);
  const params = begun === undefined ? await decideNew(core, known, wishing) : wishing.again(begun);
  const ended = await core.operations.carryOut(verb, { subject: wishOf(subscriptionId, id), attempt, params });
  if (ended.state === "failed") {
    // Why Stripe refused it is the subscription's to tell.
    const refused = refuse(await lookAt(core, subscriptionId));
    if (refused) throw refused;
  }
  return { ended, params, value: await getSubscription(core, subscriptionId) };
}

export async function outcomeOfWish<Params extends OfSubscription>(
  core: BillingCore,
  wishing: Wishing<Params>,
  what: string,
): Promise<Outcome<Subscription>> {
  const { ended, value } = await giveWish(core, wishing);
  return outcomeOf(ended, { what, value });
}

/** What this attempt, or a later one, was given with. */
export async function begunOf<Params>(
  core: BillingCore,
  verb: Pick<Verb<Params>, "name" | "params">,
  { subscriptionId, id, attempt }: Named,
): Promise<Params | undefined> {
  const latest = await latestOperation(core, verb, wishOf(subscriptionId, id));
  const isBegun = latest !== undefined && (attempt ?? latest.attempt) <= latest.attempt;
  return isBegun ? verb.params.read(JSON.parse(latest.params), `${verb.name} params`) : undefined;
}

/** What is known may be old: nothing is refused by it before Stripe was asked. */
async function decideNew<Params extends OfSubscription>(
  core: BillingCore,
  known: SubscriptionMirror,
  { subscriptionId, refuse, decide }: Wishing<Params>,
): Promise<Params> {
  if (!refuse(known)) return decide(known);
  const now = await lookAt(core, subscriptionId);
  const refused = refuse(now);
  if (refused) throw refused;
  return decide(now);
}

/** As it was last seen; where nobody has told of it, Stripe is asked. Throws for what is not a customer's of ours. */
export async function findSubscription(core: BillingCore, id: string): Promise<SubscriptionMirror> {
  const known = await core.sql.read("subscriptions.find", (reader) => readMirror(reader, id));
  if (known) return known;
  await core.ready();
  const { remote } = await core.kernel.gateway.read(subscriptionKind.path(encodeURIComponent(id)), {
    priority: "command",
  });
  const customer = remote && subscriptionKind.belongsTo(remote).customer;
  const owners = await core.sql.read("subscriptions.owner", (reader) => ownersOf(reader, [customer]));
  if (customer !== null && owners.has(customer)) return lookAt(core, id);
  throw problem("not_found", `No subscription ${id} of a customer of yours`, {
    hint: "It is Stripe's id, sub_…: `subscriptions.list({ customerId })` shows those of a customer.",
    details: { id },
  });
}

/** As it stands at Stripe. */
export async function lookAt(core: BillingCore, id: string): Promise<SubscriptionMirror> {
  await lookNow(core.kernel, { kind: subscriptionKind.kind, id });
  const row = await core.sql.read("subscriptions.seen", (reader) => readMirror(reader, id));
  if (row) return row;
  throw problem("not_found", `Subscription ${id} is gone`, { details: { id } });
}

async function readMirror(reader: Selecting, id: string): Promise<SubscriptionMirror | undefined> {
  const stored = await reader
    .selectFrom("subscriptions")
    .innerJoin("mirror", "mirror.id", "subscriptions.id")
    .select("mirror.row")
    .where("subscriptions.id", "=", id)
    .executeTakeFirst();
  return stored && (JSON.parse(stored.row) as SubscriptionMirror);
}

export function refuseOver({ id, status, cancellation }: SubscriptionMirror): Problem | undefined {
  if (!isOver(status)) return undefined;
  const why = cancellation.reason === null ? "" : ` (${cancellation.reason})`;
  return problem("wrong_state", `Subscription ${id} is ${status}${why}, for ever`, {
    hint: "A customer who comes back gets another subscription.",
    details: { id, status, reason: cancellation.reason },
  });
}

/** What has not begun takes no terms, and Stripe refuses them. */
export function refuseUnbegun(subscription: SubscriptionMirror): Problem | undefined {
  const { id, status } = subscription;
  if (status !== "incomplete") return refuseOver(subscription);
  return problem("wrong_state", `Subscription ${id} has not begun: its first invoice is not paid`, {
    hint: `\`subscriptions.cancel("${id}", { when: "now" })\` gives it up; what is paid within a day begins.`,
    details: { id, status },
  });
}

/** Who ended it so knows: the original of a copied database goes on. */
const silent = ["withdrawn", "other_instance"];

/** For a verb about a subscription: that nothing came of what was promised is told. */
export function tellFailed(wish: (typeof subscriptionWishes)[number]): Verb<OfSubscription>["refused"] {
  return async ({ tx }, { id, subject, attempt, isPromised, params }, { type, code, message }) => {
    if (!isPromised || silent.includes(type)) return [];
    const { subscriptionId } = params;
    const row = await readMirror(tx, subscriptionId);
    const owners = await ownersOf(tx, [row?.customer ?? null]);
    const customerId = owners.get(row?.customer ?? null)?.id ?? null;
    const about = { subscriptionId, customerId, status: row?.status ?? "canceled" };
    const data = { ...about, wish, wishId: wishIdOf(subject), attempt, code, message };
    return [{ type: "subscription.wish_failed", subject: subscriptionId, transition: id, data }];
  };
}
