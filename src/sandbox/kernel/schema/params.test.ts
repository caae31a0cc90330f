import assert from "node:assert/strict";
import { test } from "node:test";
import { paramChecker } from "../../resources/index.ts";
import { StripeError } from "../words/errors.ts";
import { decodeForm } from "../words/form.ts";
import { isStripeOperation, listStripeOperations } from "./endpoints.ts";
import { type VersionFamily, versionFamilies } from "./schema.ts";

const create = "POST /v1/payment_intents";
const intent = "amount=2000&currency=eur";

function check(operation: string, form: string, family: VersionFamily = "endive") {
  return paramChecker.check(operation, decodeForm(form), family);
}

const typed: [what: string, operation: string, form: string, params: object][] = [
  ["integers and texts", create, intent, { amount: 2000, currency: "eur" }],
  [
    "booleans",
    create,
    `${intent}&confirm=true&automatic_payment_methods[enabled]=false`,
    {
      amount: 2000,
      currency: "eur",
      confirm: true,
      automatic_payment_methods: { enabled: false },
    },
  ],
  [
    "booleans as Python's SDK writes them",
    create,
    `${intent}&confirm=True&automatic_payment_methods[enabled]=False`,
    {
      amount: 2000,
      currency: "eur",
      confirm: true,
      automatic_payment_methods: { enabled: false },
    },
  ],
  [
    "indexed lists",
    create,
    `${intent}&expand[0]=customer&expand[1]=latest_charge`,
    {
      amount: 2000,
      currency: "eur",
      expand: ["customer", "latest_charge"],
    },
  ],
  ["unindexed lists", create, `${intent}&expand[]=customer`, { amount: 2000, currency: "eur", expand: ["customer"] }],
  [
    "metadata as texts, an empty one as unset",
    create,
    `${intent}&metadata[0]=5&metadata[b]=`,
    {
      amount: 2000,
      currency: "eur",
      metadata: { 0: "5", b: null },
    },
  ],
  [
    "what can be unset",
    "POST /v1/customers/:id",
    "metadata=&address=&description=x",
    {
      metadata: null,
      address: null,
      description: "x",
    },
  ],
  [
    "a boolean or a word",
    create,
    `${intent}&off_session=one_off`,
    {
      amount: 2000,
      currency: "eur",
      off_session: "one_off",
    },
  ],
  ["a range", "GET /v1/charges", "created[gte]=5&limit=3", { created: { gte: 5 }, limit: 3 }],
  ["an instant", "GET /v1/charges", "created=5", { created: 5 }],
  [
    "a raw card",
    "POST /v1/payment_methods",
    "type=card&card[number]=42&card[exp_month]=1&card[exp_year]=34",
    {
      type: "card",
      card: { number: "42", exp_month: 1, exp_year: 34 },
    },
  ],
  [
    "a card's token",
    "POST /v1/payment_methods",
    "type=card&card[token]=tok_visa",
    {
      type: "card",
      card: { token: "tok_visa" },
    },
  ],
  [
    "a raw card inside an intent",
    create,
    `${intent}&payment_method_data[type]=card&payment_method_data[card][exp_month]=7`,
    {
      amount: 2000,
      currency: "eur",
      payment_method_data: { type: "card", card: { exp_month: 7 } },
    },
  ],
  [
    "events of the newest version under any family",
    "POST /v1/webhook_endpoints",
    "url=http://x&enabled_events[]=*",
    {
      url: "http://x",
      enabled_events: ["*"],
    },
  ],
  ["what a path parameter is called", "GET /v1/payment_intents/{intent}", "client_secret=x", { client_secret: "x" }],
];

for (const [what, operation, form, params] of typed) {
  test(`parameters: ${what} are typed`, () => assert.deepEqual(check(operation, form), params));
}

