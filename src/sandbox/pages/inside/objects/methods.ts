// Which types of payment methods an account offers by itself, and the Dashboard's way to switch one.
import { html } from "hono/html";
import type { PageRequest, PageRoute } from "../../../kernel/wire/pages.ts";
import type { Inside } from "../inside.ts";
import { badge, table, twins, type View } from "../layout.ts";
import { type Fields, type Outcome, tokenField } from "../write.ts";
import { accountAsked } from "./accounts.ts";

export function methodPages(inside: Inside): PageRoute[] {
  return twins("/-/methods", (page) => showMethods(inside, page));
}

/** `{ "account": "acct_…", "type": "klarna", "preference": "on" }`, by the API's own call. */
export async function switchMethod(inside: Inside, page: PageRequest, fields: Fields): Promise<Outcome> {
  const { account: id = "", type = "", preference = "" } = fields;
  const account = inside.world.accounts.byId.get(id);
  if (!account) return { refusal: `There is no account ${id}.` };
  const answer = await page.api(`/v1/payment_method_configurations/${inside.offered(account).configuration}`, {
    method: "POST",
    headers: { authorization: `Bearer ${account.key}` },
    body: new URLSearchParams({ [`${type}[display_preference][preference]`]: preference }).toString(),
  });
  if (answer.ok) return { json: inside.offered(account), back: `/-/methods?account=${id}` };
  const { error } = (await answer.json()) as { error?: { message?: string } };
  return { refusal: error?.message ?? `The sandbox answered ${answer.status}.` };
}

function showMethods(inside: Inside, { url }: PageRequest): View {
  const account = accountAsked(inside, url);
  const { configuration, types } = account ? inside.offered(account) : { configuration: null, types: [] };
  const rows = types.map(({ type, name, isOn }) => [
    html`<code>${type}</code>`,
    name,
    isOn ? badge("on") : "",
    html`<form method="post" action="/-/methods">${tokenField(inside)}
<input type="hidden" name="account" value="${account?.id ?? ""}"><input type="hidden" name="type" value="${type}">
<button name="preference" value="${isOn ? "off" : "on"}" aria-label="Switch ${name} ${isOn ? "off" : "on"}">
Switch ${isOn ? "off" : "on"}</button></form>`,
  ]);
  return {
    title: "Methods",
    json: { account: account?.id ?? null, configuration, data: types },
    body: html`<p class="soft">What an intent of ${account ? html`<b>${account.id}</b>` : "an account"} offers where it
lists no types itself, as far as its currency and amount allow. It is the account's payment method configuration.</p>
${table(["Type", "Name", "Offered", "Switch"], rows, "No key was used yet.")}`,
  };
}
