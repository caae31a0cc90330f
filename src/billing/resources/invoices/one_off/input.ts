// What an invoice is made of, as callers give it, checked at the edge.
import { chargeStep, formatMoney, isCurrency, maximumAmount } from "#kit/money.ts";
import { problem } from "#kit/problems.ts";
import {
  amountMax,
  type CreateInvoice,
  type InvoiceCustomField,
  invoiceCollections,
  invoiceLinesMax,
  invoiceTaxes,
  type NewInvoiceLine,
  quantityMax,
} from "../../../api/index.ts";
import {
  checkAttempt,
  checkFields,
  checkFlag,
  checkId,
  checkInstant,
  checkMetadata,
  checkOneOf,
  checkText,
  type Fields,
} from "../../input.ts";
import { checkMethod, checkValidity, validForMs } from "../pay/wish.ts";
import type { FollowUp, MadeLine, MadeWish } from "./wish.ts";

const fields: Fields<CreateInvoice> = {
  id: true,
  customerId: true,
  currency: true,
  lines: true,
  collection: true,
  daysUntilDue: true,
  dueAt: true,
  method: true,
  memo: true,
  footer: true,
  customFields: true,
  metadata: true,
  taxes: true,
  finalize: true,
  send: true,
  validForMs: true,
  attempt: true,
};

/** Stripe's: https://docs.stripe.com/api/invoices/create#create_invoice-custom_fields */
const customFieldsMax = 4;
const fieldNameMax = 40;
const fieldValueMax = 140;
/** Two years, as long as anybody waits. */
const daysUntilDueMax = 730;
/** Stripe's, of a memo and a footer. */
const noteMax = 5_000;
const rateIdPattern = /^txr_[A-Za-z0-9]{1,100}$/;

export interface Checked {
  readonly id: string;
  readonly attempt: number | undefined;
  readonly isFinal: boolean;
  /** All but what Stripe is asked for. */
  readonly wish: Omit<MadeWish, "stripeCustomerId" | "prices">;
}

export function checkCreate(given: CreateInvoice): Checked {
  const input = checkFields("input", given, fields);
  const id = checkId("id", input.id);
  const customerId = checkId("customerId", input.customerId);
  const currency = checkCurrency(input.currency);
  const collection = checkOneOf("collection", input.collection, invoiceCollections);
  if (collection === undefined) throw invalid("collection", "collection is send or charge");
  const taxes = checkOneOf("taxes", input.taxes, invoiceTaxes) ?? "none";
  const isFinal = checkFlag("finalize", input.finalize) ?? true;
  checkValidity(input.validForMs);
  return {
    id,
    attempt: checkAttempt(input.attempt),
    isFinal,
    wish: {
      customerId,
      currency,
      lines: checkLines(input.lines, { taxes, currency }),
      collection,
      ...checkDue(input),
      method: checkCharged(input),
      memo: checkText("memo", input.memo, noteMax),
      footer: checkText("footer", input.footer, noteMax),
      customFields: checkCustomFields(input.customFields),
      metadata: checkMetadata(input.metadata),
      taxes,
      next: isFinal ? followUpOf(input) : "nothing",
      validForMs: input.validForMs ?? validForMs.off_session,
    },
  };
}

function followUpOf({ collection, send }: CreateInvoice): FollowUp {
  const isSent = checkFlag("send", send) ?? true;
  if (collection === "charge") return "pay";
  return isSent ? "send" : "nothing";
}

function checkCurrency(given: string): string {
  const currency = (checkText("currency", given) ?? "").toLowerCase();
  if (isCurrency(currency)) return currency;
  throw invalid("currency", "currency is a code of ISO 4217 that Stripe charges in, such as eur");
}

/** Of what is sent, and of nothing else: one of the two. */
function checkDue({ collection, daysUntilDue, dueAt }: CreateInvoice): Pick<MadeWish, "daysUntilDue" | "dueAt"> {
  const due = checkInstant("dueAt", dueAt) ?? null;
  const days = daysUntilDue ?? null;
  if (days !== null && !(Number.isSafeInteger(days) && days >= 0 && days <= daysUntilDueMax)) {
    throw invalid("daysUntilDue", `daysUntilDue is an integer from 0 to ${daysUntilDueMax}`);
  }
  const count = [due, days].filter((one) => one !== null).length;
  if (collection === "send" && count !== 1) {
    throw invalid("daysUntilDue", "What is sent is due: say daysUntilDue, or dueAt");
  }
  if (collection === "charge" && count > 0) {
    throw invalid(due === null ? "daysUntilDue" : "dueAt", "What is charged at once is not due later");
  }
  return { daysUntilDue: days, dueAt: due };
}

