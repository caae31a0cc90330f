import assert from "node:assert/strict";
import { test } from "node:test";
import { startWorld } from "../../testing.ts";

async function startShop() {
  const world = startWorld();
  const people = [
    "name=Ada%20Lovelace&email=ada@example.com&metadata[tier]=gold&metadata[order.id]=a%22b",
    "name=Bob&email=bob@example.com&phone=123456&metadata[tier]=silver",
    "name=Cleo&email=cleo@example.org",
  ];
  for (const person of people) {
    await world.call("POST", "/v1/customers", person);
    await world.clock.advance(10_000);
  }
  const find = async (query: string, more = "") => {
    const { json } = await world.call("GET", "/v1/customers/search", `query=${encodeURIComponent(query)}${more}`);
    return (json.data as { name: string }[]).map(({ name }) => name.split(" ")[0]).join(" ");
  };
  const refuse = async (query: string) => {
    const { status, error } = await world.call("GET", "/v1/customers/search", `query=${encodeURIComponent(query)}`);
    assert.equal(status, 400, query);
    assert.equal(error.type, "invalid_request_error");
    return String(error.message);
  };
  return { ...world, find, refuse };
}

test("a query finds by text, part, number, metadata and absence", async () => {
  const { find, clock } = await startShop();
  const second = Math.floor(clock.now() / 1000) - 20;
  const cases: [string, string][] = [
    ['email:"ADA@example.com"', "Ada"],
    ['email~"example.com"', "Bob Ada"],
    ["name~'love'", "Ada"],
    ['-email~"example.com"', "Cleo"],
    ['metadata["tier"]:"gold"', "Ada"],
    ['metadata["order.id"]:"a\\"b"', "Ada"],
    ['metadata["tier"]:null', "Cleo"],
    ['-metadata["tier"]:null', "Bob Ada"],
    ["phone:null", "Cleo Ada"],
    [`created>${second}`, "Cleo"],
    [`created>=${second} AND phone:"123456"`, "Bob"],
    [`created<"${second}"`, "Ada"],
    ['name:"Bob" OR name:"Cleo"', "Cleo Bob"],
    ['name:"Bob" and email~"example"', "Bob"],
    ['name:"Bob" email~"ada@"', ""],
  ];
  for (const [query, names] of cases) assert.equal(await find(query), names, query);
});

test("pages follow their tokens, and only for the same query", async () => {
  const { call } = await startShop();
  const query = `query=${encodeURIComponent('email~"example"')}`;
  const first = await call("GET", "/v1/customers/search", `${query}&limit=2&expand[]=total_count`);
  assert.deepEqual([first.json.has_more, first.json.total_count, first.json.url], [true, 3, "/v1/customers/search"]);
  const page = `page=${String(first.json.next_page)}`;
  const second = await call("GET", "/v1/customers/search", `${query}&limit=2&${page}`);
  assert.equal((second.json.data as object[]).length, 1);
  assert.deepEqual([second.json.has_more, second.json.next_page, "total_count" in second.json], [false, null, false]);
  const other = await call("GET", "/v1/customers/search", `query=${encodeURIComponent('name:"Bob"')}&${page}`);
  assert.deepEqual([other.status, other.error.param], [400, "page"]);
});

test("charges are found by how they were paid", async () => {
  const { stripe, clock } = await startShop();
  const way = { confirm: true, return_url: "https://shop.test", currency: "eur" } as const;
  const paid = await stripe.paymentIntents.create({ ...way, amount: 700, payment_method: "pm_card_mastercard" });
  const address = { line1: "Road 1", city: "Bonn", postal_code: "53111", country: "DE" };
  const debit = await stripe.paymentIntents.create({
    ...way,
    amount: 800,
    payment_method_data: {
      type: "sepa_debit",
      sepa_debit: { iban: "DE89370400440532013000" },
      billing_details: { name: "Ada", email: "ada@shop.test", address },
    },
    mandate_data: { customer_acceptance: { type: "offline" } },
  });
  await clock.advance(60_000);
  const amounts = async (query: string) => (await stripe.charges.search({ query })).data.map(({ amount }) => amount);
  assert.deepEqual(await amounts('payment_method_details.card.last4:"4444"'), [700]);
  assert.deepEqual(await amounts('payment_method_details.card.brand:"mastercard" AND refunded:"false"'), [700]);
  assert.deepEqual(await amounts('payment_method_details.sepa_debit.last4:"3000" AND -disputed:"true"'), [800]);
  assert.deepEqual(await amounts('billing_details.address.postal_code:"53111"'), [800]);
  assert.deepEqual(await amounts("amount>=700 AND amount<800"), [700]);
  await stripe.refunds.create({ payment_intent: paid.id });
  assert.deepEqual(await amounts('refunded:"true"'), [700]);
  const intents = await stripe.paymentIntents.search({ query: `status:"succeeded" amount>700` });
  assert.deepEqual(
    intents.data.map(({ id }) => id),
    [debit.id],
  );
});

test("a query that cannot be answered is refused", async () => {
  const { refuse, call } = await startShop();
  assert.match(await refuse("name"), /unable to parse/);
  assert.match(await refuse('name:"open'), /unable to parse/);
  assert.match(await refuse('(name:"a")'), /unable to parse/);
  assert.match(await refuse('name:"a"name:"b"'), /unable to parse/);
  assert.match(await refuse('colour:"red"'), /`colour` is an unsupported search field for resource `customers`/);
  const query = `query=${encodeURIComponent('colour:"red"')}`;
  assert.match(
    String((await call("GET", "/v1/payment_intents/search", query)).error.message),
    /for-payment-intents for/,
  );
  assert.match(await refuse('name:"a" AND name:"b" OR name:"c"'), /combining/);
  assert.match(await refuse(Array.from({ length: 11 }, () => 'name:"a"').join(" ")), /at most 10/);
  assert.match(await refuse('name>"a"'), /not supported/);
  assert.match(await refuse('name~"ab"'), /at least 3/);
  assert.match(await refuse('created:"soon"'), /numeric/);
  assert.equal((await call("GET", "/v1/customers/search")).error.code, "parameter_missing");
});

test("the SDK pages through a search by itself", async () => {
  const { stripe } = await startShop();
  for (let i = 0; i < 5; i++) await stripe.paymentIntents.create({ amount: 1000 + i, currency: "eur" });
  const query = 'currency:"EUR" AND amount>1001';
  const amounts: number[] = [];
  for await (const intent of stripe.paymentIntents.search({ query, limit: 2 })) amounts.push(intent.amount);
  assert.deepEqual(amounts, [1004, 1003, 1002]);
  assert.deepEqual((await stripe.charges.search({ query: 'status:"succeeded"' })).data, []);
});
