// READ SECOND: a verb is a wish to change something at Stripe, as one value: what it is about, what it sets aside, the
// calls it makes one after the other, how each is found again when its answer was lost, and what the answers mean for
// our rows. A resource writes one per file with defineVerb(); the journal carries them out and knows none by name.
import assert from "node:assert/strict";
import type { FormValue } from "../stripe/form.ts";
import type { FiledOperation, News, Reacting, Remote, StripeObject } from "./reacting.ts";
import { integer, orNull, record, type Shape, text } from "./shape.ts";

/** What one step sends. */
export interface StepRequest {
  readonly method: "POST" | "DELETE";
  readonly path: string;
  readonly params: { readonly [name: string]: FormValue };
}

/** The wish, as its verb sees it. */
export interface OperationView<Params = unknown> {
  readonly id: string;
  readonly instance: string;
  readonly subject: string;
  readonly attempt: number;
  readonly params: Params;
  readonly createdAt: number;
  /** Nobody waits for its end: its caller was answered `processing`, or it was filed by what happened. */
  readonly isPromised: boolean;
}

/** What a find() may ask Stripe. */
export interface Finder {
  /** Stripe's second before which the call cannot have made anything: a lower bound for `created[gte]`. */
  readonly since: number;
  /** All pages of a list. Never Search, which is up to an hour late. */
  list(path: string): Promise<Remote[]>;
}

/** Stripe's "no", or ours: `expired`, `withdrawn`, `ended_by_hand`, `other_instance`. */
export const refusalShape = record({
  http: integer,
  type: text,
  code: orNull(text),
  declineCode: orNull(text),
  message: text,
});
export type Refusal = ReturnType<(typeof refusalShape)["read"]>;

/** What is kept of the answers, by the names of the steps. */
export type Answers = Readonly<Record<string, unknown>>;

/** Most steps make an object or change one; its id is all that anybody asks for later. */
export const itsId = record({ id: text });

interface StepBody<Params, Before, Name extends string, Answer> {
  readonly name: Name;
  /** What is kept of Stripe's answer, for later steps, for answered() and for undo(). */
  readonly answer: Shape<Answer>;
  /** What the answer must show besides, wherever it comes from: the call's own, or a look that stands for it. */
  readonly expand?: readonly string[];
  /**
   * The stored ids of Stripe's objects that the request names. When Stripe says that one is gone, the kernel tells it
   * as `object.gone`, whichever verb has met it.
   */
  embeds?(operation: OperationView<Params>, answers: Before): readonly StripeObject[];
  /** Pure. The bytes are made when the step before has been answered, and are never made again. */
  request(operation: OperationView<Params>, answers: Before): StepRequest;
  /** Pure. False: this wish goes without the step, which has no answer then. At least one is always wanted. */
  isWanted?(operation: OperationView<Params>, answers: Before): boolean;
}

/** A call that makes an object: found by the marks that it left, in a list. */
interface Makes<Params, Before> {
  find(operation: OperationView<Params>, finder: Finder, answers: Before): Promise<Remote | null>;
  /** An object that it changes besides: while the call is on its way, no event about it is believed. */
  touches?(operation: OperationView<Params>, answers: Before): string;
  readonly holds?: never;
  readonly gone?: never;
  readonly leavesReadable?: never;
}

/** A call that makes nothing: the object in its path is read, and holds() says whether it is as it was wished. */
interface Changes<Params, Before> {
  touches(operation: OperationView<Params>, answers: Before): string;
  holds(remote: Remote, operation: OperationView<Params>, answers: Before): boolean;
  /**
   * Of a call that deletes: what stands for its object when Stripe does not know it any more. Stripe keeps no answer to
   * a DELETE under its key, so a second try meets a 404. https://docs.stripe.com/api/idempotent_requests
   */
  gone?(operation: OperationView<Params>): Remote;
  /**
   * Of a DELETE that ends its object and leaves it readable, as that of a subscription: whoever sends it again is told
   * that there is no such object, which is read then, and holds() decides.
   */
  readonly leavesReadable?: true;
  readonly find?: never;
}

type LastStep<Params, Before, Name extends string, Answer> = StepBody<Params, Before, Name, Answer> &
  (Makes<Params, Before> | Changes<Params, Before>) & { readonly kept?: never; readonly undo?: never };

