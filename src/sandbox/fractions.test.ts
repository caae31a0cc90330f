// Amounts that a currency has no coins for, in every amount that any route takes, under every family of versions.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isCurrency } from "#kit/money.ts";
import { schemaFiles } from "./kernel/schema/files.ts";
import { type FamilySchema, type Schema, versionFamilies } from "./kernel/schema/schema.ts";
import { isAmount, refuseFraction } from "./kernel/words/fractions.ts";
import { resources } from "./resources/index.ts";
import { type SandboxWorld, startWorld } from "./testing.ts";

type Fill = readonly (readonly [path: readonly string[], value: string])[];

/** One declared amount, and what has to be sent beside it. */
interface Leaf {
  readonly path: readonly string[];
  readonly fill: Fill;
  /** What it stands in names its currency, or is found under one. */
  readonly isCounted: boolean;
}

const currency = "kwd";

function leavesOf(schema: Schema, family: FamilySchema, at: Leaf): Leaf[] {
  const inside = (inner: Schema, ...names: string[]) =>
    leavesOf(inner, family, { ...at, path: [...at.path, ...names] });
  if (typeof schema === "string") {
    const name = at.path.at(-1) ?? "";
    return schema === "integer" && (isAmount(name) || isCurrency(name)) ? [at] : [];
  }
  if ("ref" in schema) return inside(family.defs[schema.ref] ?? "any");
  if ("list" in schema) return inside(schema.list, "0");
  if ("nullable" in schema) return inside(schema.nullable);
  if ("anyOf" in schema) return schema.anyOf.flatMap((one) => inside(one));
  if ("map" in schema) return leavesOf(schema.map, family, { ...at, path: [...at.path, currency], isCounted: true });
  return "object" in schema ? leavesOfHash(schema.object, family, at) : [];
}

function leavesOfHash(
  fields: Readonly<Record<string, Schema>>,
  family: FamilySchema,
  { path, fill, isCounted }: Leaf,
): Leaf[] {
  const isNamed = "currency" in fields || "currency?" in fields;
  const required = Object.entries(fields).filter(([name]) => !name.endsWith("?"));
  const filled = required.flatMap(([name, schema]) => least(schema, family, [...path, name]));
  const named: Fill = isNamed ? [[[...path, "currency"], currency]] : [];
  const known = Object.entries(fields).filter(([name]) => name !== "metadata?");
  return known.flatMap(([name, schema]) =>
    leavesOf(schema, family, {
      path: [...path, name.replace(/\?$/, "")],
      fill: [...named, ...fill, ...filled],
      isCounted: isCounted || isNamed,
    }),
  );
}

/** The least that a required parameter takes. */
function least(schema: Schema, family: FamilySchema, path: readonly string[]): Fill {
  if (typeof schema === "string") {
    const texts: Readonly<Record<string, string>> = { integer: "100", number: "1", boolean: "true" };
    return [[path, texts[schema] ?? "x"]];
  }
  if ("ref" in schema) return least(family.defs[schema.ref] ?? "any", family, path);
  if ("enum" in schema) return [[path, String(schema.enum[0])]];
  if ("list" in schema) return someOf(schema.list, family, [...path, "0"]);
  if ("nullable" in schema) return least(schema.nullable, family, path);
  if ("anyOf" in schema) return least(schema.anyOf[0] ?? "any", family, path);
  if (!("object" in schema)) return [];
  const required = Object.entries(schema.object).filter(([name]) => !name.endsWith("?"));
  return required.flatMap(([name, inner]) => least(inner, family, [...path, name]));
}

/** A required list has one entry at least, and of an entry that requires nothing some text is sent. */
function someOf(schema: Schema, family: FamilySchema, path: readonly string[]): Fill {
  const needed = least(schema, family, path);
  if (needed.length > 0) return needed;
  const entry = typeof schema === "object" && "ref" in schema ? (family.defs[schema.ref] ?? "any") : schema;
  const fields = typeof entry === "object" && "object" in entry ? Object.entries(entry.object) : [];
  const [name] = fields.find(([, inner]) => inner === "string") ?? [];
  return name === undefined ? [] : [[[...path, name.replace(/\?$/, "")], "x"]];
}

const nameOf = ([first = "", ...rest]: readonly string[]) => first + rest.map((part) => `[${part}]`).join("");

const made = async (world: SandboxWorld, path: string, form: string) => {
  const { json } = await world.call("POST", path, form);
  assert.ok(json.id, JSON.stringify(json));
  return String(json.id);
};
const money = `amount=5120&currency=${currency}`;
const intent = (world: SandboxWorld, more = "") => made(world, "/v1/payment_intents", `${money}${more}`);
const paidAtOnce =
  "&confirm=true&automatic_payment_methods[enabled]=true" +
  "&automatic_payment_methods[allow_redirects]=never&payment_method=pm_card_visa";

