// Whatever the SDKs declare to be an id or the object can be expanded, through hashes, lists and other objects, down to
// the four levels of https://docs.stripe.com/expand, in every family that declares it.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isWholeRun } from "#kit/testing.ts";
import { schemaFiles } from "./kernel/schema/files.ts";
import { type FamilySchema, type Schema, type VersionFamily, versionFamilies } from "./kernel/schema/schema.ts";
import { type SandboxWorld, startWorld } from "./testing.ts";

const stepsMax = 4;

/** A declaration, with the file that says what its names mean. */
interface Declared {
  readonly file: FamilySchema;
  readonly schema: Schema;
}

type Shape = Exclude<Schema, string | { readonly ref: string } | { readonly nullable: Schema }>;

/** What a declaration comes to, once its names are looked up. */
function shapesOf({ file, schema }: Declared): Shape[] {
  if (typeof schema === "string") return [];
  if ("ref" in schema) return shapesOf({ file, schema: file.defs[schema.ref] ?? "any" });
  if ("nullable" in schema) return shapesOf({ file, schema: schema.nullable });
  if ("anyOf" in schema) return schema.anyOf.flatMap((one) => shapesOf({ file, schema: one }));
  if ("list" in schema) return shapesOf({ file, schema: schema.list });
  return [schema];
}

const isObject = (shape: Shape) => "object" in shape || "resource" in shape;

/** `string | Customer`, one or a list of them. */
function isExpandable({ file, schema }: Declared): boolean {
  if (typeof schema === "string" || "ref" in schema) return false;
  if ("nullable" in schema) return isExpandable({ file, schema: schema.nullable });
  if ("list" in schema) return isExpandable({ file, schema: schema.list });
  return "anyOf" in schema && schema.anyOf.includes("string") && shapesOf({ file, schema }).some(isObject);
}

/** The fields that this one object has by its declaration, which may be of several kinds. */
function fieldsOf(declared: Declared, kind: unknown): Map<string, Declared> {
  const fields = new Map<string, Declared>();
  for (const shape of shapesOf(declared)) {
    if (!("object" in shape) || !isOfKind(declared.file, shape.object.object, kind)) continue;
    for (const [name, schema] of Object.entries(shape.object)) {
      fields.set(name.replace(/\?$/, ""), { file: declared.file, schema });
    }
  }
  return fields;
}

function isOfKind(file: FamilySchema, named: Schema | undefined, kind: unknown): boolean {
  const [shape] = named === undefined ? [] : shapesOf({ file, schema: named });
  return !(shape && "enum" in shape) || shape.enum.includes(kind as string); // Whatever it is.
}

/** All that stands at the end of a path. */
function standingAt(value: unknown, steps: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => standingAt(one, steps));
  const [step, ...rest] = steps;
  if (step === undefined) return [value];
  return typeof value === "object" && value !== null ? standingAt((value as Hash)[step], rest) : [];
}

type Hash = Readonly<Record<string, unknown>>;

interface Walk {
  readonly world: SandboxWorld;
  readonly family: VersionFamily;
  readonly address: string;
  /** Of a list: which page of it. */
  readonly query?: string;
}

/** Every path from there that is not expanded although the declarations say so. */
async function unexpandedOf({ world, family, address, query }: Walk, root: Declared): Promise<string[]> {
  const headers = { "stripe-version": root.file.apiVersion };
  const problems: string[] = [];
  const descend = async (declared: Declared, steps: readonly string[], values: readonly unknown[]): Promise<void> => {
    const hashes = values.filter((value): value is Hash => typeof value === "object" && value !== null);
    const fields = new Map(hashes.flatMap(({ object }) => [...fieldsOf(declared, object)]));
    for (const [name, field] of steps.length < stepsMax ? fields : []) {
      if (!shapesOf(field).some(isObject)) continue;
      const path = [...steps, name];
      const form = `${query ?? ""}&expand[]=${path.join(".")}`;
      const { status, json, error } = await world.call("GET", address, { form, headers });
      const found = standingAt(json, path);
      const stays = isExpandable(field) ? found.find((one) => typeof one === "string") : undefined;
      const problem = status === 200 ? stays : error.message;
      if (problem !== undefined) problems.push(`${family} ${address} ${path.join(".")}: ${String(problem)}`);
      await descend(field, path, found);
    }
  };
  const { json } = await world.call("GET", address, { form: query ?? "", headers });
  const start = query === undefined ? [] : ["data"];
  await descend(root, start, standingAt(json, start));
  return problems;
}

