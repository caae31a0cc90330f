// READ FIRST: what a resource tells the kernel about itself. The kernel knows resources only as a list of these, handed
// over by index.ts, bottom to top; news goes up as reactions in the same transaction.

import type { Instant } from "#kit/clock.ts";
import type { RoomTables } from "../store/room_tables.ts";
import type { BillingTx, Selecting } from "../store/tables.ts";
import type { PagedList } from "../stripe/whole.ts";
import type { FactTable } from "./facts.ts";
import type { Fields, FiledTimer, News, NewsType, Reacting, Remote } from "./reacting.ts";
import type { Verb } from "./verb.ts";

/** What is done when a timer of this kind is due. */
export interface Timer {
  readonly kind: string;
  /** In one transaction, without network: what Stripe should do is filed as an operation. Throwing tries it again. */
  work(reacting: Reacting, timer: Omit<FiledTimer, "kind">): Promise<readonly News[]>;
}

/** Whose one of Stripe's objects is, by ids of Stripe's. */
export interface Belonging {
  readonly customer: string | null;
  /** The object whose ownership decides over this one's: a refund's PaymentIntent. */
  readonly parent: string | null;
}

/** A row of ours about one of Stripe's objects: JSON, only what we use, equal when nothing we use has changed. */
export interface MirroredRow extends Belonging {
  readonly id: string;
  /** metadata.bursar_instance and metadata.bursar_op: set on all we create. */
  readonly instance: string | null;
  readonly operation: string | null;
  /** Nothing happens to it any more except through objects of their own. */
  readonly isFinal: boolean;
}

export interface MirrorKind<Row extends MirroredRow = MirroredRow> {
  /** Stripe's `object`: payment_intent, charge, refund, customer. */
  readonly kind: string;
  /** GET for a look, with what row() needs expanded. */
  path(id: string): string;
  /** Where Stripe's answer is not an object with an id, a list say: the object that it stands for. Pure. */
  shownAs?(id: string, answer: Remote): Remote;
  /** Where many can be looked at for one request; one that lacks what row() needs is looked at alone. */
  readonly list?: KindList;
  /** The path of a list that Stripe gives of one customer at a time: what there is without `list`. */
  readonly ofCustomer?: string;
  /** Of any payload, a cut one too: what cannot be told from it is null. Pure. */
  belongsTo(remote: Fields): Belonging;
  /**
   * The lists inside the object that Stripe shows in pages. What is cut there is read page by page, and believed only
   * when the object was the same before and after. They are not kept in the mirror's `raw`.
   */
  readonly lists?: readonly PagedList[];
  /** Stripe forgets one that is deleted: an event that says so, and a 404, make a tombstone. */
  readonly isForgotten?: true;
  /**
   * Whether it may be dated by a test clock: its instants, and those of its events, are then compared with nothing, and
   * every receipt is a look. Of any payload. Pure.
   */
  isOnClock?(remote: Fields): boolean;
  /** Undefined when something row() needs is missing or cut. Pure. */
  row(remote: Remote): Row | undefined;
  /** What happened between two looks. Pure. */
  facts(before: Row | null, after: Row, version: number): readonly News[];
  /**
   * Rows of the room's own that follow from the object alone: what lists are filtered by, the items of its lists. In
   * the transaction that writes the mirror, after it and before the news; not for what is deleted.
   */
  keep?(tx: BillingTx, seen: readonly Kept<Row>[]): Promise<void>;
}

export interface KindList {
  readonly path: string;
  readonly byCustomer: boolean;
  /** What the query must say to be shown all: `status=all`. */
  readonly showing?: string;
  /** What hangs on a test clock is in the list of its customer alone. */
  readonly hidesTestClocks?: true;
}

export interface Kept<Row extends MirroredRow = MirroredRow> {
  /** null where there was none, or none but a tombstone. */
  readonly before: Row | null;
  readonly after: Row;
  readonly remote: Remote;
}

/** Erases the type of a kind's rows: the kernel stores and compares them and never looks inside. */
export function mirrorKind<Row extends MirroredRow>(kind: MirrorKind<Row>): MirrorKind {
  const { keep, ...rest } = kind;
  return {
    ...rest,
    facts: (before, after, version) => kind.facts(before as Row | null, after as Row, version),
    ...(keep && { keep: (tx, seen) => keep(tx, seen as readonly Kept<Row>[]) }),
  };
}

/** What follows when there are news of a type, in the same transaction. Made by on(). */
export interface Reaction {
  readonly type: NewsType;
  react(reacting: Reacting, news: readonly News[]): Promise<readonly News[]>;
}

/**
 * `on("payment.changed", async (reacting, news) => …)`: hears of all news of the type that one transaction brings, in
 * their order, and answers with further news. It reads with `in` and writes arrays.
 */
export function on<Type extends NewsType>(
  type: Type,
  react: (reacting: Reacting, news: readonly News<Type>[]) => Promise<readonly News[]>,
): Reaction {
  const isMine = (news: News): news is News<Type> => news.type === type;
  return { type, react: (reacting, news) => react(reacting, news.filter(isMine)) };
}

export interface Manifest {
  readonly name: string;
  readonly kinds: readonly MirrorKind[];
  /** The row types are merged into BillingTables. */
  readonly tables: RoomTables;
  /** What it tells handlers. The types are merged into Facts. */
  readonly facts: FactTable;
  /** The event types that are worked. What is in nobody's list is `ignored`. */
  readonly events: readonly string[];
  readonly verbs: readonly Verb[];
  /** In the order in which they hear of what one transaction brings. */
  readonly reactions: readonly Reaction[];
  readonly timers: readonly Timer[];
  /** All that its kinds have of these customers of Stripe's was read: from here on events tell of it. */
  allRead?(tx: BillingTx, read: { readonly customers: readonly string[]; readonly now: Instant }): Promise<void>;
  /** Which of these customers of Stripe's are ours. */
  ownCustomers?(db: Selecting, stripeCustomers: readonly string[]): Promise<readonly string[]>;
}
