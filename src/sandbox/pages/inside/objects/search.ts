// What somebody has in hand finds the object: an e-mail address, an amount, an id of Stripe's or of their own, or the
// last digits of a card. It is looked for in all accounts.
import { html } from "hono/html";
import { formatAmount, formatMoney } from "#kit/money.ts";
import type { Account } from "../../../kernel/state/accounts.ts";
import type { StripeObject } from "../../../kernel/state/noun.ts";
import { living } from "../../../kernel/store/store.ts";
import type { PageRequest } from "../../../kernel/wire/pages.ts";
import type { Inside } from "../inside.ts";
import { addressOf, objectLink, searchForm, table, type View } from "../layout.ts";
import { accountsOf, findAnywhere, shownTo } from "./accounts.ts";
import { createdHtml, createdOf, statusBadge, summaryOf } from "./cells.ts";

const foundMax = 50; // A screen or two; what was asked for is seldom among more.
const depthMax = 5; // `payment_method_details.card.last4` and some more.
const idBeginningMin = 4; // "pi_3" names a payment, "pi_" all of them.

/** The object itself where its id was given, else all that match. */
export function showFound(inside: Inside, query: string, { url }: PageRequest): View | Response {
  if (findAnywhere(inside, query)) {
    const twin = url.pathname.endsWith(".json") ? ".json" : "";
    return new Response(null, { status: 303, headers: { Location: `${addressOf(query)}${twin}` } });
  }
  const found = matching(inside, query.toLowerCase());
  const shown = found.slice(0, foundMax);
  const rows = shown.map(({ account, object }) => [
    objectLink(object.id),
    object.object,
    statusBadge(object),
    summaryOf(object),
    createdHtml(object),
    account.id,
  ]);
  const said = html`<b>${query}</b> as amount, e-mail address, last four digits, id or metadata.`;
  return {
    title: found.length === 0 ? "Nothing here" : "Found",
    json: { query, count: found.length, data: shown.map(({ account, object }) => shownTo(inside, account, object)) },
    body: html`${searchForm(query)}<p class="soft" role="status">${
      found.length === 0
        ? html`No object has ${said} <a href="/-/objects">See what there is.</a>`
        : html`${found.length} ${found.length === 1 ? "object has" : "objects have"} ${said}${
            found.length > foundMax ? ` These are the first ${foundMax}.` : ""
          }`
    }</p>
${found.length === 0 ? "" : table(["Id", "Kind", "Status", "What", "Created (UTC)", "Account"], rows)}`,
  };
}

interface Found {
  readonly account: Account;
  readonly object: StripeObject;
}

/** Payments, then other money, then the rest; events tell of objects and are none that anybody looks for. */
function matching(inside: Inside, query: string): Found[] {
  const found = accountsOf(inside).flatMap((account) =>
    [...account.collections]
      .filter(([kind]) => inside.world.appearances.has(kind) && kind !== inside.events.object)
      .flatMap(([, collection]) => living(collection))
      .filter((object) => isMeant(object, query))
      .map((object) => ({ account, object })),
  );
  const rank = ({ object }: Found) => (object.object === inside.payments.object ? 0 : "amount" in object ? 1 : 2);
  return found.sort((a, b) => rank(a) - rank(b) || createdOf(b.object) - createdOf(a.object));
}

function isMeant(object: StripeObject, query: string): boolean {
  const isBeginning = query.includes("_") && query.length >= idBeginningMin;
  if (isBeginning && object.id.toLowerCase().startsWith(query)) return true;
  return amountsOf(object).includes(query.replace(",", ".")) || hasText(object, query);
}

/** 1800 eur: "1800", "18.00", "18", "18.00 eur". */
function amountsOf(object: StripeObject): string[] {
  const { amount, currency } = object as StripeObject & Readonly<Record<string, unknown>>;
  if (typeof amount !== "number" || typeof currency !== "string") return [];
  const text = formatAmount({ amount, currency });
  return [String(amount), text, text.replace(/\.0+$/, ""), formatMoney({ amount, currency }).toLowerCase()];
}

const named = new Set(["email", "receipt_email", "last4"]);

/** Whether one of the fields by which people know a thing holds it; all that is in metadata is the caller's own. */
function hasText(value: object, query: string, { isOwn = false, depth = 0 } = {}): boolean {
  if (depth > depthMax) return false;
  return Object.entries(value).some(([name, part]) => {
    if (typeof part === "string") return (isOwn || named.has(name)) && part.toLowerCase() === query;
    const isDeeper = typeof part === "object" && part !== null;
    return isDeeper && hasText(part, query, { isOwn: isOwn || name === "metadata", depth: depth + 1 });
  });
}
