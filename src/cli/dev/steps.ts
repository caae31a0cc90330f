// What `bursar dev` writes into the log of each order, in the order in which it was heard.
import type { Log } from "#kit/log.ts";
import type { Billing, Fact, FactType, Money } from "../../billing/api/index.ts";
import { subjectOf } from "../../billing/index.ts";

/** Facts are told to whoever listens; here a listener of ours writes them down. */
const factListener = "dev.lines.";

export interface Steps {
  readonly listenTo: (billing: Billing, types: readonly FactType[], log: Log) => void;
  readonly packed: (orderId: string, log: Log) => void;
}

/** One after the other: a fact before what the shop did because of it, though more is looked up for the fact. */
export function createSteps(): Steps {
  let before: Promise<void> = Promise.resolve();
  const inTurn = (tell: () => Promise<void> | void): Promise<void> => {
    const told = before.then(tell);
    before = told.catch(() => {}); // Its own caller hears of it; the next one has nothing to do with it.
    return told;
  };
  return {
    listenTo(billing, types, log) {
      for (const type of types) {
        const listener = (fact: Fact) => inTurn(async () => log.info("fact", await detailsOf(billing, fact)));
        billing.on(type, listener, { id: `${factListener}${type}` });
      }
    },
    packed: (orderId, log) => void inTurn(() => log.info("shop.packed", { orderId })),
  };
}

/** That our own listener was told is not worth a line. */
export function isOwnDelivery({ event, handler }: Readonly<Record<string, unknown>>): boolean {
  return event === "outbox.delivered" && String(handler).startsWith(factListener);
}

interface Told {
  readonly orderId?: string | null;
  readonly refundId?: string;
  readonly invoiceId?: string | null;
  readonly amount?: Money;
  /** Of an order, a number beside an amount. */
  readonly amountPaid?: Money | number;
  readonly amountDue?: Money;
  readonly customerId?: string | null;
}

/** What the fact says, and what a reader wants beside it: how much is at stake, and whose order it is. */
async function detailsOf(billing: Billing, fact: Fact): Promise<Record<string, unknown>> {
  const { type, data } = fact;
  const { amountPaid, amountDue }: Told = data;
  const invoiced = typeof amountPaid === "object" ? amountPaid : amountDue;
  const { orderId, refundId, amount = invoiced }: Told = data;
  const order = orderId ? await billing.orders.get(orderId) : undefined;
  const refunded = refundId && !amount ? (await billing.refunds.get(refundId)).amount : amount;
  const { customerId = order?.customerId }: Told = data;
  return { ...data, subject: subjectOf(fact), type, amount: refunded ?? order?.total, customerId };
}
