// READ FIRST: a small shop as it might have stood for years, with a database of its own and no idea of Stripe.
// What it knows about payment: whoever takes the money tells it where a customer pays an order and how that stands, and
// calls fulfil() when the order is paid. billing.ts is where that happens.
//
// An order is fulfilled once: the row in `fulfilments` is unique, so being told twice packs one parcel.
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import type { ClubDesk } from "./club/club.ts";

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly about: string;
  readonly cents: number;
}

export interface Line {
  readonly description: string;
  readonly quantity: number;
  readonly unitAmount: number;
}

export interface ShopOrder {
  readonly id: string;
  readonly session: string;
  /** Whose it is, for others: the session's cookie opens the session. */
  readonly customer: string;
  readonly placedAt: string;
  readonly fulfilledAt: string | null;
  readonly lines: readonly Line[];
  readonly totalCents: number;
}

/**
 * declined: the last try, and another card may pay. underway: the bank takes its time. over: nobody pays it any more.
 * unknown: whoever takes the money does not answer, so that it may have been paid.
 */
export type PaymentState = "unpaid" | "declined" | "underway" | "paid" | "over" | "unknown";

/** Whoever takes the money. */
export interface Till {
  /** The address where the order's customer pays. */
  pay(order: ShopOrder, returnUrl: string): Promise<string>;
  state(order: ShopOrder): Promise<PaymentState>;
}

export interface Shop {
  products(): Product[];
  newSession(): string;
  cart(session: string): { product: Product; quantity: number }[];
  /** Sets how many pieces of a product are in the cart; 0 takes it out. False when there is no such product. */
  putInCart(session: string, productId: string, quantity: number): boolean;
  /** Makes an order of the cart and empties it; undefined when there is nothing in it. */
  placeOrder(session: string): ShopOrder | undefined;
  order(id: string): ShopOrder | undefined;
  orders(session: string): ShopOrder[];
  /**
   * Called when an order is paid. True the first time; false when it had been packed already, and for an order that was
   * not placed here: others may take payments through the same billing.
   */
  fulfil(orderId: string): boolean;
  payWith(till: Till): void;
  pay(order: ShopOrder, returnUrl: string): Promise<string>;
  /** Whose session it is, for others; undefined for who has not bought anything. */
  customer(session: string): string | undefined;
  newCustomer(session: string): string;
  /** Who may join is asked for what it costs by whoever takes the money. */
  openClub(desk: ClubDesk): void;
  club(): ClubDesk | undefined;
  /** Asks as the till knows it now, and not for long: a customer is waiting. */
  paymentState(order: ShopOrder): Promise<PaymentState>;
  close(): void;
}

export const currency = "eur";
export const quantityMax = 20; // more than this is wholesale, and they telephone

/** The page says that it does not know yet, and looks again by itself. */
const patienceMs = 3_000;

const catalogue: readonly Product[] = [
  { id: "coffee", name: "House coffee, 250 g", about: "Roasted on Tuesdays. Plum, cocoa, no drama.", cents: 1_290 },
  { id: "mug", name: "Enamel mug", about: "Survives camping, dishwashers and heirs.", cents: 1_800 },
  { id: "grinder", name: "Hand grinder", about: "Steel burrs and two minutes of meditation.", cents: 7_900 },
];

const schema = `
  create table if not exists products (
    id text primary key, name text not null, about text not null, cents integer not null);
  create table if not exists cart_lines (
    session text not null, product_id text not null references products (id), quantity integer not null,
    primary key (session, product_id));
  create table if not exists orders (
    number integer primary key autoincrement, session text not null, placed_at text not null);
  create table if not exists customers (
    number integer primary key autoincrement, session text not null unique);
  insert or ignore into customers (session) select distinct session from orders;
  create table if not exists order_lines (
    order_number integer not null references orders (number), description text not null,
    quantity integer not null, unit_amount integer not null);
  create table if not exists fulfilments (
    order_number integer primary key references orders (number), at text not null);
  insert into sqlite_sequence (name, seq)
    select 'orders', 1000 where not exists (select 1 from sqlite_sequence where name = 'orders');
`;

