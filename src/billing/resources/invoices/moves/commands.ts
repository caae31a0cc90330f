// The commands that move an invoice from one status to another, or mail it, and what each status admits.
import type { Invoice, MoveInvoice, Outcome, SendInvoice } from "../../../api/index.ts";
import type { Verb } from "../../../kernel/contract/verb.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { checkAttempt, checkFields, checkId, type Fields } from "../../input.ts";
import { outcomeOf } from "../../outcomes.ts";
import { type Admission, admits, carryOutMove, checkInvoiceId, moveInvoice, wishOf } from "../standing.ts";
import { send } from "./send_verb.ts";
import { discard, finalize, voidVerb, writeOff } from "./verbs.ts";

const moveFields: Fields<MoveInvoice> = { attempt: true };
const sendFields: Fields<SendInvoice> = { id: true, attempt: true };

interface Moving {
  readonly verb: Verb<{ readonly invoiceId: string }>;
  readonly admission: Admission;
  readonly doing: string;
}

const finalizing: Moving = {
  verb: finalize,
  admission: admits({ what: "finalized", from: ["draft"], hints: {} }),
  doing: "Finalizing",
};

const voiding: Moving = {
  verb: voidVerb,
  admission: admits({
    what: "voided",
    from: ["open", "uncollectible"],
    hints: { paid: "What was paid is credited: `invoices.credit()`." },
  }),
  doing: "Voiding",
};

const writingOff: Moving = {
  verb: writeOff,
  admission: admits({
    what: "written off",
    from: ["open"],
    hints: { paid: "Nothing is left to be paid: what was too much is credited, with `invoices.credit()`." },
  }),
  doing: "Writing off",
};

const sending = admits({
  what: "sent",
  from: ["draft", "open", "uncollectible"],
  hints: { paid: "Nothing is left to be paid. `Invoice.hostedInvoiceUrl` shows it." },
});

function moving({ verb, admission, doing }: Moving) {
  return async (core: BillingCore, id: string, given: MoveInvoice): Promise<Outcome<Invoice>> => {
    const invoiceId = checkInvoiceId(id);
    const attempt = checkAttempt(checkFields("options", given, moveFields).attempt);
    const what = `${doing} invoice ${invoiceId}`;
    return moveInvoice(core, { verb, subject: invoiceId, attempt, params: { invoiceId }, admission, what });
  };
}

export const finalizeInvoice = moving(finalizing);
export const voidInvoice = moving(voiding);
export const writeOffInvoice = moving(writingOff);

const discarding = admits({
  what: "discarded",
  from: ["draft"],
  hints: { open: "`invoices.void()` has it count no more.", uncollectible: "`invoices.void()` has it count no more." },
});

/** Nothing of it is left to be shown. */
export async function discardInvoice(
  core: BillingCore,
  given: string,
  options: MoveInvoice,
): Promise<Outcome<{ readonly id: string }>> {
  const id = checkInvoiceId(given);
  const attempt = checkAttempt(checkFields("options", options, moveFields).attempt);
  const wish = { verb: discard, subject: id, attempt, params: { invoiceId: id }, admission: discarding };
  return outcomeOf(await carryOutMove(core, wish), { what: `Discarding invoice ${id}`, value: { id } });
}

export async function sendInvoice(core: BillingCore, given: string, options: SendInvoice): Promise<Outcome<Invoice>> {
  const invoiceId = checkInvoiceId(given);
  const { id, attempt } = checkFields("options", options, sendFields);
  const subject = wishOf(invoiceId, checkId("id", id));
  const what = `Sending invoice ${invoiceId}`;
  const wish = { verb: send, subject, attempt: checkAttempt(attempt), params: { invoiceId } };
  return moveInvoice(core, { ...wish, admission: sending, what });
}
