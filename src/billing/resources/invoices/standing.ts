// How an invoice stands when something is wished of it: what its status admits, and in words what to do where it does
// not. Stripe is asked before anybody is refused, since its events may be late.
import { isProblem, type Problem, problem } from "#kit/problems.ts";
import { type Invoice, type InvoiceStatus, invoiceIdPattern, type Outcome } from "../../api/index.ts";
import { lookNow } from "../../kernel/changes/observe.ts";
import { record, text } from "../../kernel/contract/shape.ts";
import type { Verb } from "../../kernel/contract/verb.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { Ended } from "../../kernel/journal/operations.ts";
import { latestOperation } from "../latest.ts";
import { outcomeOf } from "../outcomes.ts";
import { viewOne } from "./read.ts";
import type { InvoiceMirror } from "./seen/invoices.ts";
import { invoiceKind } from "./seen/kind.ts";

/** Stripe's id goes into a path. */
export function checkInvoiceId(id: unknown, field = "id"): string {
  if (typeof id === "string" && invoiceIdPattern.test(id)) return id;
  throw problem("invalid_params", `${field} is Stripe's id of an invoice, such as in_1TqK2mFzYw8rJd5v`, {
    hint: "`invoices.list()` shows them.",
    details: { field },
  });
}

/** Every verb about an invoice has it among its parameters, and goes in its lane. */
export const ofInvoice = { invoiceId: text };
type OfInvoice = { readonly params: { readonly invoiceId: string } };
export const laneOfInvoice = ({ params }: OfInvoice) => `invoice:${params.invoiceId}`;
export const aboutInvoice = ({ params }: OfInvoice) => ({ invoiceId: params.invoiceId });
export const touchedInvoice = ({ params }: OfInvoice) => params.invoiceId;
export const embeddedInvoice = ({ params }: OfInvoice) => [{ kind: "invoice", id: params.invoiceId }];
export const nothing = record({});

/** The subject of a wish that may rightly come twice for one invoice: no id of a host has a `/`. */
export const wishOf = (invoiceId: string, id: string) => `${invoiceId}/${id}`;

/** Undefined when it may be done; what is wished, as in "cannot be voided". */
export type Admission = (invoice: InvoiceMirror, when: "" | " meanwhile") => Problem | undefined;

interface Rules {
  /** "finalized" */
  readonly what: string;
  readonly from: readonly InvoiceStatus[];
  /** What to do instead, by status. */
  readonly hints: Partial<Record<InvoiceStatus, string>>;
}

export function admits({ what, from, hints }: Rules): Admission {
  return (invoice, when) => {
    const { status } = invoice;
    if (from.includes(status)) return undefined;
    return wrongState(invoice, `${stands[status]}${when} and cannot be ${what}`, hints[status] ?? ends[status]);
  };
}

const stands = {
  draft: "is a draft",
  open: "was finalized",
  paid: "was paid",
  uncollectible: "was written off",
  void: "was voided",
} as const satisfies Record<InvoiceStatus, string>;

const ends = {
  draft: "`invoices.finalize()` makes it final, `invoices.discard()` deletes it.",
  open: "It is asked for: `invoices.pay()` pays it, `invoices.void()` takes it back.",
  paid: "`invoices.credit()` gives back what it was too much.",
  uncollectible: "It may still be paid, with `invoices.pay()`, or voided.",
  void: "It counts no more. Make another one.",
} as const satisfies Record<InvoiceStatus, string>;

/** `hint` says what to do instead. */
export function wrongState({ id, status }: Pick<InvoiceMirror, "id" | "status">, what: string, hint: string) {
  return problem("wrong_state", `Invoice ${id} ${what}`, { hint, details: { id, status } });
}

async function readMirror(core: BillingCore, id: string): Promise<InvoiceMirror | undefined> {
  const stored = await core.sql.read("invoices.mirror", (reader) =>
    reader
      .selectFrom("mirror")
      .select("row")
      .where("id", "=", id)
      .where("kind", "=", invoiceKind.kind)
      .where("tombstone", "=", 0)
      .executeTakeFirst(),
  );
  return stored && (JSON.parse(stored.row) as InvoiceMirror);
}

/** As it stands, when it admits what is wished; as Stripe has it now before anybody is refused. */
export async function admitted(core: BillingCore, id: string, admission: Admission): Promise<InvoiceMirror> {
  const known = await readMirror(core, id);
  if (known && admission(known, "") === undefined) return known;
  await lookNow(core.kernel, { kind: invoiceKind.kind, id });
  const now = await readMirror(core, id);
  const refused = now === undefined ? problem("not_found", `No invoice ${id}`) : admission(now, "");
  if (now === undefined || refused) throw refused;
  return now;
}

export async function lookAgain({ kernel }: BillingCore, id: string): Promise<void> {
  try {
    await lookNow(kernel, { kind: invoiceKind.kind, id });
  } catch (error) {
    if (!isProblem(error)) throw error;
    kernel.ports.log.warn("invoice.not_shown", { invoiceId: id, error: error.message }); // a look is owed, and comes
  }
}

interface Move<Params, Made> {
  readonly verb: Verb<Params, Made>;
  readonly subject: string;
  readonly attempt: number | undefined;
  readonly params: Params & { readonly invoiceId: string };
  readonly admission: Admission;
  /** "Voiding invoice in_1" */
  readonly what: string;
}

/** A wish about an invoice that either is done or is not. What was begun is carried on, whatever stands now. */
export async function moveInvoice<Params, Made>(
  core: BillingCore,
  move: Move<Params, Made>,
): Promise<Outcome<Invoice>> {
  const { params, what } = move;
  const { invoiceId } = params;
  const ended = await carryOutMove(core, move);
  return outcomeOf(ended, { what, value: await viewOne(core, invoiceId) });
}

export async function carryOutMove<Params, Made>(core: BillingCore, move: Omit<Move<Params, Made>, "what">) {
  const { verb, subject, attempt, params, admission } = move;
  const { invoiceId } = params;
  await core.ready();
  if (!(await isBegun(core, move))) await admitted(core, invoiceId, admission);
  const ended = await core.operations.carryOut(verb, { subject, attempt, params });
  await explain(core, ended, { invoiceId, admission });
  return ended;
}

async function isBegun(
  core: BillingCore,
  {
    verb,
    subject,
    attempt,
  }: Pick<Move<unknown, unknown>, "subject" | "attempt"> & { readonly verb: Pick<Verb, "name"> },
): Promise<boolean> {
  const latest = await latestOperation(core, verb, subject);
  return latest !== undefined && (attempt ?? latest.attempt) <= latest.attempt;
}

/** Where Stripe refused it for what the invoice has become meanwhile, that is what is said. */
export async function explain(
  core: BillingCore,
  ended: Ended<unknown>,
  { invoiceId, admission }: { readonly invoiceId: string; readonly admission: Admission },
): Promise<void> {
  if (ended.state !== "failed" || ended.refusal.http !== 400) return;
  await lookAgain(core, invoiceId);
  const now = await readMirror(core, invoiceId);
  const refused = now && admission(now, " meanwhile");
  if (refused) throw refused;
}
