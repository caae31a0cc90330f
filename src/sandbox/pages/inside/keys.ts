// The secret keys that were used, and the Dashboard's way to end one.
import { html } from "hono/html";
import type { PageRoute } from "../../kernel/wire/pages.ts";
import type { Inside } from "./inside.ts";
import { badge, table, twins, type View } from "./layout.ts";
import { accountsOf } from "./objects/accounts.ts";
import { type Fields, type Outcome, tokenField } from "./write.ts";

export function keyPages(inside: Inside): PageRoute[] {
  return twins("/-/keys", () => showKeys(inside));
}

/** `{ "key": "sk_test_…" }`, or a publishable one. It is refused as expired from now on. */
export function revokeKey({ revoke }: Inside, { key = "" }: Fields): Outcome {
  if (!/^(sk|rk|pk)_test_\w+$/.test(key)) return { refusal: "A key begins with sk_test_, rk_test_ or pk_test_." };
  revoke(key);
  return { json: { key, revoked: true }, back: "/-/keys" };
}

function showKeys(inside: Inside): View {
  const { revoked } = inside.world.accounts;
  const ofAccounts = accountsOf(inside).map(({ key, id }) => ({ key, account: id, revoked: revoked.has(key) }));
  const others = [...revoked].filter((key) => !ofAccounts.some((one) => one.key === key));
  const keys = [...ofAccounts, ...others.map((key) => ({ key, account: null, revoked: true }))];
  const rows = keys.map(({ key, account, revoked: isRevoked }) => [
    html`<code>${key}</code>`,
    account ?? "",
    isRevoked
      ? badge("revoked")
      : html`<form method="post" action="/-/keys/revoke">${tokenField(inside)}
<input type="hidden" name="key" value="${key}"><button aria-label="Revoke ${key}">Revoke</button></form>`,
  ]);
  return {
    title: "Keys",
    json: { data: keys },
    body: html`<p class="soft">Each secret key is an account of its own. A key that is revoked answers 401
<code>api_key_expired</code>, as one that was rolled in the Dashboard does.</p>
${table(["Key", "Account", "Revoke"], rows)}`,
  };
}
