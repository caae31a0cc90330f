// Every list, narrowed by each of its filters, finds what it shows by an index: asked of the database itself, in the
// statements that the list makes, on tables that are full.
import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { CompiledQuery } from "kysely";
import { onEachDatabase, runBeside } from "#kit/sql/testing.ts";
import { type Heard, statementsChannel } from "#kit/sql/units.ts";
import { explainer, type Filled, fillStatements, type Plan } from "../../testing/plans.ts";
import { type HttpWorld, startHttpWorld } from "../testing.ts";

const rowsCount = 20_000;
/** One row in a thousand is what is looked for. */
const rare = (is: string, others: string) => `case when i % 1000 = 0 then '${is}' else '${others}' end`;

/** Of what a table is full, where that matters; `i` counts its rows. */
const filled: Filled = {
  customers: { email: "'User' || i || '@shop.test'", name: "'User' || i", stripe_id: "'cus_' || i", metadata: "'{}'" },
  past_customers: { stripe_id: "'cus_past_' || i" },
  customer_metadata: { customer: "'id ' || i", name: "'tier'", value: rare("gold", "none") },
  orders: {
    status: rare("mispaid", "paid"),
    currency: rare("usd", "eur"),
    customer: "'id ' || (i / 2)",
    total: "i / 10",
    payment_intent: "'pi_' || i",
    lines: "'[]'",
    metadata: "'{}'",
  },
  refunds: {
    order_id: "'id ' || (i / 2)",
    invoice: "'in_' || (i / 2)",
    status: rare("failed", "succeeded"),
    stripe_id: "'re_' || i",
    amount: "i / 10",
  },
  subscriptions: { customer: "'cus_' || (i / 2)", status: rare("unpaid", "active") },
  subscription_starts: { id: "'s' || i", subscription: "'sub_' || i" },
  subscriptions_read: { stripe_id: "'cus_' || i" },
  invoices: {
    customer: "'cus_' || (i / 2)",
    status: rare("uncollectible", "paid"),
    subscription: "'sub_' || (i / 2)",
    number: "'N-' || i",
  },
  invoices_read: { stripe_id: "'cus_' || i" },
  mirror: { id: "'ch_' || i", parent: "'pi_' || i" },
  receipts: {
    state: rare("dead", "done"),
    type: rare("charge.dispute.created", "charge.updated"),
    object_id: "'ch_' || i",
  },
  operations: {
    instance: "(select value from settings where key = 'instance')",
    mode: "'test'",
    verb: rare("orders.capture", "orders.checkout"),
    subject: "'id ' || i",
    state: rare("parked", "done"),
  },
  flags: {
    kind: rare("dispute", "operation_parked"),
    subject: "'id ' || i",
    resolved_at: "case when i % 1000 = 0 then null else i end",
  },
  audit: { verb: rare("keys.create", "orders.create"), actor: rare("key_1", "key_2"), subject: "'id ' || i" },
  facts: { type: rare("order.mispaid", "order.paid"), subject: "'id ' || i", data: "'{}'", occurred_at: "i" },
  deliveries: { fact: "'v' || i", handler: rare("url:ep_1", "shop"), state: rare("dead", "done"), occurred_at: "i" },
};

interface Found {
  /** What is asked for. */
  readonly value: string;
  /** The columns by whose indices the rows are found, any of them in each statement. */
  readonly by: readonly string[];
}

/** Each filter of each list. */
const filters: Readonly<Record<string, Readonly<Record<string, Found>>>> = {
  listCustomers: {
    email: { value: "user7@shop.test", by: ["email", "customers_email"] },
    name: { value: "user7", by: ["name", "customers_name"] },
    stripeId: { value: "cus_7", by: ["stripe_id"] },
    metadata: { value: "tier:gold", by: ["customer_metadata_value"] },
  },
  listOrders: {
    status: { value: "mispaid", by: ["status"] },
    customerId: { value: "id 7", by: ["customer"] },
    email: { value: "user7@shop.test", by: ["customer"] },
    stripeId: { value: "ch_7", by: ["id"] },
    amount: { value: "7", by: ["total"] },
    currency: { value: "usd", by: ["currency"] },
  },
  listRefunds: {
    orderId: { value: "id 7", by: ["order_id"] },
    invoiceId: { value: "in_7", by: ["invoice"] },
    status: { value: "failed", by: ["status"] },
    stripeId: { value: "re_7", by: ["stripe_id"] },
    amount: { value: "7", by: ["amount"] },
  },
  listSubscriptions: {
    customerId: { value: "v7", by: ["subscriptions_customer"] },
    startId: { value: "s7", by: ["subscription_starts"] },
    status: { value: "unpaid", by: ["status"] },
  },
  listInvoices: {
    customerId: { value: "v7", by: ["invoices_customer"] },
    status: { value: "uncollectible", by: ["status"] },
    subscriptionId: { value: "sub_7", by: ["subscription"] },
    number: { value: "N-7", by: ["number"] },
  },
  listReceipts: {
    state: { value: "dead", by: ["state"] },
    type: { value: "charge.dispute.created", by: ["type"] },
    objectId: { value: "ch_7", by: ["object_id"] },
  },
  listOperations: {
    state: { value: "parked", by: ["state"] },
    verb: { value: "orders.capture", by: ["verb"] },
    subject: { value: "id 7", by: ["subject"] },
  },
  listFlags: {
    state: { value: "open", by: ["flags_open"] },
    kind: { value: "dispute", by: ["kind"] },
    subject: { value: "id 7", by: ["subject"] },
  },
  listAudit: {
    subject: { value: "id 7", by: ["subject"] },
    verb: { value: "keys.create", by: ["verb"] },
    actor: { value: "key_1", by: ["actor"] },
    requestId: { value: "v7", by: ["request_id"] },
  },
  listDeliveries: {
    state: { value: "dead", by: ["deliveries_dead"] },
    handler: { value: "url:ep_1", by: ["handler"] },
    type: { value: "order.mispaid", by: ["type"] },
    subject: { value: "id 7", by: ["subject"] },
  },
};