/** Somebody who subscribes, is discounted and taxed, pays, gets money back and disputes: by noun, an id. */
async function lived(world: SandboxWorld) {
  const { stripe } = world;
  const { clock, customer, method } = await payerOf(world);
  const { coupon, code, price, rate } = await catalogOf(world);
  const subscription = await stripe.subscriptions.create({
    customer,
    items: [{ price: price.id, discounts: [{ coupon }], tax_rates: [rate] }],
    discounts: [{ promotion_code: code }],
    default_payment_method: method,
    default_tax_rates: [rate],
    trial_end: "now",
  });
  const { data: payments } = await stripe.invoicePayments.list({ invoice: String(subscription.latest_invoice) });
  const intent = await stripe.paymentIntents.retrieve(String(payments[0]?.payment.payment_intent));
  const charge = await stripe.charges.retrieve(String(intent.latest_charge));
  await stripe.charges.create({ amount: 900, currency: "usd", source: "tok_createDispute" });
  await world.clock.advance(30_000);
  const { data: lines } = await stripe.invoices.listLineItems(String(subscription.latest_invoice));
  const note = await stripe.creditNotes.create({
    invoice: String(subscription.latest_invoice),
    lines: [{ type: "invoice_line_item", invoice_line_item: lines[0]!.id, amount: 100 }],
    refund_amount: 50,
    credit_amount: 46,
  });
  const { data: disputes } = await stripe.disputes.list();
  const item = { customer, amount: 500, currency: "usd", discounts: [{ coupon }] };
  const scheduled = await stripe.subscriptionSchedules.create({
    customer,
    start_date: "now",
    default_settings: { default_payment_method: method },
    phases: [
      {
        items: [{ price: price.id, discounts: [{ coupon }], tax_rates: [rate] }],
        add_invoice_items: [{ price_data: priced(price.product), discounts: [{ coupon }], tax_rates: [rate] }],
        default_payment_method: method,
        default_tax_rates: [rate],
        discounts: [{ promotion_code: code }],
      },
    ],
  });
  return {
    balance_transactions: String(charge.balance_transaction),
    charges: charge.id,
    clock,
    coupons: coupon,
    credit_notes: note.id,
    customers: customer,
    disputes: disputes[0]!.id,
    invoice_payments: payments[0]!.id,
    invoiceitems: (await stripe.invoiceItems.create(item)).id,
    invoices: String(subscription.latest_invoice),
    payment_intents: intent.id,
    payment_methods: method,
    plans: price.id,
    prices: price.id,
    products: String(price.product),
    promotion_codes: code,
    refunds: (await stripe.refunds.create({ charge: charge.id, amount: 10 })).id,
    setup_intents: (await stripe.setupIntents.create({ customer, payment_method: method, confirm: true, return_url }))
      .id,
    subscription_schedules: scheduled.id,
    subscription_items: subscription.items.data[0]!.id,
    subscriptions: subscription.id,
    tax_rates: rate,
  };
}

const priced = (product: unknown) => ({ currency: "usd", product: String(product), unit_amount: 300 });

const return_url = "https://shop.test/";

/** On a test clock, with a card as their source and another one as their default method. */
async function payerOf({ stripe }: SandboxWorld) {
  const { id: test_clock } = await stripe.testHelpers.testClocks.create({ frozen_time: 1_900_000_000 });
  const { id: customer } = await stripe.customers.create({ email: "ada@shop.test", test_clock, source: "tok_visa" });
  const { id: method } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
  return { clock: test_clock, customer, method };
}

async function catalogOf({ stripe }: SandboxWorld) {
  const { id: coupon } = await stripe.coupons.create({ percent_off: 10, duration: "forever" });
  const { id: code } = await stripe.promotionCodes.create({ promotion: { type: "coupon", coupon } });
  const { id: rate } = await stripe.taxRates.create({ display_name: "VAT", percentage: 19, inclusive: false });
  const price = await stripe.prices.create({
    currency: "usd",
    unit_amount: 1000,
    recurring: { interval: "month" },
    product_data: { name: "Gold" },
  });
  return { coupon, code, price, rate };
}

type Ids = Awaited<ReturnType<typeof lived>>;

/** Lists leave out what hangs on a test clock unless they are asked for it. */
const pages: Readonly<Record<string, (ids: Ids) => string>> = {
  customers: ({ clock }) => `test_clock=${clock}`,
  invoices: ({ customers }) => `customer=${customers}`,
  invoiceitems: ({ customers }) => `customer=${customers}`,
  payment_methods: ({ customers }) => `customer=${customers}`,
  subscription_items: ({ subscriptions }) => `subscription=${subscriptions}`,
  subscriptions: ({ customers }) => `customer=${customers}`,
};

suite("expansion, to its depth", () => {
  const families = versionFamilies.filter((family) => isWholeRun || family === "endive");
  for (const family of families) {
    test(`each field that ${family} declares to be an id or the object is the object to whoever asks`, async () => {
      const world = startWorld();
      const file = schemaFiles.family(family);
      const problems: string[] = [];
      const ids = await lived(world);
      for (const [noun, id] of Object.entries(ids)) {
        const root = file.operations[`GET /v1/${noun}/:id`]?.returns;
        if (!root) continue; // Older than the noun.
        const declared = { file, schema: root };
        const [one, all] = [`/v1/${noun}/${id}`, `/v1/${noun}`];
        problems.push(...(await unexpandedOf({ world, family, address: one }, declared)));
        if (!isWholeRun) continue;
        const query = pages[noun]?.(ids) ?? "limit=3";
        problems.push(...(await unexpandedOf({ world, family, address: all, query }, declared)));
      }
      assert.deepEqual(problems, []);
    });
  }

  test("a fifth level is refused, and `data` is one of them, of a list and inside", async () => {
    const world = startWorld();
    const { subscriptions: id } = await lived(world);
    const ask = async (address: string, path: string) => {
      const { status, error } = await world.call("GET", address, `expand[]=${path}`);
      return status === 200 ? "200" : `${status} ${String(error.message)}`;
    };
    // Met by programs that moved to basil, and by those that list subscriptions with their products.
    for (const [address, path] of [
      [`/v1/subscriptions/${id}`, "latest_invoice.payments.data.payment.payment_intent"],
      ["/v1/subscriptions", "data.items.data.price.product"],
    ] as const) {
      const words = `400 You cannot expand more than 4 levels of a property. Property: ${path}`;
      assert.equal(await ask(address, path), words);
      assert.equal(await ask(address, path.slice(0, path.lastIndexOf("."))), "200");
    }
  });
});
