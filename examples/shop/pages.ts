// The shop's pages: plain HTML from the server, forms and links, no script.
import { type PaymentState, type Product, quantityMax, type ShopOrder } from "./shop.ts";

export interface CartLine {
  readonly product: Product;
  readonly quantity: number;
}

export function cataloguePage(products: readonly Product[], cart: readonly CartLine[]): string {
  const cards = products.map(
    (product) => `
      <li class="card">
        <div class="picture" aria-hidden="true">${pictures[product.id] ?? ""}</div>
        <h2>${escapeHtml(product.name)}</h2>
        <p>${escapeHtml(product.about)}</p>
        <form method="post" action="/cart" class="row">
          <input type="hidden" name="product" value="${escapeHtml(product.id)}">
          <strong>${price(product.cents)}</strong>
          <button aria-label="Add to cart: ${escapeHtml(product.name)}">Add to cart</button>
        </form>
      </li>`,
  );
  return page("Three good things", cart, `<h1>Three good things</h1><ul class="cards">${cards.join("")}</ul>`);
}

export function cartPage(cart: readonly CartLine[]): string {
  if (cart.length === 0)
    return page("Your cart", cart, `<h1>Your cart</h1><p>It is empty. <a href="/">Look around</a>.</p>`);
  const rows = cart.map(
    ({ product, quantity }) => `
      <tr>
        <td>${escapeHtml(product.name)}</td>
        <td><form method="post" action="/cart" class="row">
          <input type="hidden" name="product" value="${escapeHtml(product.id)}">
          <input type="number" name="quantity" value="${quantity}" min="0" max="${quantityMax}"
            aria-label="Pieces of ${escapeHtml(product.name)}">
          <button class="quiet" aria-label="Change the number of ${escapeHtml(product.name)}">Change</button>
          <button class="quiet" name="quantity" value="0" formnovalidate
            aria-label="Remove ${escapeHtml(product.name)}">Remove</button>
        </form></td>
        <td class="money">${price(product.cents * quantity)}</td>
      </tr>`,
  );
  const total = cart.reduce((sum, { product, quantity }) => sum + product.cents * quantity, 0);
  return page(
    "Your cart",
    cart,
    `<h1>Your cart</h1>
    <table><thead><tr><th>Product</th><th>Pieces</th><th class="money">Price</th></tr></thead>
    <tbody>${rows.join("")}</tbody>
    <tfoot><tr><th colspan="2">Total</th><th class="money">${price(total)}</th></tr></tfoot></table>
    <form method="post" action="/orders"><button class="main">Order and pay ${price(total)}</button></form>`,
  );
}

export type OrderState = PaymentState | "packed";

interface Words {
  readonly title: string;
  readonly text: string;
  /** Whether to pay is offered: never while it may have been paid. */
  readonly isPayable?: true;
  /** Whether the page looks by itself how it goes on. */
  readonly looks?: true;
}

const words: Readonly<Record<OrderState, Words>> = {
  packed: { title: "Paid. Your parcel is packed.", text: "" },
  paid: { title: "Paid. We are packing your parcel.", text: "There is nothing left for you to do.", looks: true },
  underway: {
    title: "Your payment is on its way.",
    text: "Some banks take days. We pack your order as soon as the money is here; you need not pay again.",
    looks: true,
  },
  unknown: {
    title: "We are checking your payment…",
    text: "If you have paid, nothing is lost, and you need not pay again. This page looks by itself.",
    looks: true,
  },
  unpaid: { title: "Not paid yet.", text: "We pack it as soon as it is paid.", isPayable: true },
  declined: {
    title: "Your payment was declined.",
    text: "Nothing was taken. Another card may pay it.",
    isPayable: true,
  },
  over: { title: "This order is not to be paid any more.", text: "If you paid for it, we will write to you." },
};

export const isPayable = (state: OrderState): boolean => words[state].isPayable === true;

