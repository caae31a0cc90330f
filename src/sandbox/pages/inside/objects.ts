// What there is, account by account, and how each object came to be as it is.
import { html } from "hono/html";
import { formatMoney } from "#kit/money.ts";
import { render } from "../../kernel/answer/render.ts";
import type { Account } from "../../kernel/state/accounts.ts";
import { prefixOf, type StripeObject } from "../../kernel/state/noun.ts";
import { tickUnit } from "../../kernel/state/unit.ts";
import { find, living, page } from "../../kernel/store/store.ts";
import { newestVersion } from "../../kernel/versions/families.ts";
import type { PageRequest, PageRoute } from "../../kernel/wire/pages.ts";
import type { Inside } from "./inside.ts";
import { badge, type Html, jsonHtml, linkedText, objectLink, table, timeHtml, twins, type View } from "./layout.ts";

const rowsMax = 50; // A screen or two; the rest is a link away.
const summaryLengthMax = 80;

export function objectPages(inside: Inside): PageRoute[] {
  return [
    ...twins("/-/objects", (request) => listObjects(inside, request)),
    ...twins("/-/objects/:id", (request) => showObject(inside, request.params.id ?? "")),
  ];
}

/** Most recently used first. */
export function accountsOf({ world }: Inside): Account[] {
  return [...world.accounts.byId.values()].sort((a, b) => b.usedAt - a.usedAt);
}

/** The account that the address names, else the one that was used last. */
export function accountAsked(inside: Inside, url: URL): Account | undefined {
  const asked = url.searchParams.get("account");
  const accounts = accountsOf(inside);
  return asked ? accounts.find(({ id }) => id === asked) : accounts[0];
}

/** Whose it is, and what it is; ids are unique across accounts. */
export function findAnywhere(inside: Inside, id: string): { account: Account; object: StripeObject } | undefined {
  const noun = inside.world.nounByPrefix.get(prefixOf(id));
  if (!noun) return undefined;
  for (const account of inside.world.accounts.byId.values()) {
    const collection = account.collections.get(noun.object);
    const object = collection && find(collection, id);
    if (object) return { account, object };
  }
  return undefined;
}

/** As the newest version shows it. */
export function shownTo({ world }: Inside, account: Account, object: StripeObject): object {
  return render(tickUnit(world, account, { version: newestVersion }), object);
}

/** Whether an id in a text is one that leads somewhere, for the page of `self`. */
export function isKnownTo(inside: Inside, self?: string): (id: string) => boolean {
  return (id) => id !== self && findAnywhere(inside, id) !== undefined;
}

export function accountChips(inside: Inside, path: string, account: Account | undefined): Html {
  return html`<ul class="chips" aria-label="Accounts">${accountsOf(inside)
    .slice(0, rowsMax)
    .map(({ id, key }) => {
      const current = id === account?.id ? html` aria-current="true"` : "";
      return html`<li><a href="${path}?account=${id}"${current}>${key.slice(0, 8)}…${key.slice(-4)} · ${id}</a></li>`;
    })}</ul>`;
}

function listObjects(inside: Inside, { url }: PageRequest): View | undefined {
  const wanted = url.searchParams.get("id")?.trim();
  if (wanted) return showObject(inside, wanted);
  const account = accountAsked(inside, url);
  if (!account) {
    if (url.searchParams.has("account")) return undefined;
    const body = html`<p class="soft">No call has come in yet. Any key that begins with sk_test_ is an account:</p>
<pre class="json">curl ${url.origin}/v1/customers -u sk_test_mine: -d name=Ada</pre>`;
    return { title: "Objects", json: { accounts: [] }, body };
  }
  const counts = countsOf(inside, account);
  const events = inside.events.object;
  const kind = url.searchParams.get("object") ?? counts.find(({ object }) => object !== events)?.object ?? events;
  const after = url.searchParams.get("starting_after") ?? undefined;
  const collection = account.collections.get(kind);
  const found = collection ? page(collection, { limit: rowsMax, startingAfter: after }) : { items: [], hasMore: false };
  const last = found.items.at(-1);
  const next = found.hasMore && last ? `account=${account.id}&object=${kind}&starting_after=${last.id}` : null;
  const chips = counts.map(({ object, count }) => {
    const current = object === kind ? html` aria-current="true"` : "";
    return html`<li><a href="/-/objects?account=${account.id}&object=${object}"${current}>${object} ${count}</a></li>`;
  });
  const rows = found.items.map((object) => [
    objectLink(object.id),
    statusBadge(object),
    summaryOf(object),
    createdHtml(object),
  ]);
  const accounts = accountsOf(inside).map(({ id }) => id);
  return {
    title: "Objects",
    json: {
      accounts,
      account: account.id,
      counts,
      object: kind,
      data: found.items.map((one) => shownTo(inside, account, one)),
      next: next && `?${next}`,
    },
    body: html`<form class="form" method="get"><label>Find by its id
<input class="long" name="id" placeholder="pi_…" required></label><button>Find</button></form>
${accountChips(inside, "/-/objects", account)}<ul class="chips" aria-label="Kinds">${chips}</ul>
${table(["Id", "Status", "What", "Created (UTC)"], rows)}
${next ? html`<p><a href="/-/objects?${next}">Older</a></p>` : ""}`,
  };
}

/** What is gone is shown by what is remembered of it: events still lead here. */
function showObject(inside: Inside, id: string): View | undefined {
  const found = findAnywhere(inside, id);
  const lines = inside.history.of(id);
  const account = found?.account.id ?? lines[0]?.account;
  if (account === undefined) return undefined;
  const isKnown = isKnownTo(inside, id);
  const object = found ? shownTo(inside, found.account, found.object) : null;
  const history = lines.map(({ at, kind, text }) => ({ at, kind, text }));
  const rows = history.map(({ at, kind, text }) => [timeHtml(at), badge(kind), linkedText(text, isKnown)]);
  const kind = found?.object.object;
  return {
    title: id,
    json: { account, object, history },
    body: html`<p class="soft">${kind ?? "Something that is not there any more,"} of
<a href="/-/objects?account=${account}${kind ? `&object=${kind}` : ""}">${account}</a></p>
<h2>History</h2>${table(["When (UTC)", "What", "How"], rows, "It came before what this sandbox remembers.")}
${object ? html`<h2>Now</h2>${jsonHtml(object, isKnown)}` : ""}`,
  };
}

/** What Stripe has too; what the sandbox keeps for itself (sums, settings) is nobody's object. */
function countsOf({ world }: Inside, account: Account): { object: string; count: number }[] {
  return [...account.collections]
    .filter(([object]) => world.appearances.has(object))
    .map(([object, collection]) => ({ object, count: living(collection).length }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.object.localeCompare(b.object));
}

function statusBadge(object: StripeObject): Html | string {
  return "status" in object && typeof object.status === "string" ? badge(object.status) : "";
}

function createdHtml(object: StripeObject): Html | string {
  return "created" in object && typeof object.created === "number" ? timeHtml(object.created * 1000) : "";
}

/** The one thing by which a person knows it again: its amount, else its name. */
function summaryOf(object: StripeObject): string {
  const { amount, currency, ...named } = object as StripeObject & Readonly<Record<string, unknown>>;
  if (typeof amount === "number" && typeof currency === "string") return formatMoney({ amount, currency });
  const names = [named.name, named.email, named.url, named.description, named.type];
  const name = names.find((one) => typeof one === "string" && one !== "");
  return String(name ?? "").slice(0, summaryLengthMax);
}