const refused: [
  what: string,
  operation: string,
  form: string,
  code: string | undefined,
  param: string,
  message: string,
][] = [
  ["an unknown one", create, `${intent}&foo=1`, "parameter_unknown", "foo", "Received unknown parameter: foo"],
  [
    "several unknown ones",
    create,
    "foo=1&shipping[bar]=2",
    "parameter_unknown",
    "foo",
    "Received unknown parameters: foo, shipping[bar]",
  ],
  [
    "an unknown one before a missing one",
    create,
    "foo=1",
    "parameter_unknown",
    "foo",
    "Received unknown parameter: foo",
  ],
  ["a missing one", create, "currency=eur", "parameter_missing", "amount", "Missing required param: amount."],
  [
    "a missing nested one",
    create,
    `${intent}&automatic_payment_methods[allow_redirects]=never`,
    "parameter_missing",
    "automatic_payment_methods[enabled]",
    "Missing required param: automatic_payment_methods[enabled].",
  ],
  ["no integer", create, "amount=abc&currency=eur", "parameter_invalid_integer", "amount", "Invalid integer: abc"],
  ["a fraction", create, "amount=1.5&currency=eur", "parameter_invalid_integer", "amount", "Invalid integer: 1.5"],
  ["no boolean", create, `${intent}&confirm=1`, undefined, "confirm", "Invalid boolean: 1"],
  [
    "no word of an enum",
    create,
    `${intent}&capture_method=late`,
    undefined,
    "capture_method",
    "Invalid capture_method: must be one of automatic, automatic_async, or manual",
  ],
  [
    "an empty text",
    create,
    `${intent}&customer=`,
    "parameter_invalid_empty",
    "customer",
    "You passed an empty string for 'customer'. We assume empty values are an attempt to unset a parameter; " +
      "however 'customer' cannot be unset. You should remove 'customer' from your request or supply a " +
      "non-empty value.",
  ],
  ["a text for a list", create, `${intent}&expand=customer`, undefined, "expand", "Invalid array"],
  ["a text for a hash", create, `${intent}&shipping=here`, undefined, "shipping", "Invalid object"],
  ["a hash for a text", create, `${intent}&customer[id]=1`, undefined, "customer", 'Invalid string: {"id":"1"}'],
  ["a hash in metadata", create, `${intent}&metadata[a][b]=1`, undefined, "metadata[a]", 'Invalid string: {"b":"1"}'],
  [
    "a range of nonsense",
    "GET /v1/charges",
    "created[gte]=x",
    "parameter_invalid_integer",
    "created[gte]",
    "Invalid integer: x",
  ],
  [
    "payment_method_types on endive",
    create,
    `${intent}&payment_method_types[]=card`,
    "payment_method_types_no_longer_supported",
    "payment_method_types",
    "The parameter payment_method_types is no longer supported. Leave it out to use dynamic payment methods, or use " +
      "allowed_payment_method_types or excluded_payment_method_types instead.",
  ],
];

for (const [what, operation, form, code, param, message] of refused) {
  test(`parameters: ${what} is refused in Stripe's words`, () => {
    assert.throws(
      () => check(operation, form),
      (error) => {
        assert.ok(error instanceof StripeError);
        assert.deepEqual(
          [error.status, error.fields.code, error.fields.param, error.message],
          [400, code, param, message],
        );
        assert.equal(error.replayable, false);
        return true;
      },
    );
  });
}

test("a family takes what came later, and an operation younger than a family is still checked", () => {
  for (const family of versionFamilies) assert.equal(check(create, intent, family).amount, 2000);
  assert.deepEqual(check(create, `${intent}&payment_method_types[]=card`, "2020-08-27").payment_method_types, ["card"]);
  assert.deepEqual(check(create, `${intent}&hooks[inputs][tax][calculation]=x`, "2020-08-27").hooks, {
    inputs: { tax: { calculation: "x" } },
  });
  assert.throws(
    () => check(create, `${intent}&hooks[inputs][tax][nonsense]=x`, "2020-08-27"),
    /unknown parameter: hooks\[inputs\]\[tax\]\[nonsense\]/,
  );
  assert.equal(
    check("POST /v1/customer_sessions", "customer=c&components[buy_button][enabled]=true", "2020-08-27").customer,
    "c",
  );
});

test("an old family's coupon is unset by an empty text, and is unknown later", () => {
  assert.deepEqual(check("POST /v1/customers/:id", "coupon=", "acacia"), { coupon: null });
  assert.throws(() => check("POST /v1/customers/:id", "coupon=", "endive"), /unknown parameter: coupon/);
});