/** A step that another one follows says what becomes of it when a later one is refused: it stays, or it is undone. */
type EarlierStep<Params, Before, Name extends string, Answer> = StepBody<Params, Before, Name, Answer> &
  (Makes<Params, Before> | Changes<Params, Before>) &
  (
    | { readonly kept: true; readonly undo?: never }
    | {
        readonly kept?: never;
        undo(operation: OperationView<Params>, answers: Before & Answered<Name, Answer>): FiledOperation;
      }
  );

type Answered<Name extends string, Answer> = { readonly [N in Name]: Answer };

/** What is stored of it, and read back through these: they alone give the verb its types. */
interface Shapes<Params, Outcome> {
  readonly params: Shape<Params>;
  /** What answered() makes of the answers. */
  readonly outcome: Shape<Outcome>;
}

interface VerbBody<Params, Outcome, All> {
  /** `orders.checkout`: the noun, and the verb of the public API. Stored; never renamed. */
  readonly name: string;
  /**
   * Wishes grow old: past this, nothing is sent, not even again under its key, before find() or holds() has shown what
   * stands; and what does not stand has expired. Named by every verb that takes money; the wish may say it.
   */
  validForMs?(operation: OperationView<Params>): number;
  /** One after the other: all verbs about one order share its lane. */
  lane(wish: Pick<OperationView<Params>, "subject" | "params">): string;
  /** What the log says of its calls, beside the operation: `{ orderId }`. */
  about?(wish: Pick<OperationView<Params>, "subject" | "params">): Readonly<Record<string, string>>;
  /** In the transaction that writes a new operation: checks and reservations. Throws to refuse. */
  reserve?(reacting: Reacting, operation: OperationView<Params>): Promise<void>;
  /** In the transaction that ends it as done, before the mirror is written. */
  answered(reacting: Reacting, operation: OperationView<Params>, answers: All): Promise<Outcome>;
  /**
   * In the transaction that ends it in any other way but parked: gives back what was reserved, and answers what is
   * told. Of what was promised somebody must hear: flagPromised() when there is nothing better.
   */
  refused(reacting: Reacting, operation: OperationView<Params>, refusal: Refusal): Promise<readonly News[]>;
  /** When its caller is answered `processing`, in a transaction of its own: from now on the wish is relied on. */
  promised?(reacting: Reacting, operation: OperationView<Params>): Promise<void>;
  /** Besides, when a cancel was wished and nothing stands at Stripe: what is told. */
  canceled?(reacting: Reacting, operation: OperationView<Params>): Promise<News[]>;
  /** A cancel was wished, and it was done nevertheless: what takes it back. */
  opposite?(operation: OperationView<Params>, answers: All): FiledOperation;
}

/** Any step, as the journal sees it. */
export interface Step<Params = unknown> extends StepBody<Params, Answers, string, unknown> {
  find?(operation: OperationView<Params>, finder: Finder, answers: Answers): Promise<Remote | null>;
  touches?(operation: OperationView<Params>, answers: Answers): string;
  holds?(remote: Remote, operation: OperationView<Params>, answers: Answers): boolean;
  gone?(operation: OperationView<Params>): Remote;
  readonly leavesReadable?: true;
  readonly kept?: true;
  undo?(operation: OperationView<Params>, answers: Answers): FiledOperation;
}

/** Any verb. What it is given has gone through its own shapes: only the journal calls it, and always so. */
export interface Verb<Params = unknown, Outcome = unknown>
  extends Shapes<Params, Outcome>,
    VerbBody<Params, Outcome, Answers> {
  readonly steps: readonly Step<Params>[];
}

type Steps1<P, N1 extends string, A1> = readonly [LastStep<P, object, N1, A1>];
type Steps2<P, N1 extends string, A1, N2 extends string, A2> = readonly [
  EarlierStep<P, object, N1, A1>,
  LastStep<P, Answered<N1, A1>, N2, A2>,
];
type Steps3<P, N1 extends string, A1, N2 extends string, A2, N3 extends string, A3> = readonly [
  EarlierStep<P, object, N1, A1>,
  EarlierStep<P, Answered<N1, A1>, N2, A2>,
  LastStep<P, Answered<N1, A1> & Answered<N2, A2>, N3, A3>,
];

