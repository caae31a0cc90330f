// An account at Stripe as a company has one before it knows of Bursar.
import type Stripe from "stripe";

/** A world of a test has both. */
interface Shop {
  readonly stripe: Stripe;
  run<T>(work: Promise<T>): Promise<T>;
}

export interface Account {
  /** By the host's id, the Customer's. */
  readonly placed: ReadonlyMap<string, string>;
  readonly withoutId: string;
  readonly twice: readonly [string, string];
  readonly deleted: string;
}

/**
 * So many customers, each with its id in `metadata.user_id`: each has a card and has paid once. Every tenth disputes,
 * and of the others every third was given something back. Beside them one without an id, two with the same, one that
 * was deleted, and a guest who has paid.
 */
export async function openAccount(shop: Shop, count: number): Promise<Account> {
  const placed = new Map<string, string>();
  for (let n = 1; n <= count; n++) {
    const id = `user_${n}`;
    placed.set(id, await addCustomer(shop, { user_id: id }));
    const isDisputed = n % 10 === 0;
    await addPayment(shop, placed.get(id) as string, {
      method: isDisputed ? "pm_card_createDispute" : "pm_card_visa",
      // What was charged back cannot be refunded.
      refunded: n % 3 === 0 && !isDisputed ? 500 : 0,
    });
  }
  const withoutId = await addCustomer(shop, {});
  const twice = [await addCustomer(shop, { user_id: "twin" }), await addCustomer(shop, { user_id: "twin" })] as const;
  const deleted = await addCustomer(shop, { user_id: "gone" });
  await shop.run(shop.stripe.customers.del(deleted));
  await addPayment(shop, undefined, { method: "pm_card_visa", refunded: 500 });
  await addPayment(shop, withoutId, { method: "pm_card_visa", refunded: 0 });
  return { placed, withoutId, twice, deleted };
}

export async function addCustomer({ run, stripe }: Shop, metadata: Record<string, string>): Promise<string> {
  const name = `Name of ${metadata.user_id ?? "nobody"}`;
  return (await run(stripe.customers.create({ name, email: "shared@shop.test", metadata }))).id;
}

async function addPayment(
  { run, stripe }: Shop,
  customer: string | undefined,
  { method, refunded }: { method: string; refunded: number },
): Promise<void> {
  let paid = method;
  if (customer !== undefined) paid = (await run(stripe.paymentMethods.attach(method, { customer }))).id;
  const intent = await run(
    stripe.paymentIntents.create({
      amount: 2_000,
      currency: "eur",
      ...(customer && { customer }),
      payment_method: paid,
      confirm: true,
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    }),
  );
  if (refunded > 0) await run(stripe.refunds.create({ payment_intent: intent.id, amount: refunded }));
}
