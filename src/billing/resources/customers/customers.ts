// READ FIRST: a customer is the host's own user, by the host's own id; at Stripe it has one Customer, made once.
import type { Manifest, MirroredRow, Remote, Verb } from "../../kernel/contract/manifest.ts";
import { mirrorKind } from "../../kernel/contract/manifest.ts";
import { marks, marksOf } from "../marks.ts";
import { customersMigrations } from "./tables.ts";

export interface CustomerMirror extends MirroredRow {
  readonly email: string | null;
  readonly name: string | null;
}

export function customerRow(remote: Remote): CustomerMirror {
  return {
    ...marksOf(remote),
    id: remote.id,
    customer: remote.id,
    parent: null,
    isFinal: false,
    email: (remote.email as string | null | undefined) ?? null,
    name: (remote.name as string | null | undefined) ?? null,
  };
}

const customerKind = mirrorKind<CustomerMirror>({
  kind: "customer",
  isDeletable: true,
  path: (id) => `/v1/customers/${id}`,
  row: customerRow,
  // Nobody is told yet: what a customer has at Stripe matters through payments.
  facts: () => [],
});

/** Makes the Customer at Stripe. */
const ensure: Verb = {
  verb: "customers.ensure",
  step: "create",
  lane: ({ subject }) => `customer:${subject}`,
  touches: () => null,
  request: (operation) => ({
    method: "POST",
    path: "/v1/customers",
    params: {
      email: (operation.params.email as string | null) ?? undefined,
      name: (operation.params.name as string | null) ?? undefined,
      metadata: marks(operation, { bursar_customer: operation.subject }),
    },
  }),
  async find(operation, finder) {
    // Customers have no parent to list by; the window of time around the operation is small.
    const from = Math.floor(operation.createdAt / 1_000) - findWindowSeconds;
    const made = await finder.list(`/v1/customers?limit=100&created[gte]=${from}`);
    return made.find((customer) => marksOf(customer).operation === operation.id) ?? null;
  },
  async answered({ tx }, operation, remote) {
    await tx.updateTable("customers").set({ stripe_id: remote.id }).where("id", "=", operation.subject).execute();
    return { stripeCustomerId: remote.id };
  },
  async refused() {},
};

/** Our clock and Stripe's may differ by this much when we look for what was made. */
const findWindowSeconds = 600;

/** Tells Stripe a changed name or address. The subject is `<id>@<revision>`: every change is a wish of its own. */
const update: Verb = {
  verb: "customers.update",
  step: "update",
  lane: ({ subject }) => `customer:${subject.slice(0, subject.lastIndexOf("@"))}`,
  touches: ({ params }) => String(params.stripeCustomerId),
  request: ({ params }) => ({
    method: "POST",
    path: `/v1/customers/${String(params.stripeCustomerId)}`,
    params: { email: (params.email as string) ?? undefined, name: (params.name as string) ?? undefined },
  }),
  async find({ params }, finder) {
    const customer = await finder.get(`/v1/customers/${String(params.stripeCustomerId)}`);
    const holds = customer && customer.email === params.email && customer.name === params.name;
    return holds ? customer : null;
  },
  answered: async (_reacting, _operation, remote) => ({ stripeCustomerId: remote.id }),
  async refused() {},
};

export const customersManifest: Manifest = {
  name: "customers",
  migrations: customersMigrations,
  kinds: [customerKind],
  events: ["customer.created", "customer.updated", "customer.deleted"],
  verbs: [ensure, update],
  reactions: {},
  async ownsCustomer(db, stripeCustomer) {
    const row = await db
      .selectFrom("customers")
      .select("id")
      .where("stripe_id", "=", stripeCustomer)
      .executeTakeFirst();
    return row !== undefined;
  },
};
