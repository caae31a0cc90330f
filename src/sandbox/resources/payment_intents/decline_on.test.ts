// What becomes of cards that fail a check of their bank, where the account declines on it and where it does not.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createSandbox } from "../../index.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";

const both = { declineOn: ["cvc_failure", "avs_failure"] } as const;
const refusals = [
  ["4000000000000101", "incorrect_cvc", "cvc"],
  ["4000000000000036", "incorrect_zip", "address_zip"],
  ["4000000000000010", "incorrect_zip", "address_zip"],
] as const;

async function methodOf({ call }: SandboxWorld, number: string, more = ""): Promise<string> {
  const card = `card[number]=${number}&card[exp_month]=12&card[exp_year]=2040&card[cvc]=123`;
  const sent = more || "&billing_details[address][postal_code]=12345";
  return String((await call("POST", "/v1/payment_methods", `type=card&${card}${sent}`)).json.id);
}

const paying = "amount=2000&currency=usd&confirm=true&payment_method_types[]=card&payment_method=";

suite("checks of a card's bank", () => {
  for (const [number, code, param] of refusals) {
    test(`${number} pays unless the account declines on the check: ${code}`, async () => {
      const lenient = startWorld();
      const { status } = await lenient.call("POST", "/v1/payment_intents", paying + (await methodOf(lenient, number)));
      assert.equal(status, 200);

      const strict = startWorld(both);
      const { error, status: refused } = await strict.call(
        "POST",
        "/v1/payment_intents",
        paying + (await methodOf(strict, number)),
      );
      assert.deepEqual([refused, error.type, error.code, error.param], [402, "card_error", code, param]);
      const { outcome, status: failed } = await strict.stripe.charges.retrieve(String(error.charge));
      assert.equal(failed, "failed");
      assert.deepEqual([outcome?.type, outcome?.network_status], ["blocked", "reversed_after_approval"]);
    });

    test(`${number} is neither saved nor set up where the account declines on the check`, async () => {
      const strict = startWorld(both);
      const { call, stripe } = strict;
      const { id } = await stripe.customers.create();
      const attached = await call(
        "POST",
        `/v1/payment_methods/${await methodOf(strict, number)}/attach`,
        `customer=${id}`,
      );
      assert.deepEqual([attached.status, attached.error.code, attached.error.param], [402, code, param]);
      const made = await call("POST", "/v1/customers", `payment_method=${await methodOf(strict, number)}`);
      assert.deepEqual([made.status, made.error.code], [402, code]);
      assert.equal((await stripe.customers.list()).data.length, 1);
      const form = `confirm=true&payment_method_types[]=card&payment_method=${await methodOf(strict, number)}`;
      const setUp = await call("POST", "/v1/setup_intents", form);
      assert.deepEqual([setUp.status, setUp.error.code], [402, code]);
    });
  }

  test("what was not sent cannot fail, and one check does not stand for the other", async () => {
    const strict = startWorld({ declineOn: ["avs_failure"] });
    const unsent = await methodOf(strict, "4000000000000036", "&billing_details[name]=Ada");
    assert.equal((await strict.call("POST", "/v1/payment_intents", paying + unsent)).status, 200);
    const cvc = await methodOf(strict, "4000000000000101");
    assert.equal((await strict.call("POST", "/v1/payment_intents", paying + cvc)).status, 200);
  });

  test("the older API and tokens decline too", async () => {
    const { call } = startWorld(both);
    const charge = await call("POST", "/v1/charges", "amount=2000&currency=usd&source=tok_cvcCheckFail");
    assert.deepEqual([charge.status, charge.error.code], [402, "incorrect_cvc"]);
  });

  test("the account shows what it declines on", async () => {
    const { stripe } = startWorld({ declineOn: ["cvc_failure"] });
    const { settings } = await stripe.accounts.retrieveCurrent();
    assert.deepEqual(settings?.card_payments?.decline_on, { avs_failure: false, cvc_failure: true });
  });

  test("another check is refused", () => {
    const hint = /avs_failure and cvc_failure/;
    assert.throws(() => createSandbox({ declineOn: ["zip"] as never }), { code: "invalid_config", hint });
  });
});