export function orderPage(order: ShopOrder, state: OrderState, cart: readonly CartLine[]): string {
  const rows = order.lines.map(
    (line) => `<tr><td>${line.quantity} × ${escapeHtml(line.description)}</td>
      <td class="money">${price(line.quantity * line.unitAmount)}</td></tr>`,
  );
  const { title, text, looks } = words[state];
  const again = state === "declined" ? "Pay by another card" : `Pay ${price(order.totalCents)}`;
  const button = `<form method="post" action="/orders/${order.id}/pay"><button class="main">${again}</button></form>`;
  const isGood = state === "paid" || state === "packed";
  return page(
    `Order ${order.id}`,
    cart,
    `<h1>Order <span class="number">${order.id}</span></h1>
    <p class="state${isGood ? " paid" : ""}" role="status" data-status="${state}">${title}</p><p id="next">${text}</p>
    ${isPayable(state) ? button : ""}${looks ? lookAgain : ""}
    <table><thead><tr><th>Product</th><th class="money">Price</th></tr></thead><tbody>${rows.join("")}</tbody>
    <tfoot><tr><th>Total</th><th class="money">${price(order.totalCents)}</th></tr></tfoot></table>
    <p><a href="/">Look around</a> or <a href="/orders">see all your orders</a>.</p>`,
  );
}

/** Every two seconds for a minute, until it stands otherwise. Some payments take days: no page waits for those. */
const lookAgain = `<script>
  const state = (text) => (/data-status="(\\w+)"/.exec(text) || [])[1];
  const shown = state(document.body.innerHTML);
  const look = async (left) => {
    const answer = await fetch(location.pathname).catch(() => undefined);
    const now = answer && answer.ok ? state(await answer.text()) : undefined;
    if (now && now !== shown) return location.reload();
    if (left > 0) return setTimeout(look, 2000, left - 1);
    document.getElementById("next").textContent =
      "Still no word of it. You need not pay again: we pack your order as soon as the money is here. " +
      "Load this page again to see how it stands.";
  };
  setTimeout(look, 2000, 30);
</script>`;

export function ordersPage(orders: readonly ShopOrder[], cart: readonly CartLine[]): string {
  const rows = orders.map(
    (order) => `<tr><td><a href="/orders/${order.id}">${order.id}</a></td>
      <td>${order.fulfilledAt ? "paid, packed" : "open"}</td>
      <td class="money">${price(order.totalCents)}</td></tr>`,
  );
  const heads = `<th>Order</th><th>State</th><th class="money">Price</th>`;
  const list = rows.length
    ? `<table><thead><tr>${heads}</tr></thead><tbody>${rows.join("")}</tbody></table>`
    : `<p>No orders yet. <a href="/">Look around</a>.</p>`;
  return page("Your orders", cart, `<h1>Your orders</h1>${list}`);
}

export interface WayOn {
  readonly path: string;
  readonly name: string;
}

/** Whatever went wrong: what it was, and a way on. */
export function messagePage(given: {
  title: string;
  message: string;
  cart?: readonly CartLine[];
  way?: WayOn;
}): string {
  const { title, message, cart = [], way = { path: "/", name: "To the shop" } } = given;
  const text = `<p>${escapeHtml(message)}</p><p><a href="${escapeHtml(way.path)}">${escapeHtml(way.name)}</a></p>`;
  return page(title, cart, `<h1>${escapeHtml(title)}</h1>${text}`);
}

function page(title: string, cart: readonly CartLine[], main: string): string {
  const pieces = cart.reduce((sum, { quantity }) => sum + quantity, 0);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)} · Corner Shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>${style}</style></head>
