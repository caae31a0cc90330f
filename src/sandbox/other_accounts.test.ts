import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startWorld } from "./testing.ts";

const payment = "amount=2000&currency=usd";
const charge = `${payment}&source=tok_visa`;

suite("other accounts, of which there are none", () => {
  const asked: readonly (readonly [path: string, form: string, param: string, message: RegExp])[] = [
    [
      "payment_intents",
      `${payment}&transfer_data[destination]=acct_other`,
      "transfer_data[destination]",
      /^No such destination: 'acct_other'$/,
    ],
    ["charges", `${charge}&destination[account]=acct_other`, "destination[account]", /^No such destination/],
    ["payment_intents", `${payment}&on_behalf_of=acct_other`, "on_behalf_of", /^No such account: 'acct_other'$/],
    ["setup_intents", "on_behalf_of=acct_other", "on_behalf_of", /^No such account/],
    ["payment_intents", `${payment}&application_fee_amount=100`, "application_fee_amount", /another account/],
    ["charges", `${charge}&application_fee_amount=100`, "application_fee_amount", /another account/],
  ];
  for (const [path, form, param, message] of asked) {
    test(`${path} ${form} is refused, not taken and forgotten`, async () => {
      const { status, error } = await startWorld().call("POST", `/v1/${path}`, form);
      assert.deepEqual([status, error.param], [400, param]);
      assert.match(String(error.message), message);
    });
  }

  test("who names the own one means nobody else; a transfer to it is not there", async () => {
    const { call, stripe } = startWorld();
    const { id } = await stripe.accounts.retrieveCurrent();
    assert.equal((await call("POST", "/v1/payment_intents", `${payment}&on_behalf_of=${id}`)).status, 200);
    const own = await call("POST", "/v1/payment_intents", `${payment}&transfer_data[destination]=${id}`);
    assert.equal(own.status, 501);
  });
});
