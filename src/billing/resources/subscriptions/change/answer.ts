// What a change answers: the state that it brought about. Whether it is paid stands in its invoice.
import type { Outcome, Subscription } from "../../../api/index.ts";
import { lookNow } from "../../../kernel/changes/observe.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import type { Ended } from "../../../kernel/journal/operations.ts";
import { askPayer, type InvoiceMirror, type OpenInvoiceLink } from "../../invoices/index.ts";
import { latestOperation } from "../../latest.ts";
import { outcomeOf } from "../../outcomes.ts";
import type { ChangeState } from "../change_tables.ts";
import { getSubscription } from "../read.ts";
import { change, discountSubject } from "./made/index.ts";

export interface Answering {
  readonly id: string;
  readonly wishId: string;
  readonly verb: "change" | "plan";
  readonly openLink: OpenInvoiceLink;
  readonly returnUrl: string | undefined;
}

export async function answerOf(
  core: BillingCore,
  ended: Ended<unknown>,
  answering: Answering,
): Promise<Outcome<Subscription>> {
  const { id, wishId, verb } = answering;
  if (ended.state !== "done" || !ended.isShown) {
    const value = await getSubscription(core, id);
    return outcomeOf(ended, { what: `Change ${wishId} of subscription ${id}`, value });
  }
  if (verb === "plan") {
    await lookNow(core.kernel, { kind: "subscription", id });
    return { outcome: "done", value: await getSubscription(core, id) };
  }
  return standingAs(core, { ...answering, operationId: ended.operationId });
}

interface Made extends Answering {
  readonly operationId: string;
}

async function standingAs(core: BillingCore, made: Made): Promise<Outcome<Subscription>> {
  const { id, operationId } = made;
  const first = await changeOf(core, operationId);
  // Its invoice is shown too, though no event has told of it yet.
  const isOwed = first?.invoice != null && (waits.includes(first.state) || !(await invoiceOf(core, first.invoice)));
  if (first?.invoice != null && isOwed) {
    await lookNow(core.kernel, { kind: "invoice", id: first.invoice });
    if (first.state === "pending") await lookNow(core.kernel, { kind: "subscription", id });
  }
  const row = first && (await changeOf(core, operationId));
  const isPaid = row === undefined || row.state === "applied";
  if (isPaid) return takenOff(core, made);
  const invoice = row.invoice === null ? undefined : await invoiceOf(core, row.invoice);
  const value = await getSubscription(core, id);
  const payment = waits.includes(row.state) ? invoice?.payment : undefined;
  if (payment?.status === "requires_action" && row.invoice !== null) {
    const { openLink, returnUrl } = made;
    const asked = await askPayer(core, openLink, { invoiceId: row.invoice, returnUrl });
    return { outcome: "action_required", value, ...asked };
  }
  const isOnItsWay = row.state === "unpaid" || payment?.status === "processing";
  if (isOnItsWay) return { outcome: "processing", operationId, value };
  const { code, declineCode, message } = invoice?.payment?.failure ?? { ...notPaid, message: whyNot[row.state] };
  return { outcome: "declined", value, reason: declineCode ?? code, code, declineCode, message };
}

const waits: readonly ChangeState[] = ["pending", "unpaid"];

const notPaid = { code: "not_paid", declineCode: null };
const whyNot: Readonly<Record<ChangeState, string>> = {
  applied: "The change is paid.",
  pending: "The payment of the change failed; the subscription is as it was.",
  unpaid: "The change is not paid yet.",
  reverting: "The change was not paid, and is being put back.",
  expired: "The change was not paid in time, and was given up.",
  replaced: "Another change was wished before this one was paid.",
  reverted: "The change was not paid, and was put back.",
};

/** What is taken off follows by an operation of its own. */
async function takenOff(core: BillingCore, { id, wishId, operationId }: Made): Promise<Outcome<Subscription>> {
  const subject = discountSubject({ subscriptionId: id, wishId });
  const latest = await latestOperation(core, change, subject);
  if (latest) {
    const params = change.params.read(JSON.parse(latest.params), "params");
    const ended = await core.operations.carryOut(change, { subject, attempt: latest.attempt, params });
    const value = await getSubscription(core, id);
    if (ended.state === "open") return { outcome: "processing", operationId, value };
    return outcomeOf(ended, { what: `What change ${wishId} takes off subscription ${id}`, value });
  }
  return { outcome: "done", value: await getSubscription(core, id) };
}

async function changeOf(core: BillingCore, operationId: string) {
  return core.sql.read("subscriptions.changed", (reader) =>
    reader
      .selectFrom("subscription_changes")
      .select(["state", "invoice"])
      .where("operation", "=", operationId)
      .executeTakeFirst(),
  );
}

async function invoiceOf(core: BillingCore, id: string): Promise<InvoiceMirror | undefined> {
  const stored = await core.sql.read("subscriptions.bill", (reader) =>
    reader.selectFrom("mirror").select("row").where("id", "=", id).executeTakeFirst(),
  );
  return stored && (JSON.parse(stored.row) as InvoiceMirror);
}