<body><header><a class="brand" href="/">Corner Shop</a>
<nav><a href="/orders">Orders</a> <a href="/cart">Cart${pieces ? ` <b>${pieces}</b>` : ""}</a></nav></header>
<main>${main}</main>
<footer>An example shop. No real money moves here, and nothing is sent.</footer></body></html>`;
}

const price = (cents: number): string => `€\u00a0${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const draw = (...shapes: readonly string[]): string =>
  `<svg viewBox="0 0 120 90" fill="none" stroke="#3d3a34" stroke-width="3" stroke-linejoin="round">
    ${shapes.join("")}</svg>`;
const pictures: Readonly<Record<string, string>> = {
  coffee: draw(
    `<path d="M38 14h44l4 10v52H34V24z" fill="#c9a27a"/><path d="M34 24h52"/>`,
    `<ellipse cx="60" cy="52" rx="11" ry="15" fill="#7a5233"/><path d="M60 37c-6 10 6 20 0 30"/>`,
  ),
  mug: draw(
    `<path d="M34 22h44v46a8 8 0 0 1-8 8H42a8 8 0 0 1-8-8z" fill="#dfe8ef"/>`,
    `<path d="M78 34h8a9 9 0 0 1 9 9v6a9 9 0 0 1-9 9h-8"/><path d="M34 22h44" stroke="#2f5d8a" stroke-width="5"/>`,
  ),
  grinder: draw(
    `<path d="M44 30h32v46H44z" fill="#b8bdb5"/><path d="M48 18h24l4 12H44zM60 18V8h30"/>`,
    `<circle cx="93" cy="8" r="5" fill="#7a5233"/><path d="M44 52h32"/>`,
  ),
};

const style = `
:root{color-scheme:light;--ink:#26231f;--soft:#6a6459;--line:#e3ddd1;--paper:#fbf8f2;--card:#fff;--accent:#1f5f4a}
*{box-sizing:border-box}
body{margin:0;font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
header,main,footer{max-width:60rem;margin:0 auto;padding:1rem 1.25rem}
header{display:flex;justify-content:space-between;align-items:baseline;border-bottom:1px solid var(--line)}
.brand{font:600 1.35rem Georgia,serif;color:var(--ink);text-decoration:none}
nav a{margin-left:1rem;padding:.5rem 0}
nav b{background:var(--accent);color:#fff;border-radius:1rem;padding:0 .5rem;font-size:.8rem}
h1{font:600 1.9rem/1.2 Georgia,serif;margin:1.5rem 0 1rem}
h2{font-size:1.1rem;margin:.75rem 0 .25rem}
a{color:var(--accent)}
footer{color:var(--soft);font-size:.875rem;margin-top:2rem;border-top:1px solid var(--line)}
.cards{list-style:none;margin:0;padding:0;display:grid;gap:1rem;
  grid-template-columns:repeat(auto-fit,minmax(15rem,1fr))}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1rem;display:flex;
  flex-direction:column}
.card p{margin:0 0 1rem;color:var(--soft);flex:1}
.picture{background:#f3ede1;border-radius:.5rem;padding:1rem}
.picture svg{display:block;height:6rem;margin:0 auto}
.row{display:flex;gap:.5rem;align-items:center;justify-content:space-between}
button{font:inherit;border:1px solid var(--accent);background:var(--accent);color:#fff;border-radius:.5rem;
  padding:.5rem 1rem;min-height:2.75rem;cursor:pointer}
button.quiet{background:none;color:var(--accent)}
button.main{margin-top:1rem;padding:.75rem 1.5rem;font-weight:600}
button:focus-visible,a:focus-visible,input:focus-visible{outline:3px solid #e0a93b;outline-offset:2px}
input{font:inherit;padding:.5rem;width:4.5rem;border:1px solid #8b8578;border-radius:.5rem;min-height:2.75rem;
  background:#fff}
table{width:100%;border-collapse:collapse;background:var(--card);border:1px solid var(--line)}
td,th{padding:.6rem .75rem;text-align:left;border-bottom:1px solid var(--line)}
td .row{justify-content:flex-start}
td .row button{padding:.5rem .75rem}
.money{text-align:right;white-space:nowrap}
.number{font-family:ui-monospace,monospace;font-size:1.5rem}
.state{display:inline-block;margin:0;padding:.5rem 1rem;border-radius:.5rem;background:#fbeecb;font-weight:600}
.state.paid{background:#d7efe2}
.state+p{margin:.75rem 0 0}
.state+p:empty{display:none}
main table{margin-top:1rem}
@media(max-width:30rem){
  td,th{padding:.5rem}
  td .row{flex-wrap:wrap}
  button.main{width:100%}
}`;
