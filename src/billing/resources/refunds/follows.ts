// Refunds that follow from another wish: what of invoices is to go back is planned when that is given, and filed by the
// transaction that ends it. Nobody waits for them, so what comes to nothing is told, and flagged.
import type { Reacting } from "../../kernel/contract/reacting.ts";
import { filed } from "../../kernel/contract/verb.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { Ended } from "../../kernel/journal/operations.ts";
import { readPaid } from "../invoices/index.ts";
import { latestOperation } from "../latest.ts";
import { leftOf } from "./of_invoice.ts";
import { lockPaid, refundable } from "./paid.ts";
import { create, type RefundWish, refundWish } from "./verb.ts";

/** What shall go back of an invoice. */
export interface Unused {
  readonly invoiceId: string;
  readonly amount: number;
}

/** By payment: as much as was paid and is left, and no more. */
export async function planRefunds(core: BillingCore, unused: readonly Unused[]): Promise<readonly RefundWish[]> {
  const planned: RefundWish[] = [];
  for (const { invoiceId, amount } of unused) {
    let rest = amount;
    for (const { paid, left } of await leftOf(core, await readPaid(core, invoiceId))) {
      const part = Math.min(rest, left);
      if (part <= 0) continue;
      rest -= part;
      const { paymentIntentId, currency } = paid;
      planned.push({ invoiceId, paid: { amount: paid.amount, currency }, paymentIntentId, amount: part, reason: null });
    }
  }
  return planned;
}

/** Under the subject alone, and `…:2` and so on. What went back meanwhile does not go back again. */
export async function fileRefunds(
  reacting: Reacting,
  { subject, planned }: { readonly subject: string; readonly planned: readonly RefundWish[] },
): Promise<void> {
  let nth = 0;
  for (const wish of planned) {
    const left = await refundable(reacting.tx, await lockPaid(reacting.tx, wish));
    const amount = Math.min(wish.amount, left);
    if (amount <= 0) continue;
    nth += 1;
    await reacting.fileOperation(
      filed(create, { subject: idOf(subject, nth), attempt: 1, params: { ...wish, amount } }),
    );
  }
}

const idOf = (subject: string, nth: number) => (nth === 1 ? subject : `${subject}:${nth}`);

/** What became of them; what has not ended yet is carried out. */
export async function awaitRefunds(core: BillingCore, subject: string): Promise<readonly Ended<unknown>[]> {
  const ended: Ended<unknown>[] = [];
  for (let nth = 1; ; nth++) {
    const filed = await latestOperation(core, create, idOf(subject, nth));
    if (!filed) return ended;
    const params = refundWish.read(JSON.parse(filed.params), "params");
    ended.push(await core.operations.carryOut(create, { subject: idOf(subject, nth), attempt: filed.attempt, params }));
  }
}
