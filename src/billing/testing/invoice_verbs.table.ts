// The verbs about invoices, as verbs.table.ts has them: what must be there before, the command, and what it does.
import { secondMs } from "#kit/clock.ts";
import type { World } from "./index.ts";
import { payWith } from "./mirrored.ts";
import type { VerbRow } from "./verb_row.ts";

export const invoiceVerbs: Readonly<Record<string, VerbRow>> = {
  "invoices.create": {
    prepare: (world, name) => billed(world, `user_${name}`),
    command: (world, id, attempt) =>
      world.billing.invoices
        .create({ ...invoiceWish, id: `invoice_of_${id}`, customerId: id, attempt })
        .then(({ outcome }) => outcome),
    request: "POST /v1/invoices",
    effects: async (world, id) => (await invoicesMade(world, id)).filter(({ status }) => status === "open").length,
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "invoices.draft": {
    prepare: (world, name) => billed(world, `user_${name}`),
    command: (world, id, attempt) =>
      world.billing.invoices
        .create({ ...invoiceWish, id: `invoice_of_${id}`, customerId: id, finalize: false, attempt })
        .then(({ outcome }) => outcome),
    request: "POST /v1/invoices",
    effects: async (world, id) => (await invoicesMade(world, id)).filter(({ lines }) => lines.data.length === 1).length,
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "invoices.discard": {
    prepare: (world, name) => draftOf(world, `user_${name}`),
    command: (world, id, attempt) => world.billing.invoices.discard(id, { attempt }).then(({ outcome }) => outcome),
    request: "DELETE /v1/invoices/",
    effects: async (world, id) => {
      const { data } = await world.run(world.stripe.invoices.list({ limit: 100 }));
      return data.some((one) => one.id === id) ? 0 : 1;
    },
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "invoices.finalize": {
    prepare: (world, name) => draftOf(world, `user_${name}`),
    command: (world, id, attempt) => world.billing.invoices.finalize(id, { attempt }).then(({ outcome }) => outcome),
    request: "POST /v1/invoices/",
    effects: async (world, id) => ((await invoice(world, id)).status === "open" ? 1 : 0),
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "invoices.send": {
    prepare: (world, name) => openInvoice(world, `user_${name}`),
    command: (world, id, attempt) =>
      world.billing.invoices.send(id, { id: "mail_1", attempt }).then(({ outcome }) => outcome),
    request: "POST /v1/invoices/",
    effects: async (world, id) => {
      const { data } = await world.run(world.stripe.events.list({ limit: 100, type: "invoice.sent" }));
      return data.filter(({ data: { object } }) => "id" in object && object.id === id).length;
    },
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "invoices.void": {
    prepare: (world, name) => openInvoice(world, `user_${name}`),
    command: (world, id, attempt) => world.billing.invoices.void(id, { attempt }).then(({ outcome }) => outcome),
    request: "POST /v1/invoices/",
    effects: async (world, id) => ((await invoice(world, id)).status === "void" ? 1 : 0),
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "invoices.writeOff": {
    prepare: (world, name) => openInvoice(world, `user_${name}`),
    command: (world, id, attempt) => world.billing.invoices.writeOff(id, { attempt }).then(({ outcome }) => outcome),
    request: "POST /v1/invoices/",
    effects: async (world, id) => ((await invoice(world, id)).status === "uncollectible" ? 1 : 0),
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "invoices.pay": {
    prepare: (world, name) => openInvoice(world, `user_${name}`),
    command: (world, id, attempt) =>
      world.billing.invoices.pay(id, { id: "try_1", attempt }).then(({ outcome }) => outcome),
    request: "POST /v1/invoices/",
    effects: async (world, id) => ((await invoice(world, id)).status === "paid" ? 1 : 0),
    mayBeDeclined: true,
    whileOpen: "processing",
  },
  "invoices.credit": {
    prepare: (world, name) => openInvoice(world, `user_${name}`),
    command: (world, id, attempt) =>
      world.billing.invoices.credit(id, { id: "credit_1", amount: 500, attempt }).then(({ outcome }) => outcome),
    request: "POST /v1/credit_notes",
    effects: async (world, invoice) =>
      (await world.run(world.stripe.creditNotes.list({ invoice }).then((list) => list))).data.length,
    mayBeDeclined: true,
    whileOpen: "processing",
  },
};

export const invoiceWish = {
  currency: "eur",
  lines: [{ description: "Tea", quantity: 2, unitAmount: 1250 }],
  collection: "send",
  daysUntilDue: 14,
} as const;

/** A customer who can be sent an invoice. */
async function billed(world: World, id: string): Promise<string> {
  await world.run(world.billing.customers.ensure({ id, email: `${id}@example.test` }));
  return id;
}

async function invoicesMade(world: World, customerId: string) {
  const { data } = await world.run(world.stripe.invoices.list({ limit: 100 }));
  return data.filter(({ metadata }) => metadata?.bursar_invoice === `invoice_of_${customerId}`);
}

/** A draft of 25 €, of a customer with a card. */
export async function draftOf(world: World, customerId: string): Promise<string> {
  const { stripeCustomerId } = await world.run(
    world.billing.customers.ensure({ id: customerId, email: `${customerId}@example.test` }),
  );
  await payWith(world, stripeCustomerId as string, "pm_card_visa");
  const customer = stripeCustomerId as string;
  const terms = { collection_method: "send_invoice", days_until_due: 14, auto_advance: false } as const;
  const made = world.stripe.invoices.create({ customer, currency: "eur", ...terms });
  const { id } = await world.run(made.then((draft) => draft));
  const lines = [{ amount: 2500, description: "Tea" }];
  await world.run(world.stripe.invoices.addLines(id, { lines }).then((draft) => draft));
  await world.advance(10 * secondMs);
  return id;
}

export async function openInvoice(world: World, customerId: string): Promise<string> {
  const id = await draftOf(world, customerId);
  await world.run(world.stripe.invoices.finalizeInvoice(id).then((made) => made));
  await world.advance(10 * secondMs);
  return id;
}

async function invoice(world: World, id: string) {
  return world.run(world.stripe.invoices.retrieve(id).then((made) => made));
}
