// Pays an invoice, with a saved method or as paid elsewhere, and says what became of it: done, on its way, asked of the
// customer, or declined. A try that failed may be followed by another one, under an id of its own.
import { problem } from "#kit/problems.ts";
import type { Invoice, Outcome, PayInvoice } from "../../../api/index.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import type { Ended } from "../../../kernel/journal/operations.ts";
import { checkAttempt, checkFields, checkFlag, checkId, type Fields } from "../../input.ts";
import { latestOperation } from "../../latest.ts";
import { outcomeOf } from "../../outcomes.ts";
import { viewOne } from "../read.ts";
import type { InvoiceMirror } from "../seen/invoices.ts";
import {
  type Admission,
  admits,
  admitted,
  checkInvoiceId,
  explain,
  lookAgain,
  wishOf,
  wrongState,
} from "../standing.ts";
import { askPayer, type OpenInvoiceLink } from "./link.ts";
import { type PayWish, pay } from "./verb.ts";
import { checkMethod, checkValidity, wishIn } from "./wish.ts";

const payFields: Fields<PayInvoice> = {
  id: true,
  method: true,
  offSession: true,
  outOfBand: true,
  validForMs: true,
  attempt: true,
};

export async function payInvoice(
  core: BillingCore,
  openLink: OpenInvoiceLink,
  given: { readonly invoiceId: string; readonly options: PayInvoice },
): Promise<Outcome<Invoice>> {
  const invoiceId = checkInvoiceId(given.invoiceId);
  const options = checkPay(given.options);
  const subject = wishOf(invoiceId, checkId("id", options.id));
  await core.ready();
  const latest = await latestOperation(core, pay, subject);
  const isBegun = latest !== undefined && (options.attempt ?? latest.attempt) <= latest.attempt;
  if (!isBegun) await admitted(core, invoiceId, payable);
  const params = wishIn(invoiceId, options);
  const ended = await core.operations.carryOut(pay, { subject, attempt: options.attempt, params });
  return answerPaying(core, openLink, { ended, params });
}

function checkPay(given: PayInvoice): PayInvoice {
  const options = checkFields("options", given, payFields);
  checkAttempt(options.attempt);
  checkFlag("offSession", options.offSession);
  checkFlag("outOfBand", options.outOfBand);
  checkValidity(options.validForMs);
  checkMethod(options.method);
  if (options.outOfBand && options.method !== undefined) {
    throw problem("invalid_params", "What was paid elsewhere is paid with no method", { details: { field: "method" } });
  }
  return options;
}

const byStatus = admits({
  what: "paid",
  from: ["draft", "open", "uncollectible"],
  hints: { paid: "It costs nothing more." },
});

/** A debit takes days, and nothing else pays it until the bank has answered. */
const payable: Admission = (invoice, when) => {
  if (isProcessing(invoice)) {
    return wrongState(invoice, "is being paid at this moment", "The bank has not answered yet; its answer is a fact.");
  }
  return byStatus(invoice, when);
};

const isProcessing = ({ payment }: InvoiceMirror) => payment?.status === "processing";

/** Why the customer is asked: https://docs.stripe.com/error-codes */
const asking = ["invoice_payment_intent_requires_action", "authentication_required"];
const isAsking = (code: string | null) => code !== null && asking.includes(code);

export async function answerPaying(
  core: BillingCore,
  openLink: OpenInvoiceLink,
  { ended, params }: { readonly ended: Ended<unknown>; readonly params: PayWish },
): Promise<Outcome<Invoice>> {
  const { invoiceId } = params;
  if (ended.state === "refused") await lookAgain(core, invoiceId);
  else await explain(core, ended, { invoiceId, admission: payable });
  refuseWithoutMethod(ended, invoiceId);
  const value = await viewOne(core, invoiceId);
  const asked = { core, openLink, value };
  if (ended.state === "done" && ended.isShown) return standingAs(asked, ended.operationId);
  if (ended.state === "refused" && isAsking(ended.refusal.code)) {
    return value.status === "paid" ? { outcome: "done", value } : actionOf(asked);
  }
  return outcomeOf(ended, { what: `Paying invoice ${invoiceId}`, value });
}

/** Stripe names nothing then: https://docs.stripe.com/billing/payment-methods/setting#payment-method-priority */
function refuseWithoutMethod(ended: Ended<unknown>, invoiceId: string): void {
  if (ended.state !== "failed" || ended.refusal.code !== "resource_missing") return;
  if (!ended.refusal.message.includes("no attached payment source")) return;
  throw problem("wrong_state", `Invoice ${invoiceId} has nothing that it could be paid with`, {
    hint: "`invoices.link()` gives the page where its customer pays. Or name one of their methods, with attempt 2.",
    details: { id: invoiceId, code: ended.refusal.code },
  });
}

interface Asked {
  readonly core: BillingCore;
  readonly openLink: OpenInvoiceLink;
  readonly value: Invoice;
}

/** What became of what was done: the bank may take days, and the customer may have to confirm. */
async function standingAs(asked: Asked, operationId: string): Promise<Outcome<Invoice>> {
  const { value } = asked;
  if (value.status === "paid") return { outcome: "done", value };
  switch (value.attempt?.status) {
    case "requires_action":
      return actionOf(asked);
    case "requires_payment_method": {
      const { code, declineCode, message } = value.attempt.failure ?? unknownFailure;
      return { outcome: "declined", value, reason: declineCode ?? code, code, declineCode, message };
    }
    default:
      return { outcome: "processing", operationId, value };
  }
}

const unknownFailure = { code: "declined", declineCode: null, message: "The payment failed." };

/** The customer finishes the same payment in a page, with a link of its own. */
async function actionOf({ core, openLink, value }: Asked): Promise<Outcome<Invoice>> {
  const asked = await askPayer(core, openLink, { invoiceId: value.id, returnUrl: undefined });
  return { outcome: "action_required", value, ...asked };
}
