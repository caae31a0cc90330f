// What a decline says beside its message: the bank's own words and the network's advice, seen in answers of 2026, in
// every version, in the error, on the intent and on the charge.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { schemaFiles } from "../../kernel/schema/files.ts";
import { versionFamilies } from "../../kernel/schema/schema.ts";
import { type SandboxWorld, startWorld } from "../../testing.ts";

type Json = Readonly<Record<string, unknown>>;
type Row = readonly [number: string, declineCode: string, network: string, advice: string | null, stripe: string];

const rows: readonly Row[] = [
  ["4000000000000069", "expired_card", "54", "03", "confirm_card_data"],
  ["4000000000000127", "incorrect_cvc", "N7", "03", "confirm_card_data"],
  ["4000000000000119", "processing_error", "06", null, "try_again_later"],
  ["4000000000009995", "insufficient_funds", "51", "02", "try_again_later"],
  ["4000000000009987", "lost_card", "41", "01", "do_not_try_again"],
  ["4000000000009979", "stolen_card", "43", "01", "do_not_try_again"],
  ["4000000000006975", "card_velocity_exceeded", "61", "02", "try_again_later"],
  ["4000000000000002", "generic_decline", "01", null, "try_again_later"],
];

async function methodOf({ call }: SandboxWorld, number: string): Promise<string> {
  const form = `type=card&card[number]=${number}&card[exp_month]=12&card[exp_year]=2031&card[cvc]=123`;
  return String((await call("POST", "/v1/payment_methods", form)).json.id);
}

function codesOf({ decline_code, network_decline_code, network_advice_code, advice_code }: Json) {
  return [decline_code, network_decline_code, network_advice_code ?? null, advice_code];
}

suite("declines", () => {
  for (const [number, declineCode, network, advice, stripe] of rows) {
    test(`${number} is declined with the bank's own words, wherever they stand, in every version`, async () => {
      const world = startWorld();
      for (const name of versionFamilies) {
        const headers = { "stripe-version": schemaFiles.family(name).apiVersion };
        const method = `payment_method=${await methodOf(world, number)}&return_url=http://shop.test`;
        const form = `amount=2000&currency=eur&confirm=true&${method}`;
        const { status, error } = await world.call("POST", "/v1/payment_intents", { form, headers });
        const { json: charge } = await world.call("GET", `/v1/charges/${error.charge}`, { headers });
        const { last_payment_error } = error.payment_intent as { last_payment_error: Json };
        const expected = [declineCode, network, advice, stripe];
        assert.deepEqual([status, codesOf(error)], [402, expected], name);
        assert.deepEqual(codesOf(last_payment_error), expected, name);
        const outcome = charge.outcome as Json;
        assert.deepEqual(codesOf({ ...outcome, decline_code: outcome.reason }), expected, name);
      }
    });
  }

  test("a card that declines is not saved, neither to a customer nor with a new one", async () => {
    const world = startWorld();
    const { json: customer } = await world.call("POST", "/v1/customers");
    for (const [number, code, param] of [
      ["4000000000000002", "card_declined", ""],
      ["4000000000000069", "expired_card", "exp_month"],
      ["4000000000000127", "incorrect_cvc", "cvc"],
    ] as const) {
      const attach = `/v1/payment_methods/${await methodOf(world, number)}/attach`;
      const attached = await world.call("POST", attach, `customer=${customer.id}`);
      const created = await world.call("POST", "/v1/customers", `payment_method=${await methodOf(world, number)}`);
      for (const { status, error } of [attached, created]) {
        assert.deepEqual([status, error.code, error.param], [402, code, param], number);
      }
    }
    assert.equal(((await world.call("GET", "/v1/customers")).json.data as []).length, 1);
    assert.deepEqual(await world.eventTypes(), ["customer.created"]);
  });
});
