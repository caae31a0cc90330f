// A due date that passes is told: by a timer, or where the customer lives by a test clock, when that moves.
import { type Instant, secondMs } from "#kit/clock.ts";
import type { Timer } from "../../../kernel/contract/manifest.ts";
import type { FiledTimer, News, Reacting } from "../../../kernel/contract/reacting.ts";
import { isHistory, type Owner, ownersOf } from "../../owners.ts";
import { ownIdsOf } from "../one_off/made.ts";
import { overdue } from "./happened.ts";
import type { InvoiceMirror } from "./invoices.ts";

export const dueDate: Timer = {
  kind: "invoices.due_date",
  async work({ tx, now }, { subject }) {
    const stored = await tx.selectFrom("mirror").select("row").where("id", "=", subject).executeTakeFirst();
    const row = stored && (JSON.parse(stored.row) as InvoiceMirror);
    if (!row) return [];
    const owners = await ownersOf(tx, [row.customer]);
    const ownIds = await ownIdsOf(tx, [row.id]);
    return overdueNews(row, { now, owner: owners.get(row.customer), ownId: ownIds.get(row.id) });
  },
};

/** Of those whose time is Stripe's. */
export async function fileDueDates(
  reacting: Reacting,
  seen: readonly { readonly before: InvoiceMirror | null; readonly after: InvoiceMirror }[],
): Promise<void> {
  const real = seen.filter(({ after }) => after.testClock === null);
  const timers = real.flatMap(({ before, after }): FiledTimer[] => {
    const isSame = before !== null && isAwaited(before) && before.dueDate === after.dueDate;
    return isAwaited(after) && !isSame ? [{ ...timerOf(after), dueAt: (after.dueDate ?? 0) * secondMs }] : [];
  });
  const over = real.filter(({ before, after }) => before !== null && isAwaited(before) && !isAwaited(after));
  await reacting.fileTimers(timers);
  await reacting.withdrawTimers(over.map(({ after }) => timerOf(after)));
}

interface Whose {
  readonly now: Instant;
  readonly owner: Owner | undefined;
  /** The host's, of an invoice that it has had made. */
  readonly ownId: string | undefined;
}

/** One that was overdue before the host knew whose it is, is not news. */
export function overdueNews(row: InvoiceMirror, { now, owner, ownId }: Whose): readonly News[] {
  if (row.status !== "open" || row.dueDate === null || row.dueDate * secondMs > now) return [];
  if (isHistory({ created: row.dueDate, testClock: row.testClock }, owner)) return [];
  const one = overdue(row, row.dueDate);
  return [{ ...one, subject: row.id, data: { ...one.data, customerId: owner?.id ?? null, ownId: ownId ?? null } }];
}

function isAwaited({ status, dueDate: due }: InvoiceMirror): boolean {
  return status === "open" && due !== null;
}

const timerOf = ({ id }: InvoiceMirror) => ({ kind: dueDate.kind, subject: id });
