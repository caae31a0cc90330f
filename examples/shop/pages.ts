// The shop's pages: plain HTML from the server, forms and links, no script.
import { escapeHtml, lookAgain, page, price } from "./layout.ts";
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

const stillUnknown = "Still no word of it. You need not pay again: we pack your order as soon as the money is here.";

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
    ${isPayable(state) ? button : ""}${looks ? lookAgain(stillUnknown) : ""}
    <table><thead><tr><th>Product</th><th class="money">Price</th></tr></thead><tbody>${rows.join("")}</tbody>
    <tfoot><tr><th>Total</th><th class="money">${price(order.totalCents)}</th></tr></tfoot></table>
    <p><a href="/">Look around</a> or <a href="/orders">see all your orders</a>.</p>`,
  );
}

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
