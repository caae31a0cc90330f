// Takes back what an invoice asked too much, before it is paid or after.
import { checkPart } from "#kit/money.ts";
import { problem } from "#kit/problems.ts";
import {
  type CreditedLine,
  type CreditInvoice,
  creditReasons,
  creditWays,
  type InvoiceCredit,
  invoiceLinesMax,
  type Outcome,
} from "../../../api/index.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { checkAttempt, checkFields, checkId, checkOneOf, checkText, type Fields } from "../../input.ts";
import { latestOperation } from "../../latest.ts";
import { observePage } from "../../observe_page.ts";
import { outcomeOf } from "../../outcomes.ts";
import type { InvoiceMirror } from "../seen/invoices.ts";
import { admits, admitted, checkInvoiceId, explain, lookAgain, wishOf, wrongState } from "../standing.ts";
import type { InvoiceCreditRow } from "../tables.ts";
import { leftOf } from "./left.ts";
import { creditNoteKind } from "./notes.ts";
import { type CreditWish, credit, creditWish, tooMuch } from "./verb.ts";

const fields: Fields<CreditInvoice> = {
  id: true,
  amount: true,
  lines: true,
  to: true,
  reason: true,
  memo: true,
  attempt: true,
};

const creditableBy = admits({
  what: "credited",
  from: ["open", "paid", "uncollectible"],
  hints: { draft: "Change its lines, or `invoices.discard()` it: nobody was asked for it yet." },
});

/** Stripe's, of a memo. */
const memoMax = 5_000;

export async function creditInvoice(
  core: BillingCore,
  given: { readonly invoiceId: string; readonly options: CreditInvoice },
): Promise<Outcome<InvoiceCredit>> {
  const invoiceId = checkInvoiceId(given.invoiceId);
  const options = checkFields("options", given.options, fields);
  const creditId = checkId("id", options.id);
  const attempt = checkAttempt(options.attempt);
  const asked = {
    invoiceId,
    creditId,
    way: checkOneOf("to", options.to, creditWays) ?? null,
    reason: checkOneOf("reason", options.reason, creditReasons) ?? null,
    memo: checkText("memo", options.memo, memoMax),
    lines: checkLines(options),
  };
  const subject = wishOf(invoiceId, creditId);
  await core.ready();
  const latest = await latestOperation(core, credit, subject);
  const isBegun = latest !== undefined && (attempt ?? latest.attempt) <= latest.attempt;
  const begun = isBegun ? creditWish.read(JSON.parse(latest.params), "params") : undefined;
  const params = begun
    ? { ...begun, ...asked, amount: options.amount ?? begun.amount }
    : await planned(core, { asked, amount: options.amount, subject });
  const ended = await core.operations.carryOut(credit, { subject, attempt, params });
  await explain(core, ended, { invoiceId, admission: creditableBy });
  const value = await viewOneCredit(core, subject);
  return outcomeOf(ended, { what: `Credit ${creditId} of invoice ${invoiceId}`, value });
}

interface Planning {
  readonly asked: Omit<CreditWish, "amount" | "currency" | "paid">;
  readonly amount: number | undefined;
  readonly subject: string;
}

/** By how the invoice stands: what is open of it becomes less, what was paid of it goes where the caller says. */
async function planned(core: BillingCore, { asked, amount: given, subject }: Planning): Promise<CreditWish> {
  const { invoiceId, way } = asked;
  await lookAgain(core, invoiceId);
  const invoice = await admitted(core, invoiceId, creditableBy);
  const { currency } = invoice;
  await readNotes(core, invoiceId);
  const left = await core.sql.read("invoices.creditable", (reader) => leftOf(reader, invoiceId, subject));
  const amount = given ?? left;
  if (given !== undefined) checkPart({ amount: given, currency }, { of: `Credit ${asked.creditId}` });
  if (amount < 1 || amount > left) throw tooMuch(invoiceId, { amount, left, currency });
  const open = invoice.status === "paid" ? 0 : invoice.amounts.remaining;
  const paid = Math.max(0, amount - open);
  refuseWay(invoice, { paid, way });
  return { ...asked, amount, currency, paid };
}

