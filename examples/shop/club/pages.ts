// The club's pages: how a membership stands, and what an upgrade costs before it is made. Forms and links, no script
// but the one that looks again.
import { escapeHtml, lookAgain, page, price } from "../layout.ts";
import { type ClubPlan, catalog } from "./catalog.ts";
import type { ClubState, Membership, ProAccess, Saying, Standing, UpgradeBill } from "./club.ts";

type Cart = readonly { readonly quantity: number }[];

export interface ClubView {
  readonly cart: Cart;
  readonly state: ClubState;
  readonly said: Saying | null;
  /** The id of what is wished by the forms of this page. */
  readonly wish: string;
}

const said: Readonly<Record<Saying, string>> = {
  declined: "The bank declined the card, and nothing was taken. Another card may pay.",
  underway: "The bank takes its time. You need not do it again; this page shows what came of it.",
  stale: "Something had changed meanwhile. This is how it stands now.",
  card: "Your new card is saved, and pays from now on.",
};

export function clubPage({ cart, state, said: saying, wish }: ClubView): string {
  const { membership, pro } = state;
  const note = saying ? `<p class="message" role="status">${said[saying]}</p>` : "";
  const main = membership ? memberPart(membership, pro, wish) : joinPart(pro, wish);
  const recipe = pro.allowed ? `<section class="members"><h2>For Pro members</h2><p>${recipeText}</p></section>` : "";
  return page("Coffee club", cart, `<h1>Coffee club</h1>${note}${main}${recipe}`);
}

const recipeText = "This month's recipe: 18 g of house coffee, 300 g of water at 94 °C, three minutes, and no hurry.";

function joinPart(pro: ProAccess, wish: string): string {
  const cards = plans.map(
    ([id, { name, description }]) => `<li class="card"><h2>${name}</h2><p>${description}</p>
      ${form(
        "/club/join",
        wish,
        `<input type="hidden" name="plan" value="${id}"><strong>${monthly(id)}</strong>
        <button aria-label="Join ${name} for ${monthly(id)}">Join</button>`,
      )}</li>`,
  );
  const left = `You have left. What you have paid for stays yours. Pro features: ${accessText(pro)}.`;
  const text = pro.allowed ? left : "Coffee that comes by itself. Leave whenever you like.";
  return `<p>${text}</p><ul class="cards">${cards.join("")}</ul>`;
}

const plans = Object.entries(catalog.plans) as [ClubPlan, (typeof catalog.plans)[ClubPlan]][];
const monthly = (plan: ClubPlan): string => `${price(catalog.plans[plan].prices.month.eur)} a month`;

interface Words {
  readonly title: (membership: Membership) => string;
  readonly text: string;
  readonly tone: "" | "paid" | "late";
}

const words: Readonly<Record<Standing, Words>> = {
  unpaid: { title: () => "Not paid yet.", text: "Your membership begins with its first payment.", tone: "" },
  runs: { title: ({ plan }) => `You are a member: ${nameOf(plan)}.`, text: "", tone: "paid" },
  late: {
    title: () => "Your last payment failed.",
    text: "Pay what is open, or give us another card. Then all goes on as before.",
    tone: "late",
  },
  upgrading: {
    title: () => "Your upgrade waits for its payment.",
    text: "Until it is paid, you keep what you have, for what you pay now.",
    tone: "",
  },
  ending: { title: ({ endsAt }) => `Your membership ends on ${dateOf(endsAt)}.`, text: "", tone: "" },
};

/** For a payment, which its page may have made a moment ago. */
const waits: readonly Standing[] = ["unpaid", "late", "upgrading"];

function memberPart(membership: Membership, pro: ProAccess, wish: string): string {
  const { plan, standing, periodEnd, card } = membership;
  const { title, text, tone } = words[standing];
  const facts: readonly (readonly [name: string, value: string])[] = [
    ["Plan", `${nameOf(plan)}, ${monthly(plan)}`],
    ...(standing === "runs" ? [["Next payment", dateOf(periodEnd)] as const] : []),
    ...(card ? [["Paid with", card] as const] : []),
    ["Pro features", accessText(pro)],
  ];
  return `<p class="state ${tone}" role="status" data-status="${standing}">${title(membership)}</p>
    <p id="next">${text}</p>${waits.includes(standing) ? lookAgain("Still no word of a payment.") : ""}
    <dl class="facts">${facts.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`).join("")}</dl>
    <div class="doing">${doings[standing](membership, wish).join("")}</div>`;
}

function accessText({ allowed, until, isGrace }: ProAccess): string {
  if (!allowed) return "No";
  if (until === null) return "Yes";
  return `Yes, until ${dateOf(until)}${isGrace ? ", while we wait for your payment" : ""}`;
}

type Doing = (membership: Membership, wish: string) => readonly string[];

const pay = (wish: string) => form("/club/pay", wish, `<button>Pay now</button>`);
const newCard = (wish: string) => form("/club/card", wish, `<button class="quiet">Use another card</button>`);
const leave = (wish: string, when: string, name: string) =>
  form("/club/leave", wish, `<button class="quiet" name="when" value="${when}">${name}</button>`);

/** What can be done, as it stands. */
const doings: Readonly<Record<Standing, Doing>> = {
  unpaid: (_membership, wish) => [pay(wish), leave(wish, "now", "Give it up")],
  runs: ({ plan }, wish) => [
    ...(plan === "pro" ? [] : [`<a class="button" href="/club/upgrade">Upgrade to ${nameOf("pro")}</a>`]),
    newCard(wish),
    leave(wish, "period_end", "Cancel at the end of the month"),
    leave(wish, "now", "Cancel now"),
  ],
  late: (_membership, wish) => [pay(wish), newCard(wish), leave(wish, "now", "Cancel now")],
  upgrading: (_membership, wish) => [
    pay(wish),
    form("/club/drop", wish, `<button class="quiet">Stay as it was</button>`),
  ],
  ending: (_membership, wish) => [
    form("/club/stay", wish, `<button>Stay a member</button>`),
    leave(wish, "now", "Cancel now"),
  ],
};

/** What is paid now and later, before anything is changed. */
export function upgradePage({ cart, plan, bill }: { cart: Cart; plan: ClubPlan; bill: UpgradeBill }): string {
  const { lines, dueCents, nextCents, nextAt, token } = bill;
  const rows = lines.map(
    ({ text, cents }) => `<tr><td>${escapeHtml(text)}</td><td class="money">${price(cents)}</td></tr>`,
  );
  return page(
    `Upgrade to ${nameOf(plan)}`,
    cart,
    `<h1>Upgrade to ${nameOf(plan)}</h1>
    <table><thead><tr><th>For the rest of this month</th><th class="money">Price</th></tr></thead>
    <tbody>${rows.join("")}</tbody>
    <tfoot><tr><th>To pay now</th><th class="money">${price(dueCents)}</th></tr></tfoot></table>
    <p>From ${dateOf(nextAt)} on, ${price(nextCents)} a month.</p>
    <form method="post" action="/club/upgrade"><input type="hidden" name="token" value="${escapeHtml(token)}">
    <button class="main">Upgrade and pay ${price(dueCents)}</button></form>
    <p><a href="/club">Leave it as it is</a></p>`,
  );
}

const nameOf = (plan: ClubPlan): string => catalog.plans[plan].name;

function form(action: string, wish: string, fields: string): string {
  return `<form method="post" action="${action}" class="row">
    <input type="hidden" name="wish" value="${wish}">${fields}</form>`;
}

function dateOf(date: Date | null): string {
  return date ? new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(date) : "";
}
