// Whose objects they are: each secret key is an account of its own.
import { html } from "hono/html";
import { render } from "../../../kernel/answer/render.ts";
import type { Account } from "../../../kernel/state/accounts.ts";
import { nounOfId, type StripeObject } from "../../../kernel/state/noun.ts";
import { tickUnit } from "../../../kernel/state/unit.ts";
import { find } from "../../../kernel/store/store.ts";
import { newestVersion } from "../../../kernel/versions/families.ts";
import type { Inside } from "../inside.ts";
import type { Html } from "../layout.ts";

const accountsShownMax = 50; // A screen or two.

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
  const noun = nounOfId(inside.world.nounByPrefix, id);
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

/** The other accounts, one click away; nothing where there is one alone. */
export function accountChips(inside: Inside, path: string, account: Account | undefined): Html | string {
  const accounts = accountsOf(inside).slice(0, accountsShownMax);
  if (accounts.length < 2) return "";
  return html`<ul class="chips" aria-label="Accounts">${accounts.map(({ id, key }) => {
    const current = id === account?.id ? html` aria-current="true"` : "";
    return html`<li><a href="${path}?account=${id}"${current}>${key.slice(0, 8)}…${key.slice(-4)} · ${id}</a></li>`;
  })}</ul>`;
}
