// The shop's web server: routes, a session cookie, small form bodies.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { answerClub } from "./club/routes.ts";
import { cartPage, cataloguePage, isPayable, messagePage, type OrderState, orderPage, ordersPage } from "./pages.ts";
import { quantityMax, type Shop, type ShopOrder } from "./shop.ts";

const bodyBytesMax = 4_096; // our own forms are a tenth of it
const cookieName = "corner_shop";

type Answer = { status: number; html: string } | { status: 303; location: string };

/** Makes the server; the caller listens. `publicUrl` answers under which address browsers reach the shop. */
export function createShopServer(shop: Shop, publicUrl: () => string): Server {
  return createServer((request, response) => {
    const { session, isNew } = sessionOf(request, shop);
    void answer({ shop, publicUrl, request, session })
      .catch((error: unknown): Answer => {
        process.stderr.write(`shop: ${request.method} ${request.url}: ${String(error)}\n`);
        return { status: 502, html: troublePage() };
      })
      .then((result) => send(response, result, isNew ? session : undefined));
  });
}

interface Visit {
  readonly shop: Shop;
  readonly publicUrl: () => string;
  readonly request: IncomingMessage;
  readonly session: string;
}

async function answer(visit: Visit): Promise<Answer> {
  const { shop, request, session } = visit;
  const url = new URL(request.url ?? "/", "http://shop");
  const cart = shop.cart(session);
  const [, first = "", orderId = "", action = ""] = url.pathname.split("/");
  const club = first === "club" ? await visitClub(visit, url) : undefined;
  if (club) return club;
  switch (`${request.method} /${first}`) {
    case "GET /":
      return { status: 200, html: cataloguePage(shop.products(), cart) };
    case "GET /cart":
      return { status: 200, html: cartPage(cart) };
    case "POST /cart":
      return changeCart(visit);
    case "GET /orders":
      return orderId ? showOrder(visit, orderId) : { status: 200, html: ordersPage(shop.orders(session), cart) };
    case "POST /orders":
      if (!orderId) return placeOrder(visit);
      if (action === "pay") return pay(visit, orderId);
  }
  return { status: 404, html: messagePage({ title: "Not here", message: "There is no such page.", cart }) };
}

async function visitClub({ shop, publicUrl, request, session }: Visit, url: URL): Promise<Answer | undefined> {
  const desk = shop.club();
  if (!desk) return undefined;
  return answerClub({
    desk,
    customer: shop.customer(session) ?? null,
    newCustomer: () => shop.newCustomer(session),
    cart: shop.cart(session),
    url: `${publicUrl()}/club`,
    method: request.method ?? "",
    path: url.pathname.slice("/club".length),
    query: url.searchParams,
    form: () => readForm(request),
  });
}

/** What exactly went wrong is in the shop's own log: it is no use to a customer. */
function troublePage(): string {
  const message = "This is our fault, not yours. Nothing was lost: an order that was placed can be paid in a moment.";
  return messagePage({ title: "That did not work", message, way: { path: "/orders", name: "To your orders" } });
}

async function changeCart({ shop, request, session }: Visit): Promise<Answer> {
  const form = await readForm(request);
  const product = form.get("product") ?? "";
  const inCart = shop.cart(session).find((line) => line.product.id === product)?.quantity ?? 0;
  // The button that removes sends its own quantity behind the field's.
  const wanted = form.has("quantity") ? Number(form.getAll("quantity").at(-1)) : inCart + 1;
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > quantityMax) {
    const message = `We sell 1 to ${quantityMax} pieces of one thing.`;
    const way = { path: "/cart", name: "Back to your cart" };
    return { status: 422, html: messagePage({ title: "That many?", message, cart: shop.cart(session), way }) };
  }
  if (!shop.putInCart(session, product, wanted)) {
    return { status: 404, html: messagePage({ title: "Not here", message: "We do not sell that." }) };
  }
  return { status: 303, location: "/cart" };
}

async function placeOrder(visit: Visit): Promise<Answer> {
  const order = visit.shop.placeOrder(visit.session);
  if (order) return pay(visit, order.id);
  // A double click: the first one emptied the cart and made the order, the second one goes on to pay that same order.
  const last = visit.shop.orders(visit.session)[0];
  return last && !last.fulfilledAt ? pay(visit, last.id) : { status: 303, location: "/orders" };
}

async function pay(visit: Visit, orderId: string): Promise<Answer> {
  const order = ownOrder(visit, orderId);
  if (!order) return { status: 404, html: noOrderPage() };
  const here = `/orders/${orderId}`;
  // The button may be of a page that was loaded before the order was paid.
  if (!isPayable(await stateOf(visit, order))) return { status: 303, location: here };
  return { status: 303, location: await visit.shop.pay(order, visit.publicUrl() + here) };
}

async function showOrder(visit: Visit, orderId: string): Promise<Answer> {
  const order = ownOrder(visit, orderId);
  if (!order) return { status: 404, html: noOrderPage() };
  const state = await stateOf(visit, order);
  return { status: 200, html: orderPage(order, state, visit.shop.cart(visit.session)) };
}

/** The parcel is the shop's own to know; of the money it asks, whichever way the customer came. */
async function stateOf({ shop }: Visit, order: ShopOrder): Promise<OrderState> {
  return order.fulfilledAt ? "packed" : shop.paymentState(order);
}

function noOrderPage(): string {
  const message = "You have no such order in this browser.";
  return messagePage({ title: "Not here", message, way: { path: "/orders", name: "To your orders" } });
}

/** An order's number in an address grants nothing: the session must be the one that placed it. */
function ownOrder({ shop, session }: Visit, orderId: string) {
  const order = shop.order(orderId);
  return order?.session === session ? order : undefined;
}

function sessionOf(request: IncomingMessage, shop: Shop): { session: string; isNew: boolean } {
  const known = new RegExp(`(?:^|; )${cookieName}=([0-9a-f-]{36})`).exec(request.headers.cookie ?? "")?.[1];
  return known ? { session: known, isNew: false } : { session: shop.newSession(), isNew: true };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    if (bytes > bodyBytesMax) throw new Error("the form is too large");
    parts.push(part as Buffer);
  }
  return new URLSearchParams(Buffer.concat(parts).toString("utf8"));
}

function send(response: ServerResponse, result: Answer, newSession: string | undefined): void {
  if (newSession) response.setHeader("set-cookie", `${cookieName}=${newSession}; Path=/; HttpOnly; SameSite=Lax`);
  response.setHeader("cache-control", "no-store");
  if ("location" in result) {
    response.writeHead(303, { location: result.location }).end();
  } else {
    response.writeHead(result.status, { "content-type": "text/html; charset=utf-8" }).end(result.html);
  }
}
