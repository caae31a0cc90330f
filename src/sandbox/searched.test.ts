// What may be searched for, noun by noun, as Stripe's page has it: tokens are compared whole, of strings a part will
// do, numbers lie between others. https://docs.stripe.com/search#query-fields-for-invoices
import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { resources } from "./resources/index.ts";
import { doEverything, type Json } from "./resources/testing.ts";
import { startWorld } from "./testing.ts";

interface Fields {
  readonly tokens: string;
  readonly strings: string;
  readonly numbers: string;
}

const fields: Readonly<Record<string, Fields>> = {
  charges: {
    tokens:
      "billing_details.address.postal_code currency customer disputed payment_method_details.card.brand " +
      "payment_method_details.card.fingerprint payment_method_details.card.last4 refunded status",
    strings: "",
    numbers: "amount created payment_method_details.card.exp_month payment_method_details.card.exp_year",
  },
  customers: { tokens: "", strings: "email name phone", numbers: "created" },
  invoices: {
    tokens: "currency customer last_finalization_error_code last_finalization_error_type",
    strings: "number receipt_number status subscription",
    numbers: "created total",
  },
  payment_intents: { tokens: "currency customer status", strings: "", numbers: "amount created" },
  prices: { tokens: "active currency type", strings: "lookup_key product", numbers: "" },
  products: { tokens: "active shippable", strings: "description name url", numbers: "" },
  subscriptions: { tokens: "status", strings: "", numbers: "canceled_at created" },
};

/** Where an object has what is searched for under another name. */
const paths: Readonly<Record<string, string>> = {
  last_finalization_error_code: "last_finalization_error.code",
  last_finalization_error_type: "last_finalization_error.type",
  subscription: "parent.subscription_details.subscription",
};

/** No object of the world has one. */
const absent = ["receipt_number"];

const words = (names: string): string[] => names.split(" ").filter((name) => name !== "");

function valueAt(object: Json, field: string): unknown {
  const steps = (paths[field] ?? field).split(".");
  return steps.reduce<unknown>((part, step) => (part as Json | null | undefined)?.[step], object) ?? null;
}

suite("what may be searched for", () => {
  const world = startWorld();
  before(async () => {
    await doEverything(world);
    await world.call("POST", "/v1/customers", "name=Lovelace&email=a@shop.test&phone=123456");
    const worn = "name=Shoes&description=To be worn&url=https://shop.test/shoes&shippable=true";
    const { json } = await world.call("POST", "/v1/products", worn);
    await world.call("POST", "/v1/prices", `product=${json.id}&currency=usd&unit_amount=1&lookup_key=shoes`);
  });

  const list = async (noun: string, form: string): Promise<readonly Json[]> => {
    const { json } = await world.call("GET", `/v1/${noun}`, `limit=100${form}`);
    assert.equal(json.has_more, false, noun);
    return json.data as Json[];
  };
  const all = (noun: string) => list(noun, noun === "subscriptions" ? "&status=all" : "");
  const find = (noun: string, query: string) =>
    world.call("GET", `/v1/${noun}/search`, `limit=100&query=${encodeURIComponent(query)}`);
  /** Finds exactly those of whom it is true, and somebody. */
  const assertFinds = async (noun: string, query: string, isMeant: (object: Json) => boolean) => {
    const ids = (objects: readonly Json[]) => objects.map(({ id }) => id).toSorted();
    const { json } = await find(noun, query);
    const meant = ids((await all(noun)).filter(isMeant));
    assert.ok(meant.length > 0, `${noun} ${query}`);
    assert.deepEqual(ids(json.data as Json[]), meant, `${noun} ${query}`);
  };

  test("every noun that is searched is in the table", () => {
    const searched = resources
      .flatMap(({ routes }) => routes.map(({ path }) => path))
      .filter((one) => one.endsWith("/search"));
    assert.deepEqual(searched.map((one) => one.split("/")[2]).toSorted(), Object.keys(fields).toSorted());
  });

  for (const [noun, { tokens, strings, numbers }] of Object.entries(fields)) {
    test(`of ${noun}: ${words(`${tokens} ${strings} ${numbers}`).join(", ")}`, async () => {
      const objects = await all(noun);
      const sample = (field: string) => objects.map((object) => valueAt(object, field)).find((value) => value !== null);
      for (const field of words(`${tokens} ${strings}`)) {
        await assertFinds(noun, `-${field}:"nonsense"`, () => true);
        if (absent.includes(field)) continue;
        const value = String(sample(field) ?? assert.fail(`${noun} ${field}`));
        const has = (object: Json) => String(valueAt(object, field)).toUpperCase() === value.toUpperCase();
        await assertFinds(noun, `${field}:"${value.toUpperCase()}"`, has);
        const part = await find(noun, `${field}~"${value.slice(1, 4).padEnd(3, "x")}"`);
        assert.equal(part.status, words(strings).includes(field) ? 200 : 400, `${noun} ${field}`);
        if (part.status === 200) assert.ok((part.json.data as Json[]).some(has), `${noun} ${field}`);
      }
      for (const field of words(numbers)) {
        const value = Number(sample(field));
        await assertFinds(noun, `${field}:${value}`, (object) => valueAt(object, field) === value);
        const isAbove = (object: Json) => Number(valueAt(object, field) ?? -1) >= value;
        await assertFinds(noun, `${field}>${value - 1}`, isAbove);
        assert.equal((await find(noun, `${field}~"${value}"`)).status, 400, `${noun} ${field}`);
      }
      assert.equal((await find(noun, 'nonsense:"a"')).status, 400);
    });
  }
});
