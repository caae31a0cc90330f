// What a change would be billed, or what is billed next: the change is carried out, the invoice is shown as the draft
// that it would be, and nothing of it is kept. So a preview is the later invoice, since nothing else reckons it.
// https://docs.stripe.com/api/invoices/create_preview
import type { Params } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { isBefore } from "../../../kernel/versions/families.ts";
import { checkedCurrency } from "../../../kernel/words/amounts.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { given, text } from "../../../kernel/words/params.ts";
import type { Invoice } from "../../invoices/index.ts";
import { rows } from "../refusals.table.ts";
import type { Subscription } from "../subscription.ts";
import { detailsOf, namedSubscription, refuseNothing, refuseUnplayedPreviews } from "./asked.ts";
import { previewedItems, refuseElsewhere } from "./items.ts";
import { payerOf, shownFor } from "./payer.ts";
import { afterChange, type New, nextOfCustomer, ofNew, oneOff, recurring } from "./upcoming.ts";

export function createPreview(unit: Unit, params: Params): Previewed {
  refuseUnplayedPreviews(params);
  refuseNothing(unit, params);
  const known = namedSubscription(unit, params);
  return previewOf(unit, params, { known, upcoming: (asked) => upcoming(unit, params, known, asked) });
}

export interface Previewed {
  readonly id: string;
}

/** Whose it is and what it is billed in, where it is there already; and how its invoice is made. */
interface Previewing {
  readonly known: Pick<Subscription, "currency" | "customer"> | undefined;
  readonly upcoming: (asked: New) => Invoice | undefined;
}

export function previewOf(unit: Unit, params: Params, { known, upcoming }: Previewing): Previewed {
  refuseUnplayedPreviews(params);
  const customer = payerOf(unit, params, known);
  const sent = params.currency === undefined ? undefined : checkedCurrency(params);
  const currency = known?.currency ?? sent;
  const items = previewedItems(unit, params, { customer, currency });
  // A discount of the invoice is one of its subscription, where there is one (declared), and so are its taxes.
  const { automatic_tax, discounts } = params;
  const details = { ...detailsOf(params), ...given({ automatic_tax, discounts }) };
  const invoice = upcoming({ customer, currency, details });
  if (!invoice) throw refusal(rows.nothingUpcoming, { customer });
  if (!isRecurring(params)) refuseElsewhere(unit, items, invoice);
  return shownFor(params, known, invoice);
}

/** What is asked for again and again. */
export function isRecurring(params: Params): boolean {
  return text(params, "preview_mode") === "recurring";
}

function upcoming(unit: Unit, params: Params, known: Subscription | undefined, asked: New): Invoice | undefined {
  const { details } = asked;
  const isOfOne = known !== undefined || details.items !== undefined;
  if (isRecurring(params)) return isOfOne ? recurring(unit, known, asked) : undefined;
  if (known) return afterChange(unit, known, details);
  if (isOfOne) return ofNew(unit, asked);
  const next = isBefore(unit.family, "basil") ? nextOfCustomer(unit, asked) : undefined;
  return next ?? oneOff(unit, params, asked);
}

/** Its id, and those of its lines, say that they are no more than previews (documented). */
export function shownAsPreview(answer: object): object {
  const { id, lines } = answer as { readonly id: string; readonly lines: { readonly data: readonly { id: string }[] } };
  const named = lines.data.reduce(
    (text, line) => text.replaceAll(line.id, line.id.replace("il_", "il_tmp_")),
    JSON.stringify(answer).replaceAll(id, `upcoming_${id}`),
  );
  return { ...JSON.parse(named), billing_reason: "upcoming" };
}
