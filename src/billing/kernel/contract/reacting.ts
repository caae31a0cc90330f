// What happened, and what may follow from it in the transaction that brought it: what reactions and verbs are given.
import type { Instant } from "#kit/clock.ts";
import type { Facts } from "../../api/index.ts";
import type { BillingTx } from "../store/tables.ts";

export type { Remote } from "../stripe/remote.ts";

/** What stands in an object of Stripe's, not looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** The name of an object of Stripe's: its `object`, and its id. */
export interface StripeObject {
  readonly kind: string;
  readonly id: string;
}

/** News that stay inside, by type: each room merges its own into this. What leaves are the Facts of the API. */
export interface InnerNews {
  /** It was deleted at Stripe, or a call of ours that named it was told that there is no such object. */
  "object.gone": StripeObject;
  /** A wish had grown too old to be sent. */
  "operation.expired": { readonly verb: string; readonly subject: string; readonly attempt: number };
}

type NewsData = Facts & InnerNews;
export type NewsType = keyof NewsData;
type AnyNews = { readonly [Type in NewsType]: NewsOf<Type> }[NewsType];

interface NewsOf<Type extends NewsType> {
  readonly type: Type;
  /** The id of what it happened to, in our words where we have some. */
  readonly subject: string;
  /** What makes this transition the same one when it is observed again: an object's id, or id and version. */
  readonly transition: string;
  readonly data: NewsData[Type];
}

/** Something that happened: of one type, or of any. */
export type News<Type extends NewsType = NewsType> = Extract<AnyNews, { readonly type: Type }>;

/** What a reaction may know and do besides its transaction. */
export interface Reacting {
  readonly tx: BillingTx;
  readonly now: number;
  readonly instance: string;
  /** It was over before anybody asked us to see it: nothing of it leaves, and it needs no human any more. */
  readonly isHistory: boolean;
  /** Files something for a human, once per kind and subject. */
  flag(flags: readonly RaisedFlag[]): Promise<void>;
  /** Files an operation that the kernel then carries out. Its id; undefined when the same one was filed before. */
  fileOperation(operation: FiledOperation): Promise<string | undefined>;
  /** Owes objects a look. */
  fileLooks(objects: readonly OwedLook[]): Promise<void>;
  /** Has timers' work done at instants of Stripe's time; each replaces what was filed for its kind and subject. */
  fileTimers(timers: readonly FiledTimer[]): Promise<void>;
  /** Takes them back; nothing where there is none. */
  withdrawTimers(timers: readonly Pick<FiledTimer, "kind" | "subject">[]): Promise<void>;
}

export interface FiledTimer {
  readonly kind: string;
  readonly subject: string;
  readonly dueAt: Instant;
}

export interface RaisedFlag {
  readonly kind: string;
  readonly subject: string;
  readonly detail: string;
}

export interface OwedLook {
  readonly kind: string;
  readonly id: string;
  readonly customer: string | null;
  readonly parent: string | null;
}

/** Made by filed() of verb.ts, which holds the parameters against the verb. */
export interface FiledOperation {
  readonly verb: string;
  readonly subject: string;
  readonly attempt: number;
  readonly params: unknown;
  /** When it was wished, where that was before it is filed: it grows old from then on. */
  readonly wishedAt?: Instant;
  /** Somebody waits for its end, and is told by that alone; without it, it is promised. */
  readonly isAwaited?: boolean;
}
