// Where events are sent, with the secrets that sign them, and the Dashboard's way to give an endpoint a new one.
// https://docs.stripe.com/webhooks#roll-endpoint-secrets
import { html } from "hono/html";
import { hourMs, type Instant } from "#kit/clock.ts";
import { isProblem } from "#kit/problems.ts";
import type { StripeObject } from "../../kernel/state/noun.ts";
import { living } from "../../kernel/store/store.ts";
import type { PageRoute } from "../../kernel/wire/pages.ts";
import type { Inside, SecretRow } from "./inside.ts";
import { badge, type Html, table, timeHtml, twins, type View } from "./layout.ts";
import { accountsOf } from "./objects/accounts.ts";
import { type Fields, type Outcome, tokenField } from "./write.ts";

interface EndpointObject extends StripeObject {
  readonly url: string;
  readonly status: string;
  readonly enabled_events: readonly string[];
  readonly api_version: string | null;
}

export function endpointPages(inside: Inside): PageRoute[] {
  return twins("/-/endpoints", () => showEndpoints(inside));
}

/** `{ "old_ends_in_hours": 24 }`; without it the old secret ends at once. */
export function rollEndpoint(inside: Inside, id: string, { old_ends_in_hours }: Fields): Outcome {
  try {
    const secret = inside.rollSecret(id, Number(old_ends_in_hours || 0) * hourMs);
    return { json: { webhook_endpoint: id, secret }, back: "/-/endpoints" };
  } catch (error) {
    if (isProblem(error)) return { refusal: error.message };
    throw error;
  }
}

function showEndpoints(inside: Inside): View {
  const now = inside.world.timeline.now();
  const found = accountsOf(inside).flatMap((account) => {
    const items = living(account.collections.get(inside.endpoints.object));
    return (items as EndpointObject[]).map((endpoint) => ({ account: account.id, endpoint })); // Of that collection.
  });
  const standing = (endpoint: EndpointObject) =>
    inside.secretsOf(endpoint).filter(({ endsAt }) => endsAt === null || endsAt > now);
  const rows = found.map(({ account, endpoint }) => [
    html`<a class="id" href="/-/objects/${endpoint.id}">${endpoint.id}</a><br><span class="soft">${account}</span>`,
    endpoint.url,
    badge(endpoint.status),
    endpoint.enabled_events.join(", "),
    html`${standing(endpoint).map((secret) => secretHtml(secret))}`,
    rollForm(inside, endpoint.id),
  ]);
  return {
    title: "Endpoints",
    json: {
      data: found.map(({ account, endpoint }) => ({
        account,
        endpoint,
        secrets: standing(endpoint).map(({ text, endsAt }: SecretRow) => ({ secret: text, ends_at: endsAt })),
      })),
    },
    body: html`<p class="soft">Where webhooks go. While a secret is rolled, both sign: receivers can change over without
losing an event. At Stripe only the Dashboard can do it.</p>
${table(["Endpoint", "Address", "Status", "Events", "Signed with", "New secret"], rows)}`,
  };
}

function secretHtml({ text, endsAt }: SecretRow): Html {
  return html`<code>${text}</code>${endsAt === null ? "" : endText(endsAt)}<br>`;
}

const endText = (endsAt: Instant): Html => html` <span class="soft">until ${timeHtml(endsAt)} UTC</span>`;

function rollForm(inside: Inside, id: string): Html {
  return html`<form method="post" action="/-/endpoints/${id}/roll">${tokenField(inside)}
<label>The old one ends in hours <input class="short" name="old_ends_in_hours" type="number" min="0" max="24" step="any"
value="24"></label> <button aria-label="Roll the secret of ${id}">Roll</button></form>`;
}