/** What lists of what is open go through. */
const waitingIndices: Readonly<Record<string, string>> = {
  listReceipts: "receipts_waiting",
  listOperations: "operations_waiting",
  listDeliveries: "deliveries_open",
};

const ofEveryList = ["limit", "cursor", "from", "to"];

onEachDatabase("whatever a list is narrowed by, it reads no table from end to end", async ({ url, t }) => {
  const world = await startHttpWorld({ database: url });
  t.after(() => world.close());
  await runBeside(url, fillStatements(filled, rowsCount));
  const explain = await explainer(url, t, {
    small: ["flags_open", "deliveries_dead", ...Object.values(waitingIndices)],
  });
  const lists = await listsOf(world);
  assert.deepEqual(Object.keys(lists).sort(), Object.keys(filters).sort());
  const slow: string[] = [];
  for (const [list, { path, params }] of Object.entries(lists)) {
    const known = filters[list] ?? {};
    assert.deepEqual(params.filter((name) => !ofEveryList.includes(name)).sort(), Object.keys(known).sort(), list);
    const look = async (query: string, isFound: (plan: Plan) => boolean) => {
      const plan = await explain(await heardIn(world, `GET ${path}?limit=5${query}`));
      if (!isFound(plan)) slow.push(`${list}${query}: ${plan.text}`);
    };
    for (const query of ["", "&from=2026-01-01T00:00:00Z", "&to=2026-01-01T00:00:00Z"]) {
      await look(query, (plan) => plan.scanned.length === 0);
    }
    for (const [name, { value, by }] of Object.entries(known)) {
      const found = ({ scanned, walked, sought }: Plan) =>
        scanned.length === 0 && walked.length === 0 && by.some((what) => sought.some((text) => isNamed(text, what)));
      await look(`&${name}=${encodeURIComponent(value)}`, found);
    }
    const waiting = waitingIndices[list];
    if (waiting) await look("&state=open", ({ sought }) => sought.some((text) => isNamed(text, waiting)));
  }
  assert.deepEqual(slow, []);
});

interface ListRoute {
  readonly path: string;
  readonly params: readonly string[];
}

/** The lists that go on page by page, by the names of their operations. */
async function listsOf(world: HttpWorld): Promise<Readonly<Record<string, ListRoute>>> {
  const { body } = await world.rest("GET /v1/openapi.json", undefined, { key: null });
  const lists: Record<string, ListRoute> = {};
  for (const [path, { get }] of Object.entries<OpenApiPath>(body.paths)) {
    const params = get?.parameters?.map(({ name }) => name) ?? [];
    if (get && params.includes("cursor")) lists[get.operationId] = { path, params };
  }
  return lists;
}

interface OpenApiPath {
  readonly get?: { readonly operationId: string; readonly parameters?: readonly { readonly name: string }[] };
}

/** What a list asks the database first. */
async function heardIn(world: HttpWorld, call: string): Promise<CompiledQuery> {
  const heard: CompiledQuery[] = [];
  const hear = (message: unknown) => {
    const { unit, query } = message as Heard;
    if (unit.label.endsWith(".list")) heard.push(query);
  };
  subscribe(statementsChannel, hear);
  const { status } = await world.rest(call);
  unsubscribe(statementsChannel, hear);
  assert.equal(status, 200, call);
  const [first] = heard;
  assert.ok(first, `${call} was not heard`);
  return first;
}

function isNamed(text: string, what: string): boolean {
  return new RegExp(`\\b${what}\\b`).test(text);
}
