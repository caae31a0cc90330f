// Lists by hand: what an intent can be paid by is taken, what nobody plays says so, what is nothing is refused.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "../../testing.ts";

const intents = { "/v1/payment_intents": "amount=2000&currency=usd&", "/v1/setup_intents": "" };
const versions = ["2020-08-27", "2026-08-26.dahlia"];

suite("types of payment methods that are listed by hand", () => {
  for (const [path, form] of Object.entries(intents)) {
    for (const version of versions) {
      const ask = (...types: string[]) => {
        const listed = types.map((type) => `payment_method_types[]=${type}`).join("&");
        return startWorld().call("POST", path, { form: form + listed, headers: { "stripe-version": version } });
      };

      test(`${path} under ${version}: none that is played is 501 by name`, async () => {
        for (const type of ["boleto", "cashapp", "paypal", "card_present"]) {
          const { status, error } = await ask(type);
          assert.deepEqual([status, error.code, error.param], [501, "sandbox_not_covered", "payment_method_types"]);
          assert.match(String(error.message), new RegExp(`of type ${type} yet`));
        }
      });

      test(`${path} under ${version}: beside a card they stand`, async () => {
        const { status, json } = await ask("card", "boleto");
        assert.deepEqual([status, json.payment_method_types], [200, ["card", "boleto"]]);
      });

      test(`${path} under ${version}: what Stripe does not know is refused`, async () => {
        const { status, error } = await ask("card", "nonsense");
        assert.deepEqual([status, error.param], [400, "payment_method_types"]);
        assert.match(String(error.message), /"nonsense" is invalid/);
      });
    }
  }
});
