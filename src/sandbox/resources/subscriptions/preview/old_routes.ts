// The upcoming invoice, as it was asked for before basil: with the parameters of a preview, each by its older name, and
// with an address for its lines. https://docs.stripe.com/changelog/basil/2025-03-31/invoice-preview-api-deprecations
import { listAmong } from "../../../kernel/answer/lists.ts";
import type { Params, Route } from "../../../kernel/state/resource.ts";
import type { Unit } from "../../../kernel/state/unit.ts";
import { isBefore } from "../../../kernel/versions/families.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { text } from "../../../kernel/words/params.ts";
import { type LineItem, lineItems, linesOf } from "../../line_items/index.ts";
import { rows } from "../refusals.table.ts";
import { anchorTyped, asDiscounts } from "../versions.ts";
import { detailsOf } from "./asked.ts";
import type { Previewed } from "./preview.ts";

const path = "/v1/invoices/upcoming";

type Preview = (unit: Unit, params: Params) => Previewed;

export function upcomingRoutes(preview: Preview): readonly Route[] {
  const retrieve: Preview = (unit, sent) => retrieveUpcoming(unit, sent, preview);
  return [
    { method: "GET", path, run: retrieve, preview: shownAsUpcoming },
    {
      method: "GET",
      path: `${path}/lines`,
      run: (unit, sent) => listUpcomingLines(unit, sent, retrieve),
      preview: (lines) => lines,
    },
  ];
}

function retrieveUpcoming(unit: Unit, sent: Params, preview: Preview): Previewed {
  if (!isBefore(unit.family, "basil")) throw refusal(rows.upcomingGone);
  const params = asPreview(sent);
  const details = detailsOf(params);
  const isOfNone = text(params, "subscription") === undefined && details.items === undefined;
  if (isOfNone && Object.keys(details).length > 0) throw refusal(rows.upcomingChangeOfNone);
  return preview(unit, params);
}

const ofSubscription = "subscription_";

/** What it would do to a subscription stood beside the rest: `subscription_items`, `subscription_trial_end`. */
function asPreview({ coupon, subscription_details, ...params }: Params): Params {
  const isOfIt = ([name]: readonly [string, unknown]) => name.startsWith(ofSubscription);
  const [own, rest] = [Object.entries(params).filter(isOfIt), Object.entries(params).filter((one) => !isOfIt(one))];
  const named = own.map(([name, value]) => [name.slice(ofSubscription.length), value] as const);
  const sent = subscription_details as Params | undefined; // Its schema says so.
  const details = { ...sent, ...Object.fromEntries(named) };
  return {
    ...Object.fromEntries(rest),
    ...asDiscounts({ coupon }),
    ...(Object.keys(details).length > 0 && { subscription_details: anchorTyped(details) }),
  };
}

function listUpcomingLines(unit: Unit, params: Params, retrieve: Preview): object {
  const lines = linesOf(unit, retrieve(unit, params).id);
  const ids = lines.map(({ id }) => id);
  const all = lines.map((line): LineItem => ({ ...line, ...named(line, ids), invoice: null }));
  return listAmong(all, params, { url: `${path}/lines`, noun: lineItems });
}

interface Answer {
  readonly id: string;
  readonly customer: string | null;
  readonly subscription: string | null;
  readonly lines: { readonly data: readonly { readonly id: string }[] };
}

/** Nobody can ask for it again: it has no id and no addresses (https://github.com/stripe/stripe-node/issues/808). */
function shownAsUpcoming(answer: object): object {
  const {
    id: _id,
    hosted_invoice_url: _page,
    invoice_pdf: _pdf,
    ...shown
  } = answer as Answer & Record<string, unknown>;
  const { customer, lines, subscription } = shown;
  const asked = Object.entries({ customer, subscription }).flatMap(([name, of]) =>
    of === null ? [] : `${name}=${of}`,
  );
  const data = lines.data.map((line) => ({ ...line, invoice: null }));
  const ids = lines.data.map((line) => line.id);
  const url = `${path}/lines?${asked.join("&")}`;
  return named({ ...shown, billing_reason: "upcoming", lines: { ...lines, data, url } }, ids);
}

/** A page begins behind a line of the page before, whose preview is gone by then: lines are called by their places. */
function named<T extends object>(shown: T, ids: readonly string[]): T {
  const called = (text: string, id: string, place: number) =>
    text.replaceAll(`"${id}"`, `"il_tmp_1${String(place).padStart(23, "0")}"`);
  return JSON.parse(ids.reduce(called, JSON.stringify(shown))) as T; // Of the same shape.
}
