// READ FIRST: what a resource tells the kernel about itself. The kernel knows resources only as a list of these, handed
// over by index.ts, bottom to top; news goes up as reactions in the same transaction.
import type { BillingTx, Selecting } from "../store/tables.ts";
import type { FactTable } from "./facts.ts";
import type { RoomTables } from "./tables.ts";
import type { Verb } from "./verb.ts";

/** One of Stripe's objects, as it came over the wire. */
export type Remote = { readonly id: string; readonly object: string } & Readonly<Record<string, unknown>>;

/** What stands in an object of Stripe's, not looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Something that happened. What stands in a table of facts goes to handlers; `payment.…` and the like stay inside. */
export interface News {
  readonly type: string;
  /** The id of what it happened to, in our words where we have some. */
  readonly subject: string;
  /** What makes this transition the same one when it is observed again: an object's id, or id and version. */
  readonly transition: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a reaction may know and do besides its transaction. */
export interface Reacting {
  readonly tx: BillingTx;
  readonly now: number;
  readonly instance: string;
  /** Files something for a human, once per kind and subject. */
  flag(kind: string, subject: string, detail: string): Promise<void>;
  /** Files an operation that the kernel then carries out. A second filing of the same one is none. */
  fileOperation(operation: FiledOperation): Promise<void>;
  /** Owes an object a look. */
  fileLook(object: { kind: string; id: string; customer: string | null; parent: string | null }): Promise<void>;
}

/** Made by filed() of verb.ts, which holds the parameters against the verb. */
export interface FiledOperation {
  readonly verb: string;
  readonly subject: string;
  readonly attempt: number;
  readonly params: unknown;
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
  readonly isDeletable: boolean;
  /** GET for a look, with what row() needs expanded. */
  path(id: string): string;
  /** Where many can be looked at for one request; its objects hold what row() needs. */
  readonly list?: { readonly path: string; readonly byCustomer: boolean };
  /** Of any payload, a cut one too: what cannot be told from it is null. Pure. */
  belongsTo(remote: Fields): Belonging;
  /** Undefined when something row() needs is missing or cut. Pure. */
  row(remote: Remote): Row | undefined;
  /** What happened between two looks. Pure. */
  facts(before: Row | null, after: Row, version: number): News[];
}

/** Erases the type of a kind's rows: the kernel stores and compares them and never looks inside. */
export function mirrorKind<Row extends MirroredRow>(kind: MirrorKind<Row>): MirrorKind {
  return {
    ...kind,
    facts: (before, after, version) => kind.facts(before as Row | null, after as Row, version),
  };
}

export type Reaction = (reacting: Reacting, news: News) => Promise<News[]>;

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
  readonly reactions: Readonly<Record<string, Reaction>>;
  /** Whether a customer of Stripe's is one of ours. */
  ownsCustomer?(db: Selecting, stripeCustomer: string): Promise<boolean>;
}