test("an empty text unsets every plain text that an answer may show as null, and nothing else", () => {
  const customer = "POST /v1/customers/:id";
  const emptied = "name=&email=&phone=&description=&address[line2]=&shipping[phone]=&invoice_settings[footer]=";
  const kept = "&shipping[name]=A&shipping[address][line1]=b";
  assert.deepEqual(check(customer, emptied + kept), {
    name: null,
    email: null,
    phone: null,
    description: null,
    address: { line2: null },
    shipping: { phone: null, name: "A", address: { line1: "b" } },
    invoice_settings: { footer: null },
  });
  const whole = "address=&shipping=&metadata=&invoice_settings[default_payment_method]=";
  const unset = { address: null, shipping: null, metadata: null, invoice_settings: { default_payment_method: null } };
  assert.deepEqual(check(customer, whole), unset);
  const refusedEmpty: readonly [operation: string, form: string][] = [
    [customer, "default_source="],
    [customer, "balance="],
    [create, `${intent}&allowed_payment_method_types=`],
    [customer, "invoice_settings[custom_fields][0][name]=A&invoice_settings[custom_fields][0][value]="],
    ["POST /v1/sources", "type=sepa_debit&owner[name]="],
    ["GET /v1/customers", "email="],
  ];
  for (const [operation, form] of refusedEmpty) {
    assert.throws(() => check(operation, form), /You passed an empty string/, form);
  }
});

test("one misspelt parameter is told what it may have meant, several are not", () => {
  const said: readonly [form: string, message: string][] = [
    ["customers=cus_1", "customers. Did you mean customer?"],
    ["Amount=5", "Amount. Did you mean amount?"],
    ['"description=a', '"description. Did you mean description?'],
    [
      "payment_method_data[type]=card&payment_method_data[billing_details][address][postalCode]=1",
      "payment_method_data[billing_details][address][postalCode]. Did you mean postal_code?",
    ],
    ["wat=x", "wat"],
    ["iterations=x", "iterations"],
    ["price=x", "price"],
  ];
  for (const [form, message] of said) {
    const expected = { message: `Received unknown parameter: ${message}` };
    assert.throws(() => check(create, `${intent}&${form}`), expected);
  }
  assert.throws(() => check(create, `${intent}&customers=a&amonut=b`), {
    message: "Received unknown parameters: customers, amonut",
  });
});

test("what Stripe.js calls is held against what the SDKs declare of its like, and against a form of its own", () => {
  const token = "POST /v1/confirmation_tokens";
  const consent = "mandate_data[customer_acceptance][type]=online";
  const sent = `payment_method=pm_1&return_url=https://a.test&${consent}&client_context[mode]=payment&key=pk_test_1`;
  assert.equal(check(token, sent).payment_method, "pm_1");
  const acceptance = "mandate_data[customer_acceptance]";
  const refusals: readonly [operation: string, form: string, words: RegExp][] = [
    [token, "paymentMethod=pm_1", /unknown parameter: paymentMethod. Did you mean payment_method\?/],
    [token, "payment_method=pm_1&shipping[name]=A", /Missing required param: shipping\[address\]/],
    [token, "payment_method_data[type]=card&payment_method_data[card][numbre]=4", /Did you mean number\?/],
    [token, "payment_method=pm_1&setup_future_usage=never", /Invalid setup_future_usage/],
    [token, `${acceptance}[online][ip_address]=1`, /param: mandate_data\[customer_acceptance\]\[type\]/],
  ];
  for (const [operation, form, words] of refusals) assert.throws(() => check(operation, form), words, form);
});

test("an operation without a schema is a bug, not a refusal", () => {
  assert.throws(() => check("POST /v1/nonsense", ""), /no family declares POST \/v1\/nonsense/);
});

test("a parameter named like an object's internals is unknown, and harmless in metadata", () => {
  assert.throws(() => check(create, `${intent}&__proto__[x]=1&constructor=1`), /__proto__, constructor/);
  const { metadata } = check(create, `${intent}&metadata[__proto__]=x`);
  assert.equal(JSON.stringify(metadata), '{"__proto__":"x"}');
});

test("Stripe's operations are told from nonsense by method and path", () => {
  assert.ok(listStripeOperations().length > 600);
  assert.ok(isStripeOperation("GET", "/v1/customers/cus_1"));
  assert.ok(isStripeOperation("POST", "/v1/subscription_schedules/x/cancel"));
  assert.ok(!isStripeOperation("GET", "/v1/customers/"));
  assert.ok(!isStripeOperation("PUT", "/v1/customers/cus_1"));
  assert.ok(!isStripeOperation("GET", "/v1/nonsense"));
});