/** What was made elsewhere counts, also where no event has told of it yet. */
async function readNotes(core: BillingCore, invoiceId: string): Promise<void> {
  const path = `/v1/credit_notes?limit=100&invoice=${invoiceId}`;
  for await (const page of core.kernel.gateway.pages(path, { priority: "command" })) {
    await observePage(core, creditNoteKind, page);
  }
}

function refuseWay(invoice: InvoiceMirror, { paid, way }: Pick<CreditWish, "paid" | "way">): void {
  if (paid > 0 && way === null) {
    const hint = "Say `to`: balance, refund or out_of_band.";
    throw wrongState(invoice, `was paid, and a credit says where ${paid} of it goes`, hint);
  }
  if (paid === 0 && way !== null) {
    throw wrongState(invoice, "has that much open: a credit only makes less due", "Leave `to` away.");
  }
}

const lineFields = { line: true, description: true, quantity: true, amount: true, unitAmount: true } as const;
type AnyLine = { -readonly [Name in keyof typeof lineFields]?: unknown };

function checkLines({ lines, amount }: CreditInvoice): CreditWish["lines"] {
  if (lines === undefined) return [];
  if (!Array.isArray(lines) || lines.length < 1 || lines.length > invoiceLinesMax) {
    throw invalid("lines", `A credit has 1 to ${invoiceLinesMax} lines`);
  }
  if (amount === undefined) throw invalid("amount", "With lines, amount says what they come to");
  return lines.map((line: CreditedLine, at) => checkLine(line, `lines[${at}]`));
}

function checkLine(given: CreditedLine, place: string): CreditWish["lines"][number] {
  const line: AnyLine = checkFields(place, given as Required<AnyLine>, lineFields);
  const whole = (name: "quantity" | "amount" | "unitAmount") => {
    const value = line[name];
    if (value === undefined) return null;
    if (Number.isSafeInteger(value)) return value as number;
    throw invalid(`${place}.${name}`, `${name} is an integer`);
  };
  const checked = {
    line: line.line === undefined ? null : checkLineId(place, line.line),
    description: checkText(`${place}.description`, line.description as string | undefined),
    quantity: whole("quantity"),
    amount: whole("amount"),
    unitAmount: whole("unitAmount"),
  };
  const isOwn = checked.line === null;
  if (isOwn && (checked.description === null || checked.unitAmount === null || checked.amount !== null)) {
    throw invalid(place, "A line of your own has a description and a unitAmount");
  }
  if (!isOwn && (checked.quantity === null) === (checked.amount === null)) {
    throw invalid(place, "A line of the invoice is credited by quantity or by amount");
  }
  return checked;
}

function checkLineId(place: string, id: unknown): string {
  if (typeof id === "string" && /^il_[A-Za-z0-9_]{1,100}$/.test(id)) return id;
  throw invalid(`${place}.line`, "line is Stripe's id of a line, il_…", "`invoices.get()` shows them.");
}

function invalid(field: string, message: string, hint?: string) {
  return problem("invalid_params", message, { hint, details: { field } });
}

async function viewOneCredit(core: BillingCore, id: string): Promise<InvoiceCredit> {
  const row = await core.sql.read("invoices.credit", (reader) =>
    reader.selectFrom("invoice_credits").selectAll().where("id", "=", id).executeTakeFirstOrThrow(),
  );
  return viewCredit(row);
}

export async function listCredits(core: BillingCore, given: string): Promise<readonly InvoiceCredit[]> {
  const invoiceId = checkInvoiceId(given);
  const rows = await core.sql.read("invoices.credits", (reader) =>
    reader
      .selectFrom("invoice_credits")
      .selectAll()
      .where("invoice", "=", invoiceId)
      .orderBy("created_at")
      .orderBy("id")
      .execute(),
  );
  return rows.map(viewCredit);
}

function viewCredit(row: InvoiceCreditRow): InvoiceCredit {
  return {
    id: row.wish ?? row.id,
    invoiceId: row.invoice,
    amount: { amount: row.amount, currency: row.currency },
    status: row.status,
    creditNoteId: row.stripe_id,
    number: row.number,
    createdAt: new Date(row.created_at),
  };
}