function checkCharged({ collection, method }: CreateInvoice): string | null {
  checkMethod(method);
  if (method !== undefined && collection === "send") {
    throw invalid("method", "What is sent is paid with what its customer chooses", 'Give `collection: "charge"`.');
  }
  return method ?? null;
}

function checkCustomFields(given: readonly InvoiceCustomField[] | undefined): MadeWish["customFields"] {
  if (given === undefined) return [];
  if (!Array.isArray(given) || given.length > customFieldsMax) {
    throw invalid("customFields", `An invoice has at most ${customFieldsMax} fields of yours`);
  }
  return given.map((one: InvoiceCustomField, at) => {
    const place = `customFields[${at}]`;
    const { name, value } = checkFields(place, one, { name: true, value: true });
    return {
      name: mustText(`${place}.name`, name, fieldNameMax),
      value: mustText(`${place}.value`, value, fieldValueMax),
    };
  });
}

function mustText(field: string, text: string, max: number): string {
  const checked = checkText(field, text, max);
  if (checked !== null) return checked;
  throw invalid(field, `${field} is missing`);
}

const lineFields: Fields<Required<NewInvoiceLine>> = {
  description: true,
  quantity: true,
  unitAmount: true,
  price: true,
  taxes: true,
};

interface Terms {
  readonly taxes: MadeWish["taxes"];
  readonly currency: string;
}

function checkLines(lines: readonly NewInvoiceLine[], terms: Terms): readonly MadeLine[] {
  if (!Array.isArray(lines) || lines.length < 1 || lines.length > invoiceLinesMax) {
    throw invalid("lines", `An invoice has 1 to ${invoiceLinesMax} lines`);
  }
  const checked = lines.map((line: NewInvoiceLine, at) => checkLine(line, `lines[${at}]`, terms));
  const known = checked.reduce((sum, { quantity, unitAmount }) => sum + quantity * (unitAmount ?? 0), 0);
  const most = maximumAmount(terms.currency);
  if (checked.every(({ price }) => price === null) && (known < 0 || known > most)) {
    const says = formatMoney({ amount: most, currency: terms.currency });
    throw problem("invalid_amount", `The lines of an invoice come to 0 at least, and to ${says} at most`, {
      hint: "What is to be given back is a credit or a refund.",
      details: { field: "lines" },
    });
  }
  refuseOddSum(checked, known, terms);
  return checked;
}

/** Taxes and prices of the catalog are Stripe's to add up. */
function refuseOddSum(lines: readonly MadeLine[], sum: number, { taxes, currency }: Terms): void {
  const step = chargeStep(currency);
  if (taxes !== "none" || sum % step === 0 || lines.some(({ price }) => price !== null)) return;
  const [whole, one] = [sum, step].map((amount) => formatMoney({ amount, currency }));
  throw problem("invalid_amount", `The lines come to ${whole}, which is not a multiple of ${one}`, {
    hint: "It is the smallest step of that currency at Stripe.",
    details: { field: "lines", currency, step },
  });
}

function checkLine(given: NewInvoiceLine, place: string, { taxes }: Terms): MadeLine {
  const line = checkFields(place, given as Required<NewInvoiceLine>, lineFields) as NewInvoiceLine;
  const { quantity = 1, unitAmount, price } = line;
  if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > quantityMax) {
    throw invalid(`${place}.quantity`, `A quantity is an integer from 1 to ${quantityMax}`);
  }
  const description = checkText(`${place}.description`, line.description);
  if ((unitAmount === undefined) === (price === undefined)) {
    throw invalid(`${place}.unitAmount`, "A line has a unitAmount, or a price");
  }
  if (unitAmount !== undefined && !(Number.isSafeInteger(unitAmount) && Math.abs(unitAmount) <= amountMax)) {
    throw invalid(`${place}.unitAmount`, `A unit amount is an integer of minor units, up to ${amountMax}`);
  }
  if (unitAmount !== undefined && description === null) {
    throw invalid(`${place}.description`, "A line says what it is for");
  }
  return {
    description,
    quantity,
    unitAmount: unitAmount ?? null,
    price: checkText(`${place}.price`, price) ?? null,
    taxes: checkRates(`${place}.taxes`, line.taxes, taxes),
  };
}

function checkRates(field: string, given: readonly string[] | undefined, taxes: MadeWish["taxes"]): readonly string[] {
  if (given === undefined) return [];
  if (taxes !== "rates") throw invalid(field, `Rates are those of \`taxes: "rates"\``);
  if (Array.isArray(given) && given.every((id) => typeof id === "string" && rateIdPattern.test(id))) return [...given];
  throw invalid(field, `${field} are Stripe's ids of tax rates, such as txr_1TqK2mFzYw8rJd5v`);
}

function invalid(field: string, message: string, hint?: string) {
  return problem("invalid_params", message, { hint, details: { field } });
}
