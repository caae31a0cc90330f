// A testbed as billing's own tests want it: billing itself instead of a driven one, and every fact that it handed over.
// `const world = await startWorld({ url })`, then `await createOrder(world, "order_1")`.
import { dayMs, hourMs } from "#kit/clock.ts";
import { billingSettings, createTestbed, type Testbed } from "../../testing/index.ts";
import { type Billing, type BillingOptions, type Fact, factTypes, type Order } from "../index.ts";
import type { BillingSql } from "../kernel/store/tables.ts";
import { facts as factTable } from "../resources/index.ts";

export { billingUrl, type FaultKind, sandboxUrl as stripeUrl, secretKey } from "../../testing/index.ts";

export interface World
  extends Pick<
    Testbed,
    | "ports"
    | "sandbox"
    | "stripe"
    | "log"
    | "requests"
    | "fail"
    | "mend"
    | "deliver"
    | "pay"
    | "twin"
    | "life"
    | "mortalTwin"
    | "close"
  > {
  readonly billing: Billing;
  readonly facts: readonly Fact[];
  /** Webhooks are refused while this is false. */
  setWebhooks(areOn: boolean): void;
  /** Awaits something of billing's, moving the clock while it waits. */
  run<T>(work: Promise<T>): Promise<T>;
  advance(ms: number): Promise<void>;
}

export interface WorldOptions {
  readonly url: string;
  readonly seed?: number;
  readonly handlers?: (billing: Billing) => void;
  readonly options?: Partial<BillingOptions>;
  readonly isStarted?: boolean;
}

export async function startWorld({ url, seed = 1, handlers, options, isStarted }: WorldOptions): Promise<World> {
  const facts: Fact[] = [];
  const made: Billing[] = [];
  const record = (billing: Billing): void => {
    made.push(billing);
    for (const type of factTypes) {
      billing.on(type, (fact) => void facts.push(asDeclared(fact as Fact)), { id: `recorder:${type}` });
    }
    handlers?.(billing);
  };
  const testbed = await createTestbed({ seed, database: url, billing: options, isStarted, handlers: record });
  return {
    ...testbed,
    billing: made[0] as Billing, // The testbed has booted it.
    facts,
    setWebhooks: (areOn) => testbed.plug("stripe", areOn),
    run: testbed.settle,
  };
}

/** What is told is what its table says, to the letter: nothing is missing, nothing beside it. */
function asDeclared(fact: Fact): Fact {
  factTable[fact.type].data.parse(fact.data);
  return fact;
}

/** What createBilling needs, for a database. */
export function optionsFor(url: string): BillingOptions {
  return billingSettings(url, "whsec_of_the_test_world");
}

/** As if another process caught up with Stripe's events all day long: a tick works what it was handed, and no more. */
export async function leaveCatchUp(sql: BillingSql): Promise<void> {
  await sql.write("leave_catch_up", async (tx) => {
    const value = String(Date.UTC(2100, 0));
    await tx.insertInto("settings").values({ key: "last_did_catch_up", value }).execute();
  });
}

/** As if what is open had been wished a day ago, and sent 23 hours ago. */
export async function wishedADayAgo(sql: BillingSql): Promise<void> {
  await sql.write("a_day_ago", async (tx) => {
    await tx
      .updateTable("operations")
      .set((eb) => ({ created_at: eb("created_at", "-", dayMs) }))
      .where("state", "=", "open")
      .execute();
    await tx
      .updateTable("calls")
      .set((eb) => ({ first_sent_at: eb("first_sent_at", "-", 23 * hourMs) }))
      .where("state", "!=", "answered")
      .execute();
  });
}

/** An order of 25 €, created. */
export async function createOrder(
  world: World,
  id: string,
  more: Partial<Parameters<Billing["orders"]["create"]>[0]> = {},
): Promise<Order> {
  const lines = [{ description: "Tea", quantity: 2, unitAmount: 1250 }];
  return world.run(world.billing.orders.create({ id, currency: "eur", lines, ...more }));
}

/** How often something of an order was told. The same fact may be handed over twice. */
export function timesTold(world: World, type: Fact["type"], orderId: string): number {
  const told = world.facts.filter(
    (fact) => fact.type === type && "orderId" in fact.data && fact.data.orderId === orderId,
  );
  return new Set(told.map(({ id }) => id)).size;
}

/** Saves a test card with a customer, who is made when there is none: the default, unless it is said otherwise. */
export async function saveCard(
  world: World,
  customerId: string,
  { card = "pm_card_visa", isDefault = true } = {},
): Promise<string> {
  const { stripeCustomerId } = await world.run(world.billing.customers.ensure({ id: customerId }));
  const customer = stripeCustomerId as string;
  const { id } = await world.run(world.stripe.paymentMethods.attach(card, { customer }).then((made) => made));
  const invoice_settings = { default_payment_method: id };
  if (isDefault) await world.run(world.stripe.customers.update(customer, { invoice_settings }).then((made) => made));
  await world.advance(10_000);
  return id;
}
