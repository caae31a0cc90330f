// One command that makes an invoice and sends or charges it. What it needs of Stripe is asked before, and kept with the
// wish; what was begun is carried on as it was begun.
import type { CreateInvoice, Invoice, MadeInvoice, Outcome } from "../../../api/index.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import type { Ended } from "../../../kernel/journal/operations.ts";
import { refuseOtherCurrency, stripeCustomerOf } from "../../customers/index.ts";
import { latestOperation } from "../../latest.ts";
import { outcomeOf } from "../../outcomes.ts";
import { send } from "../moves/send_verb.ts";
import type { OpenInvoiceLink } from "../pay/link.ts";
import { answerPaying } from "../pay/pay.ts";
import { pay } from "../pay/verb.ts";
import { viewOne } from "../read.ts";
import { type Checked, checkCreate } from "./input.ts";
import { priceIdsOf } from "./prices.ts";
import { create, draft, followUpSubject, payOf } from "./verbs.ts";
import { type FollowUp, type MadeWish, madeWish } from "./wish.ts";

export async function createInvoice(
  core: BillingCore,
  openLink: OpenInvoiceLink,
  given: CreateInvoice,
): Promise<Outcome<MadeInvoice>> {
  const checked = checkCreate(given);
  const { id } = checked;
  await core.ready();
  let making = await wishOfMaking(core, checked);
  let ended = await carryOut(core, checked, making);
  // Its Customer was gone at Stripe; there is a new one now, and the same wish is made with that.
  if (ended.state === "failed" && ended.refusal.code === "resource_missing") {
    const stripeCustomerId = await stripeCustomerOf(core, making.params.customerId);
    if (stripeCustomerId !== making.params.stripeCustomerId) {
      making = { attempt: making.attempt + 1, params: { ...making.params, stripeCustomerId } };
      ended = await carryOut(core, checked, making);
    }
  }
  if (ended.state !== "done") return outcomeOf(ended, { what: `Invoice ${id}`, value: await viewMade(core, id) });
  const { invoiceId, next } = ended.outcome;
  const followed = await follow({ core, openLink }, { invoiceId, next, wish: making.params });
  const value = await viewMade(core, id);
  // However it was paid, that is what was wished.
  if (value.invoice?.status === "paid") return { outcome: "done", value };
  if (followed) return { ...followed, value };
  return outcomeOf(ended, { what: `Invoice ${id}`, value });
}

interface Making {
  readonly attempt: number;
  readonly params: MadeWish;
}

async function carryOut(core: BillingCore, { id, isFinal }: Checked, { attempt, params }: Making) {
  const wish = { subject: id, attempt, params };
  if (isFinal) return core.operations.carryOut(create, wish);
  const ended: Ended<{ invoiceId: string }> = await core.operations.carryOut(draft, wish);
  if (ended.state !== "done") return ended;
  return { ...ended, outcome: { ...ended.outcome, next: "nothing" as FollowUp } };
}

async function wishOfMaking(core: BillingCore, { id, attempt: named, isFinal, wish }: Checked): Promise<Making> {
  const latest = await latestOperation(core, isFinal ? create : draft, id);
  const attempt = named ?? latest?.attempt ?? 1;
  if (latest !== undefined && attempt <= latest.attempt) {
    const { stripeCustomerId, prices } = madeWish.read(JSON.parse(latest.params), "params");
    return { attempt, params: { ...wish, stripeCustomerId, prices } };
  }
  await refuseOtherCurrency(core, wish.customerId, wish.currency);
  const prices = await priceIdsOf(core, wish);
  const stripeCustomerId = await stripeCustomerOf(core, wish.customerId);
  return { attempt, params: { ...wish, stripeCustomerId, prices } };
}

interface Following {
  readonly invoiceId: string;
  readonly next: FollowUp;
  readonly wish: MadeWish;
}

/** What was filed when it became final, waited for. Undefined where nothing was. */
async function follow(
  { core, openLink }: { readonly core: BillingCore; readonly openLink: OpenInvoiceLink },
  { invoiceId, next, wish }: Following,
): Promise<Outcome<Invoice> | undefined> {
  if (next === "nothing") return undefined;
  const of = { subject: followUpSubject(invoiceId), attempt: 1 };
  if (next === "pay") {
    const params = payOf(invoiceId, wish);
    const ended = await core.operations.carryOut(pay, { ...of, params });
    return answerPaying(core, openLink, { ended, params });
  }
  const ended = await core.operations.carryOut(send, { ...of, params: { invoiceId } });
  const what = `Invoice ${invoiceId} is final, and sending it`;
  return outcomeOf(ended, { what, value: await viewOne(core, invoiceId) });
}

async function viewMade(core: BillingCore, id: string): Promise<MadeInvoice> {
  const made = await core.sql.read("invoices.made", (reader) =>
    reader
      .selectFrom("made_invoices")
      .innerJoin("invoices", "invoices.id", "made_invoices.stripe_id")
      .select("invoices.id")
      .where("made_invoices.id", "=", id)
      .executeTakeFirst(),
  );
  return { id, invoice: made ? await viewOne(core, made.id) : null };
}