/**
 * Parameters, answers and outcome get their types from their shapes; each step sees the answers of those before it. A
 * verb of more steps than three is two verbs.
 * @example
 * const capture = defineVerb({
 *   name: "orders.capture",
 *   params: record({ paymentIntentId: text }),
 *   outcome: record({}),
 *   lane: ({ subject }) => `order:${subject}`,
 *   steps: [{ name: "capture", answer: itsId, request, touches: ({ params }) => params.paymentIntentId, holds }],
 *   answered: async () => ({}),
 *   refused: nothingReserved,
 * });
 */
export function defineVerb<P, O, N1 extends string, A1>(
  verb: Shapes<P, O> &
    VerbBody<NoInfer<P>, NoInfer<O>, Answered<N1, A1>> & { readonly steps: Steps1<NoInfer<P>, N1, A1> },
): Verb<P, O>;
export function defineVerb<P, O, N1 extends string, A1, N2 extends string, A2>(
  verb: Shapes<P, O> &
    VerbBody<NoInfer<P>, NoInfer<O>, Answered<N1, A1> & Answered<N2, A2>> & {
      readonly steps: Steps2<NoInfer<P>, N1, A1, N2, A2>;
    },
): Verb<P, O>;
export function defineVerb<P, O, N1 extends string, A1, N2 extends string, A2, N3 extends string, A3>(
  verb: Shapes<P, O> &
    VerbBody<NoInfer<P>, NoInfer<O>, Answered<N1, A1> & Answered<N2, A2> & Answered<N3, A3>> & {
      readonly steps: Steps3<NoInfer<P>, N1, A1, N2, A2, N3, A3>;
    },
): Verb<P, O>;
export function defineVerb<P, O>(verb: Verb<P, O>): Verb<P, O> {
  const names = new Set(verb.steps.map(({ name }) => name));
  assert.equal(names.size, verb.steps.length, `${verb.name} has two steps of one name`);
  const firstUndone = verb.steps.findIndex(({ undo }) => undo !== undefined);
  const lastKept = verb.steps.findLastIndex(({ kept }) => kept === true);
  // What is made from what will be undone cannot be kept.
  assert.ok(firstUndone === -1 || lastKept < firstUndone, `${verb.name} keeps a step after one that it undoes`);
  return verb;
}

/** The first of these steps that the wish does not go without. */
export function firstWanted(steps: readonly Step[], operation: OperationView, answers: Answers): Step | undefined {
  return steps.find(({ isWanted }) => isWanted?.(operation, answers) ?? true);
}

/** For how long the wish is meant, from when it was wished; for ever where its verb says nothing. */
export function validForMsOf(verb: Verb, operation: OperationView): number {
  return verb.validForMs?.(operation) ?? Number.POSITIVE_INFINITY;
}

/** For a verb whose reserve() sets nothing aside, and whose end somebody always waits for. */
export async function nothingReserved(): Promise<readonly News[]> {
  return [];
}

export const brokenPromiseFlag = "operation_not_done";

/** What a flag of it is about: all attempts at one wish are one subject. */
export function wishName({ verb, subject }: { readonly verb: string; readonly subject: string }): string {
  return `${verb} ${subject}`;
}

/** For a verb whose reserve() sets nothing aside: what was promised and came to nothing is for a human. */
export function flagPromised(verb: string): Verb["refused"] {
  return async (reacting, { subject, isPromised }, refusal) => {
    const isKnown =
      refusal.type === "withdrawn" || refusal.type === "ended_by_hand" || refusal.type === "other_instance";
    if (!isPromised || isKnown) return [];
    const detail = `It was promised, and was not done: ${refusal.message}`;
    await reacting.flag([{ kind: brokenPromiseFlag, subject: wishName({ verb, subject }), detail }]);
    return [];
  };
}

/** An operation of this verb, to be filed in somebody's transaction. */
export function filed<Params>(
  verb: Verb<Params>,
  wish: Omit<FiledOperation, "verb" | "params"> & { readonly params: Params },
): FiledOperation {
  return { ...wish, verb: verb.name };
}