/** Opens the shop's own database. `path` is a file or `:memory:`; `onPacked` hears of each parcel. */
export function openShop(path: string, onPacked: (orderId: string) => void = () => {}): Shop {
  if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path);
  db.exec("pragma journal_mode = wal");
  db.exec(schema);
  for (const { id, name, about, cents } of catalogue) {
    db.prepare("insert or replace into products values (?, ?, ?, ?)").run(id, name, about, cents);
  }
  let till: Till | undefined;
  let desk: ClubDesk | undefined;

  const shop: Shop = {
    products: () => db.prepare("select id, name, about, cents from products order by cents").all().map(toProduct),
    newSession: () => randomUUID(),
    cart: (session) =>
      db
        .prepare("select p.*, c.quantity from cart_lines c join products p on p.id = c.product_id where session = ?")
        .all(session)
        .map((row) => ({ product: toProduct(row), quantity: Number(row.quantity) })),
    putInCart(session, productId, quantity) {
      if (!db.prepare("select 1 from products where id = ?").get(productId)) return false;
      if (quantity <= 0) {
        db.prepare("delete from cart_lines where session = ? and product_id = ?").run(session, productId);
      } else {
        db.prepare("insert or replace into cart_lines values (?, ?, ?)").run(session, productId, quantity);
      }
      return true;
    },
    placeOrder: (session) => placeOrder(db, shop, session),
    order: (id) => readOrder(db, id),
    orders: (session) =>
      db
        .prepare("select number from orders where session = ? order by number desc limit 20")
        .all(session)
        .flatMap((row) => readOrder(db, orderId(row.number)) ?? []),
    fulfil(id) {
      const added = db
        .prepare("insert or ignore into fulfilments select number, datetime('now') from orders where number = ?")
        .run(orderNumber(id));
      if (added.changes === 1) onPacked(id);
      return added.changes === 1;
    },
    payWith(given) {
      till = given;
    },
    customer: (session) => readCustomer(db, session),
    newCustomer(session) {
      db.prepare("insert or ignore into customers (session) values (?)").run(session);
      return readCustomer(db, session) ?? "";
    },
    openClub(given) {
      desk = given;
    },
    club: () => desk,
    async pay(order, returnUrl) {
      if (!till) throw new Error("This shop takes no payments yet: see billing.ts.");
      return till.pay(order, returnUrl);
    },
    paymentState: async (order) => (till ? askTill(till, order) : "unknown"),
    close: () => db.close(),
  };
  return shop;
}

/** No answer is not a no: the money may have moved. */
async function askTill(till: Till, order: ShopOrder): Promise<PaymentState> {
  const asking = till.state(order).catch((error: unknown): PaymentState => {
    process.stderr.write(`shop: how ${order.id} stands is not known: ${String(error)}\n`);
    return "unknown";
  });
  const patience = new AbortController();
  const late = setTimeout(patienceMs, "unknown" as const, { signal: patience.signal }).catch(() => "unknown" as const);
  const state = await Promise.race([asking, late]);
  patience.abort();
  return state;
}

type Row = Record<string, unknown>;

function readCustomer(db: DatabaseSync, session: string): string | undefined {
  const row = db.prepare("select number from customers where session = ?").get(session);
  return row && customerId(row.number);
}

function placeOrder(db: DatabaseSync, shop: Shop, session: string): ShopOrder | undefined {
  const cart = shop.cart(session);
  if (cart.length === 0) return undefined;
  db.exec("begin immediate");
  try {
    db.prepare("insert or ignore into customers (session) values (?)").run(session);
    const made = db.prepare("insert into orders (session, placed_at) values (?, datetime('now'))").run(session);
    for (const { product, quantity } of cart) {
      db.prepare("insert into order_lines values (?, ?, ?, ?)").run(
        made.lastInsertRowid,
        product.name,
        quantity,
        product.cents,
      );
    }
    db.prepare("delete from cart_lines where session = ?").run(session);
    db.exec("commit");
    return readOrder(db, orderId(made.lastInsertRowid));
  } catch (error) {
    db.exec("rollback");
    throw error;
  }
}

function readOrder(db: DatabaseSync, id: string): ShopOrder | undefined {
  const number = orderNumber(id);
  const row = db
    .prepare(
      `select o.*, c.number as customer, f.at from orders o join customers c on c.session = o.session
        left join fulfilments f on f.order_number = o.number where o.number = ?`,
    )
    .get(number);
  if (!row) return undefined;
  const lines = db
    .prepare("select description, quantity, unit_amount from order_lines where order_number = ? order by rowid")
    .all(number)
    .map((line) => ({
      description: String(line.description),
      quantity: Number(line.quantity),
      unitAmount: Number(line.unit_amount),
    }));
  return {
    id,
    session: String(row.session),
    customer: customerId(row.customer),
    placedAt: String(row.placed_at),
    fulfilledAt: row.at === null ? null : String(row.at),
    lines,
    totalCents: lines.reduce((sum, line) => sum + line.quantity * line.unitAmount, 0),
  };
}

function toProduct(row: Row): Product {
  return { id: String(row.id), name: String(row.name), about: String(row.about), cents: Number(row.cents) };
}

const customerId = (number: unknown): string => `visitor_${String(number)}`;
const orderId = (number: unknown): string => `order_${String(number)}`;
/** -1, which no order has, for anything that is not one of our numbers. */
const orderNumber = (id: string): number => (/^order_\d{1,15}$/.test(id) ? Number(id.slice("order_".length)) : -1);