/** A customer who is billed in the currency already. */
const billed = async (world: SandboxWorld) => {
  const customer = await made(world, "/v1/customers", "");
  await made(world, `/v1/customers/${customer}/balance_transactions`, money);
  return customer;
};

/** An invoice with one line. */
const draft = async (world: SandboxWorld) => {
  const customer = await made(world, "/v1/customers", "");
  const invoice = await made(world, "/v1/invoices", `customer=${customer}&currency=${currency}`);
  const item = await made(world, "/v1/invoiceitems", `customer=${customer}&invoice=${invoice}&${money}`);
  const { json } = await world.call("GET", `/v1/invoices/${invoice}/lines`);
  return { invoice, item, line: (json.data as { id: string }[])[0]?.id };
};

/** Somebody, and what they would pay for. */
const subscribing = async (world: SandboxWorld) => {
  const priced = `unit_amount=5120&currency=${currency}&recurring[interval]=month&product_data[name]=Gold`;
  const price = await made(world, "/v1/prices", priced);
  const customer = await made(world, "/v1/customers", "");
  return `customer=${customer}&items[0][price]=${price}&payment_behavior=default_incomplete`;
};

/** The same from a day that is to come. */
const scheduling = async (world: SandboxWorld) => {
  const form = (await subscribing(world)).replace("items[0]", "phases[0][items][0]");
  return `start_date=1900000000&${form.replace("&payment_behavior=default_incomplete", "")}`;
};

/** Its path, and what is sent beside the amount. */
type Subject = (world: SandboxWorld, version: string) => Promise<{ path: string; form?: string }>;

/** Where the object knows the currency, and not what is sent. */
const counted: Readonly<Record<string, Subject>> = {
  "POST /v1/invoices": async (world) => ({ path: "/v1/invoices", form: `customer=${await billed(world)}` }),
  "POST /v1/invoiceitems/:id": async (world) => ({ path: `/v1/invoiceitems/${(await draft(world)).item}` }),
  "POST /v1/invoices/:id": async (world) => ({ path: `/v1/invoices/${(await draft(world)).invoice}` }),
  "POST /v1/invoices/:id/add_lines": async (world) => ({
    path: `/v1/invoices/${(await draft(world)).invoice}/add_lines`,
  }),
  "POST /v1/invoices/:id/lines/:id": async (world) => {
    const { invoice, line } = await draft(world);
    return { path: `/v1/invoices/${invoice}/lines/${line}` };
  },
  "POST /v1/invoices/:id/update_lines": async (world) => ({
    path: `/v1/invoices/${(await draft(world)).invoice}/update_lines`,
  }),
  ...Object.fromEntries(
    ["POST /v1/credit_notes", "GET /v1/credit_notes/preview", "GET /v1/credit_notes/preview/lines"].map((operation) => [
      operation,
      async (world) => {
        const { invoice } = await draft(world);
        await made(world, `/v1/invoices/${invoice}/finalize`, "");
        return { path: pathOf(operation), form: `invoice=${invoice}` };
      },
    ]),
  ),
  // It names the currency of its restrictions inside them; its coupon is looked for first.
  "POST /v1/promotion_codes": async (world, version) => {
    const coupon = await made(world, "/v1/coupons", "percent_off=10&duration=once");
    const named = version < "2025-09-30" ? `coupon=${coupon}` : `promotion[type]=coupon&promotion[coupon]=${coupon}`;
    return { path: "/v1/promotion_codes", form: `${named}&restrictions[minimum_amount_currency]=${currency}` };
  },
  "POST /v1/payment_intents/:id": async (world) => ({ path: `/v1/payment_intents/${await intent(world)}` }),
  "POST /v1/payment_intents/:id/confirm": async (world) => ({
    path: `/v1/payment_intents/${await intent(world, "&payment_method=pm_card_visa")}/confirm`,
    form: "return_url=http://shop.test",
  }),
  "POST /v1/payment_intents/:id/capture": async (world) => ({
    path: `/v1/payment_intents/${await intent(world, `${paidAtOnce}&capture_method=manual`)}/capture`,
  }),
  "POST /v1/payment_intents/:id/increment_authorization": async (world) => {
    const growing = "payment_method_options[card][request_incremental_authorization]=if_available";
    const held = await intent(world, `${paidAtOnce}&capture_method=manual&${growing}`);
    return { path: `/v1/payment_intents/${held}/increment_authorization` };
  },
  "POST /v1/charges/:id/capture": async (world) => ({
    path: `/v1/charges/${await made(world, "/v1/charges", `${money}&source=tok_visa&capture=false`)}/capture`,
  }),
  "POST /v1/refunds": async (world) => ({
    path: "/v1/refunds",
    form: `payment_intent=${await intent(world, paidAtOnce)}`,
  }),
  "POST /v1/subscriptions": async (world) => ({ path: "/v1/subscriptions", form: await subscribing(world) }),
  "POST /v1/subscriptions/:id": async (world) => ({
    path: `/v1/subscriptions/${await made(world, "/v1/subscriptions", await subscribing(world))}`,
  }),
  "POST /v1/subscription_schedules": async (world) => ({
    path: "/v1/subscription_schedules",
    form: await scheduling(world),
  }),
  "POST /v1/subscription_schedules/:id": async (world) => ({
    path: `/v1/subscription_schedules/${await made(world, "/v1/subscription_schedules", await scheduling(world))}`,
  }),
  "POST /v1/sources/:id": async (world) => ({
    path: `/v1/sources/${await made(world, "/v1/sources", `type=card&token=tok_visa&currency=${currency}`)}`,
  }),
};

