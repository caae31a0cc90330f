// What was previewed is previewed again before it is made: what differs by now is refused, and both are said.
import { problem } from "#kit/problems.ts";
import { integer, orNull, record } from "../../../kernel/contract/shape.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { isoOf } from "../../instants.ts";
import { amountsOf, type Bill, billShape, type ChangeWish, isSameBill, readWish, saysOf } from "./asked/index.ts";
import type { Shown } from "./preview.ts";

const shownShape = record({ bill: orNull(billShape), next: billShape, periodEnd: integer });

export interface Previewed {
  readonly token: string;
  readonly wish: ChangeWish;
  readonly shown: Shown;
  readonly prorationDate: number | undefined;
}

export async function previewedBy(core: BillingCore, id: string, token: string): Promise<Previewed> {
  const row = await core.sql.read("subscriptions.previewed", (reader) =>
    reader
      .selectFrom("subscription_previews")
      .selectAll()
      .where("token", "=", token)
      .where("subscription", "=", id)
      .executeTakeFirst(),
  );
  if (!row) {
    const hint = "`subscriptions.preview()` gives one, for an hour and for that subscription alone.";
    throw problem("not_found", `Subscription ${id} has no preview ${token}`, { hint, details: { field: "token" } });
  }
  if (row.expires_at <= core.ports.clock.now()) {
    throw outdated(`The preview ${token} of subscription ${id} is older than an hour`, { reason: "expired" });
  }
  return {
    token,
    wish: readWish(row.wish),
    shown: shownShape.read(JSON.parse(row.shown), "shown"),
    prorationDate: row.proration_date ?? undefined,
  };
}

/** Before Stripe is asked: in another period nothing of it holds. */
export function refuseOtherPeriod(id: string, { shown, token }: Previewed, periodEnd: number): void {
  if (shown.periodEnd === periodEnd) return;
  const [was, is] = [isoOf(shown.periodEnd), isoOf(periodEnd)];
  const periods = `that one ended at ${was}, this one ends at ${is}`;
  const says = `Subscription ${id} is in another period than when its preview ${token} was made: ${periods}`;
  throw outdated(says, { reason: "other_period", previewed: was, now: is });
}

export function refuseDifference(id: string, { shown, token }: Previewed, now: Shown): void {
  const isSame = isSameBill(shown.bill, now.bill) && (shown.bill !== null || isSameBill(shown.next, now.next));
  if (isSame) return;
  const [was, is] = shown.bill === null && now.bill === null ? [shown.next, now.next] : [shown.bill, now.bill];
  const both = `there ${saysOf(was)}, by now ${saysOf(is)}`;
  const says = `A change of subscription ${id} would not be billed as its preview ${token} has shown: ${both}`;
  const currency = now.next.currency;
  throw outdated(says, { reason: "differs", previewed: amounts(was, currency), now: amounts(is, currency) });
}

const amounts = (bill: Bill | null, currency: string) => amountsOf(bill, currency);

function outdated(says: string, details: Readonly<Record<string, unknown>>) {
  return problem("wrong_state", says, {
    hint: "Preview it again, show the customer what it costs now, and change it by that token.",
    details: { field: "token", ...details },
  });
}
