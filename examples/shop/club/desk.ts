// The club's connection to Stripe: all of it is Bursar's public API. Names of plans and features are checked by the
// compiler, by the type of the catalog.
import type { AccessApi, Billing, Method, Outcome, Subscription } from "bursar";
import { type ClubFeature, catalog, planNamed } from "./catalog.ts";
import type { ClubDesk, ClubState, Membership, Next, Standing } from "./club.ts";

export function openDesk(billing: Billing): ClubDesk {
  const { subscriptions, invoices, methods } = billing;
  const access: AccessApi<ClubFeature> = billing.access;
  const ready = applied(billing);

  return {
    async state(customer) {
      await ready();
      const current = await currentOf(billing, customer);
      const { allowed, until, reason } = await access.check(customer, "recipes");
      const membership = current ? membershipOf(current, await methods.list(customer)) : null;
      return { membership, pro: { allowed, until, isGrace: reason === "grace" } } satisfies ClubState;
    },
    async join({ customer, id }, plan, returnUrl) {
      await ready();
      await billing.customers.ensure({ id: customer });
      const wish = { id: `${customer}_${id}`, customerId: customer, plan, every: "month", returnUrl } as const;
      return stepOf(subscriptions.start<typeof catalog>(wish));
    },
    async preview(customer, plan) {
      const current = await currentOf(billing, customer);
      if (!current || current.items[0]?.sold?.name === plan) return undefined;
      const { lines, due, next, token } = await subscriptions.preview<typeof catalog>(current.id, { plan });
      return {
        lines: lines.map(({ description, amount }) => ({ text: description ?? "", cents: amount })),
        dueCents: due.amount,
        nextCents: next.total.amount,
        nextAt: next.at,
        token,
      };
    },
    // The member is there: their bank may ask them.
    upgrade: (customer, token, returnUrl) =>
      ofCurrent(customer, ({ id }) => subscriptions.change(id, { token, offSession: false, returnUrl })),
    dropUpgrade: ({ customer, id: wish }) =>
      ofCurrent(customer, ({ id }) => subscriptions.undoChange(id, { id: wish })),
    async pay(customer, returnUrl) {
      const current = await currentOf(billing, customer);
      if (!current?.latestInvoiceId) return { say: "stale" };
      return unlessStale(invoices.link(current.latestInvoiceId, { returnUrl }));
    },
    async askCard({ customer, id }, returnUrl) {
      return unlessStale(methods.collect(customer, { id, returnUrl, setAsDefault: true }));
    },
    async takeCard({ customer, id: wish }) {
      const settled = await unlessStale(methods.settled(customer, wish));
      if ("say" in settled) return settled;
      const { methodId: method } = settled;
      const current = await currentOf(billing, customer);
      if (method === null || !current) return { say: null };
      await subscriptions.setMethod(current.id, { id: wish, method });
      if (current.status !== "past_due" || current.latestInvoiceId === null) return { say: "card" };
      return stepOf(invoices.pay(current.latestInvoiceId, { id: wish, method, offSession: false }));
    },
    leave: ({ customer, id: wish }, when) =>
      ofCurrent(customer, ({ id }) => subscriptions.cancel(id, { id: wish, when })),
    stay: ({ customer, id: wish }) => ofCurrent(customer, ({ id }) => subscriptions.undo(id, { id: wish })),
  };

  async function ofCurrent(
    customer: string,
    work: (current: Subscription) => Promise<Outcome<unknown>>,
  ): Promise<Next> {
    const current = await currentOf(billing, customer);
    return current ? stepOf(work(current)) : { say: "stale" };
  }
}

/** Stripe has what the catalog says, once somebody looks at the club. A deploy may do it, by `bursar catalog apply`. */
function applied({ catalog: own }: Billing): () => Promise<unknown> {
  let applying: Promise<unknown> | undefined;
  return () => {
    applying ??= own.apply(catalog).catch((error: unknown) => {
      applying = undefined;
      throw error;
    });
    return applying;
  };
}

/** The newest that is not over. */
async function currentOf({ customers, subscriptions }: Billing, customer: string): Promise<Subscription | undefined> {
  await customers.ensure({ id: customer });
  const { data } = await subscriptions.list({ customerId: customer });
  return data.find(({ status }) => status !== "canceled" && status !== "incomplete_expired");
}

function membershipOf(current: Subscription, cards: readonly Method[]): Membership | null {
  const [item] = current.items;
  const plan = planNamed(item?.sold?.name ?? "");
  if (!item || !plan) return null;
  const { defaultMethodId } = current;
  const paying = cards.find(({ id, isDefault }) => (defaultMethodId === null ? isDefault : id === defaultMethodId));
  return {
    plan,
    standing: standingOf(current),
    periodEnd: item.currentPeriodEnd,
    endsAt: current.cancelAt,
    card: paying ? nameOf(paying) : null,
  };
}

function nameOf({ card, last4 }: Method): string {
  const brand = card?.brand ?? "account";
  return `${brand.charAt(0).toUpperCase()}${brand.slice(1)} ending in ${last4}`;
}

function standingOf({ status, pendingUpdate, cancelAt }: Subscription): Standing {
  if (status === "incomplete") return "unpaid";
  if (status !== "active" && status !== "trialing") return "late";
  if (pendingUpdate) return "upgrading";
  return cancelAt ? "ending" : "runs";
}

async function stepOf(working: Promise<Outcome<unknown>>): Promise<Next> {
  const answer = await unlessStale(working);
  if ("say" in answer) return answer;
  switch (answer.outcome) {
    case "done":
      return { say: null };
    case "action_required":
      return { url: answer.url };
    case "declined":
      return { say: "declined" };
    case "processing":
      return { say: "underway" };
  }
}

const stale: readonly unknown[] = ["wrong_state", "not_found"];

/** Of a page that was shown before somebody else, or another page, has changed it. */
async function unlessStale<T>(working: Promise<T>): Promise<T | { readonly say: "stale" }> {
  return working.catch((error: unknown) => {
    if (stale.includes((error as { code?: unknown }).code)) return { say: "stale" } as const;
    throw error;
  });
}