const pathOf = (operation: string) => operation.replace(/^\w+ /, "");

/** What names its currency is refused before anybody looks for the object. */
const elsewhere = (operation: string): Subject => {
  const path = pathOf(operation).replaceAll(":id", "some_1");
  return async () => ({ path });
};

/** No currency is theirs: what of an amount is worth nobody knows. */
const withoutCurrency = /^POST \/v1\/(?:setup_intents|payment_methods|test_helpers\/confirmation_tokens)/;

/** Cents that somebody wired, to prove that an account is theirs. */
const isProof = (operation: string) => operation.endsWith("/verify");

const built = resources.flatMap(({ routes }) =>
  routes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ":id")}`),
);

suite("an amount that the currency has no coins for", () => {
  for (const name of versionFamilies) {
    test(`is refused in every amount that a route takes, under ${name}`, async () => {
      const family = schemaFiles.family(name);
      const world = startWorld();
      let tried = 0;
      for (const operation of built) {
        const { params } = family.operations[operation] ?? {};
        const leaves = params ? leavesOf(params, family, { path: [], fill: [], isCounted: false }) : [];
        if (leaves.length === 0 || isProof(operation)) continue;
        const { path, form = "" } = await (counted[operation] ?? elsewhere(operation))(world, family.apiVersion);
        for (const leaf of leaves) {
          if (!leaf.isCounted && withoutCurrency.test(operation)) continue;
          const sent = new URLSearchParams(form);
          for (const [at, value] of leaf.fill) if (!sent.has(nameOf(at))) sent.set(nameOf(at), value);
          sent.set(nameOf(leaf.path), "5");
          const headers = { "stripe-version": family.apiVersion };
          const [method = ""] = operation.split(" ");
          const { status, error } = await world.call(method, path, { form: sent.toString(), headers });
          const told = `${operation} ${sent}: ${JSON.stringify(error)}`;
          assert.deepEqual([status, error.param, error.code], [400, nameOf(leaf.path), "invalid_charge_amount"], told);
          tried += 1;
        }
      }
      assert.ok(tried > 10, String(tried));
    });
  }

  test("is refused in Stripe's words, and what is above or below it in whole coins is taken", async () => {
    const world = startWorld();
    const create = (amount: number, money: string) =>
      world.call("POST", "/v1/payment_intents", `amount=${amount}&currency=${money}`);
    for (const money of ["bhd", "jod", "kwd", "omr", "tnd"]) {
      const { status, error } = await create(5_124, money);
      assert.deepEqual([status, error.code, error.param], [400, "invalid_charge_amount", "amount"], money);
      assert.deepEqual([(await create(5_120, money)).status, (await create(5_130, money)).status], [200, 200], money);
    }
    for (const money of ["isk", "ugx"]) {
      const { status, error } = await create(10_010, money);
      assert.deepEqual([status, error.code], [400, "invalid_charge_amount_no_decimal_compatible"], money);
      assert.match(
        String(error.message),
        /effectively zero-decimal and charged amounts must be evenly divisible by 100/,
      );
      assert.deepEqual([(await create(10_000, money)).status, (await create(10_100, money)).status], [200, 200], money);
    }
    for (const money of ["eur", "huf", "jpy", "twd"]) assert.equal((await create(20_001, money)).status, 200, money);
  });

  test("is refused where only the currency changes", async () => {
    const world = startWorld();
    const id = await made(world, "/v1/payment_intents", "amount=5124&currency=eur");
    const { status, error } = await world.call("POST", `/v1/payment_intents/${id}`, `currency=${currency}`);
    assert.deepEqual([status, error.code], [400, "invalid_charge_amount"]);
  });

  test("is nothing of the merchant's own", async () => {
    const world = startWorld();
    const { status } = await world.call("POST", "/v1/payment_intents", `${money}&metadata[amount]=5&metadata[kwd]=5`);
    assert.equal(status, 200);
  });

  test("is nothing that is below one", () => {
    for (const amount of [0, -5]) refuseFraction(amount, currency, "amount");
  });
});
