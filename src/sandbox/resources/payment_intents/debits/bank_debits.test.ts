// Debits of American and Canadian bank accounts, of Stripe's ready-made ones and of those that are to be proved.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type Stripe from "stripe";
import { dayMs, minuteMs, secondMs } from "#kit/clock.ts";
import { type SandboxWorld, startWorld } from "../../../testing.ts";
import { type TestAccount, testAccountTable } from "../../payment_methods/accounts/test_accounts.table.ts";

const consent = "mandate_data[customer_acceptance][type]=offline";
const back = "return_url=https://shop.test/back";
const terms =
  "payment_method_options[acss_debit][mandate_options][payment_schedule]=sporadic" +
  "&payment_method_options[acss_debit][mandate_options][transaction_type]=personal";
const data = "payment_method_data";
const owner = `${data}[billing_details][name]=Jenny&${data}[billing_details][email]=j@shop.test`;

type Type = TestAccount["type"];

function typed(type: Type, number: string): string {
  const account =
    type === "us_bank_account"
      ? `${data}[${type}][routing_number]=110000000&${data}[${type}][account_holder_type]=individual`
      : `${data}[${type}][institution_number]=000&${data}[${type}][transit_number]=11000`;
  return `${data}[type]=${type}&${owner}&${data}[${type}][account_number]=${number}&${account}`;
}

const world = () => startWorld({ paymentMethodTypes: ["card", "acss_debit", "us_bank_account"] });

async function pay({ call }: SandboxWorld, method: string, more = "") {
  const form = `amount=2000&currency=usd&confirm=true&${back}&${method}&${consent}&${terms}${more}`;
  const { status, json } = await call("POST", "/v1/payment_intents", form);
  assert.equal(status, 200, JSON.stringify(json));
  return json as unknown as { id: string; status: string; next_action: { type: string } | null };
}

const verify = ({ call }: SandboxWorld, id: string, form: string) =>
  call("POST", `/v1/payment_intents/${id}/verify_microdeposits`, form);

const guess = { acss_debit: "amounts[]=32&amounts[]=45", us_bank_account: "descriptor_code=SM11AA" } as const;

async function playAccount(account: TestAccount): Promise<void> {
  const { type, number, readyMade, failureCode, isDelayed, isSilent, isDisputed, takesDeposits } = account;
  const here = world();
  const isTyped = /^\d+$/.test(number);
  const method = isTyped ? typed(type, number) : `payment_method=${readyMade}`;
  const { id, status, next_action } = await pay(here, method);
  if (isTyped) {
    assert.deepEqual([status, next_action?.type], ["requires_action", "verify_with_microdeposits"]);
    if (!takesDeposits) {
      await here.clock.advance(10 * secondMs);
      const failed = await here.stripe.paymentIntents.retrieve(id);
      assert.equal(failed.last_payment_error?.code, "payment_method_microdeposit_failed");
      return;
    }
    assert.equal((await verify(here, id, guess[type])).json.status, "processing");
  }
  await here.clock.advance(isDelayed ? 2 * minuteMs : 10 * secondMs);
  if (isDelayed) assert.equal((await here.stripe.paymentIntents.retrieve(id)).status, "processing");
  await here.clock.advance(isDelayed ? 2 * minuteMs : dayMs);
  const after = await here.stripe.paymentIntents.retrieve(id, { expand: ["latest_charge"] });
  const end = isSilent ? "processing" : failureCode ? "requires_payment_method" : "succeeded";
  assert.equal(after.status, end);
  const charge = after.latest_charge as { failure_code: string | null; disputed: boolean };
  assert.deepEqual([charge.failure_code, charge.disputed], [failureCode, isDisputed]);
}

suite("debits of American and Canadian accounts", () => {
  for (const account of testAccountTable) {
    test(`${account.type} ${account.number} does what the table says`, () => playAccount(account));
  }

  for (const { readyMade } of testAccountTable.filter((row) => row.readyMade !== null)) {
    test(`${readyMade} needs no proof`, async () => {
      const { status } = await pay(world(), `payment_method=${readyMade}`);
      assert.equal(status, "processing");
    });
  }

  test("a debit is as Stripe shows it, and rests on a mandate", async () => {
    const here = world();
    const { id } = await pay(here, "payment_method=pm_usBankAccount_success");
    const intent = await here.stripe.paymentIntents.retrieve(id, { expand: ["latest_charge", "payment_method"] });
    const { us_bank_account } = intent.payment_method as Stripe.PaymentMethod & {
      us_bank_account: object;
    };
    assert.deepEqual(
      [us_bank_account.bank_name, us_bank_account.last4, us_bank_account.routing_number, us_bank_account.networks],
      ["STRIPE TEST BANK", "6789", "110000000", { preferred: "ach", supported: ["ach"] }],
    );
    const charge = intent.latest_charge as { payment_method_details: { us_bank_account: { mandate: string } } };
    const mandate = await here.stripe.mandates.retrieve(charge.payment_method_details.us_bank_account.mandate);
    assert.deepEqual([mandate.payment_method_details.type, mandate.type], ["us_bank_account", "single_use"]);
  });

  test("a Canadian payer is told when and for whom", async () => {
    const { call } = world();
    const form = `amount=2000&currency=cad&confirm=true&${back}&payment_method=pm_acssDebit_success&${consent}`;
    const { error } = await call("POST", "/v1/payment_intents", form);
    assert.equal(error.param, "payment_method_options[acss_debit][mandate_options][payment_schedule]");
    const { json } = await call("POST", "/v1/payment_intents", `${form}&${terms}`);
    const { json: charge } = await call("GET", `/v1/charges/${json.latest_charge}`);
    const { acss_debit } = charge.payment_method_details as { acss_debit: { mandate: string } };
    const mandate = await call("GET", `/v1/mandates/${acss_debit.mandate}`);
    assert.deepEqual(mandate.json.payment_method_details, {
      acss_debit: { interval_description: null, payment_schedule: "sporadic", transaction_type: "personal" },
      type: "acss_debit",
    });
  });

  test("wrong amounts are counted; the third ends it", async () => {
    const here = world();
    const { id } = await pay(here, typed("us_bank_account", "000123456789"));
    const tries = [];
    for (const amounts of ["amounts[]=1&amounts[]=2", "amounts[]=1&amounts[]=3", "amounts[]=1&amounts[]=4"]) {
      tries.push((await verify(here, id, amounts)).error.code);
    }
    const mismatch = "payment_method_microdeposit_verification_amounts_mismatch";
    const exceeded = "payment_method_microdeposit_verification_attempts_exceeded";
    assert.deepEqual(tries, [mismatch, mismatch, exceeded]);
    const after = await here.stripe.paymentIntents.retrieve(id);
    assert.deepEqual([after.status, after.last_payment_error?.code], ["requires_payment_method", exceeded]);
    assert.equal((await verify(here, id, "amounts[]=32&amounts[]=45")).error.code, "payment_intent_unexpected_state");
  });

  const said: readonly (readonly [form: string, code: string])[] = [
    ["amounts[]=11&amounts[]=10", "payment_method_microdeposit_verification_attempts_exceeded"],
    ["amounts[]=40&amounts[]=41", "payment_method_microdeposit_verification_timeout"],
    ["descriptor_code=SM33CC", "payment_method_microdeposit_verification_attempts_exceeded"],
    ["descriptor_code=SM44DD", "payment_method_microdeposit_verification_timeout"],
    ["descriptor_code=SM99ZZ", "payment_method_microdeposit_verification_descriptor_code_mismatch"],
  ];
  for (const [form, code] of said) {
    test(`${form} is ${code}`, async () => {
      const here = world();
      const { id } = await pay(here, typed("us_bank_account", "000123456789"));
      assert.equal((await verify(here, id, form)).error.code, code);
    });
  }

  test("nobody tells of the deposits: after ten days the intent wants another method", async () => {
    const here = world();
    const { id } = await pay(here, typed("us_bank_account", "000123456789"));
    await here.clock.advance(10 * dayMs);
    const { last_payment_error } = await here.stripe.paymentIntents.retrieve(id);
    assert.equal(last_payment_error?.code, "payment_method_microdeposit_verification_timeout");
  });

  test("a debit that its bank has not taken is called off, another one is not", async () => {
    const here = world();
    const { id } = await pay(here, "payment_method=pm_usBankAccount_processing");
    assert.equal((await here.stripe.paymentIntents.cancel(id)).status, "canceled");
    const taken = await pay(here, "payment_method=pm_usBankAccount_success");
    await assert.rejects(here.stripe.paymentIntents.cancel(taken.id), { code: "payment_intent_unexpected_state" });
  });

  test("an account is set up by its deposits, stays with the customer, and is debited without a word", async () => {
    const here = world();
    const { id: customer } = await here.stripe.customers.create();
    const form = `confirm=true&${back}&customer=${customer}&${consent}&${typed("us_bank_account", "000123456789")}`;
    const { json } = await here.call("POST", "/v1/setup_intents", form);
    assert.equal((json.next_action as { type: string }).type, "verify_with_microdeposits");
    const wrong = await here.call(
      "POST",
      `/v1/setup_intents/${json.id}/verify_microdeposits`,
      "descriptor_code=SMXXXX",
    );
    assert.equal(wrong.status, 400);
    const right = await here.call(
      "POST",
      `/v1/setup_intents/${json.id}/verify_microdeposits`,
      "descriptor_code=SM11AA",
    );
    assert.equal(right.json.status, "succeeded");
    const later = `amount=900&currency=usd&confirm=true&off_session=true&${back}`;
    const paid = await here.call(
      "POST",
      "/v1/payment_intents",
      `${later}&customer=${customer}&payment_method=${right.json.payment_method}`,
    );
    assert.equal(paid.json.status, "processing");
  });

  test("the page of the bank proves an account too, or not", async () => {
    for (const outcome of ["succeeded", "failed"] as const) {
      const here = world();
      const { id } = await pay(here, typed("acss_debit", "000123456789"));
      const { next_action } = await here.stripe.paymentIntents.retrieve(id);
      const url = next_action?.verify_with_microdeposits?.hosted_verification_url ?? "";
      assert.match(await (await here.sandbox.fetch(new Request(url))).text(), /<h1>Verify your bank account<\/h1>/);
      await here.sandbox.fetch(new Request(url, { method: "POST", body: new URLSearchParams({ outcome }) }));
      const { status } = await here.stripe.paymentIntents.retrieve(id);
      assert.equal(status, outcome === "succeeded" ? "processing" : "requires_payment_method");
    }
  });

  const refusals: readonly (readonly [why: string, form: string, code: string, param: string])[] = [
    [
      "a number that is not for tests",
      "type=us_bank_account&billing_details[name]=J&us_bank_account[account_number]=12" +
        "&us_bank_account[routing_number]=110000000&us_bank_account[account_holder_type]=individual",
      "payment_method_invalid_parameter_testmode",
      "us_bank_account[account_number]",
    ],
    [
      "no owner",
      "type=us_bank_account&us_bank_account[account_number]=1",
      "parameter_missing",
      "billing_details[name]",
    ],
    ["no account", "type=acss_debit&billing_details[name]=J", "parameter_missing", "acss_debit"],
  ];
  for (const [why, form, code, param] of refusals) {
    test(`is refused: ${why}`, async () => {
      const { error } = await world().call("POST", "/v1/payment_methods", form);
      assert.deepEqual([error.code, error.param], [code, param]);
    });
  }

  test("what has still to be proved is not attached", async () => {
    const here = world();
    const form = typed("us_bank_account", "000123456789").replaceAll(`${data}[type]`, "type");
    const { json } = await here.call(
      "POST",
      "/v1/payment_methods",
      form.replaceAll(/payment_method_data\[(\w+)\]/g, "$1"),
    );
    const { id: customer } = await here.stripe.customers.create();
    const { error } = await here.call("POST", `/v1/payment_methods/${json.id}/attach`, `customer=${customer}`);
    assert.match(String(error.message), /must be verified before they can be attached/);
  });

  test("an account that is to be verified at once is not typed in, whichever call says which", async () => {
    const { call } = world();
    const wish = "payment_method_types[]=us_bank_account";
    const instant = "payment_method_options[us_bank_account][verification_method]=instant";
    const account = typed("us_bank_account", "000123456789");
    for (const [path, form] of [
      ["/v1/payment_intents", `amount=2000&currency=usd&${wish}`],
      ["/v1/setup_intents", wish],
    ] as const) {
      assert.equal((await call("POST", path, `${form}&${instant}&${account}`)).status, 400, path);
      const { json } = await call("POST", path, `${form}&${instant}`);
      for (const [end, more] of [
        ["", ""],
        ["/confirm", `&${consent}`],
      ]) {
        const { error } = await call("POST", `${path}/${json.id}${end}`, `${account}${more}`);
        assert.equal(error.code, "payment_method_invalid_parameter", `${path}${end}`);
      }
    }
  });
});
