// What the test cards of https://docs.stripe.com/testing do, read off that page once more: on session, off session and
// with 3-D Secure asked for. The table that the sandbox itself uses is test_cards.table.ts.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type SandboxWorld, startWorld } from "../../testing.ts";

type Row = readonly [card: string, onSession: string, offSession: string, asked3ds: string];

const pays = "succeeded";
const asks = "requires_action";
const needsPayer = "authentication_required";
const acknowledged = "succeeded attempt_acknowledged";

/** A status of the intent (and what 3-D Secure came to), or the code of a refusal with its decline code. */
const rows: readonly Row[] = [
  ["visa", pays, pays, acknowledged],
  ["mastercard", pays, pays, acknowledged],
  ["amex", pays, pays, acknowledged],
  ["diners", pays, pays, "succeeded not_supported"],
  ["amex_threeDSecureNotSupported", pays, pays, "succeeded not_supported"],
  ["de", pays, pays, acknowledged],

  ["visa_chargeDeclined", ...always("card_declined generic_decline")],
  ["chargeDeclined", ...always("card_declined generic_decline")],
  ["visa_chargeDeclinedInsufficientFunds", ...always("card_declined insufficient_funds")],
  ["visa_chargeDeclinedLostCard", ...always("card_declined lost_card")],
  ["visa_chargeDeclinedStolenCard", ...always("card_declined stolen_card")],
  ["visa_chargeDeclinedVelocityLimitExceeded", ...always("card_declined card_velocity_exceeded")],
  ["chargeDeclinedExpiredCard", ...always("expired_card")],
  ["chargeDeclinedIncorrectCvc", ...always("incorrect_cvc")],
  ["chargeDeclinedProcessingError", ...always("processing_error")],
  ["chargeCustomerFail", ...always("card_declined generic_decline")],
  ["visa_chargeCustomerFailLostCard", ...always("card_declined lost_card")],
  ["visa_chargeCustomerFailStolenCard", ...always("card_declined stolen_card")],

  ["radarBlock", ...always("card_declined fraudulent")],
  ["riskLevelHighest", ...always("card_declined fraudulent")],
  ["riskLevelElevated", pays, pays, acknowledged],
  ["adaptive3dsChallenge", asks, pays, asks],

  ["authenticationRequiredOnSetup", asks, needsPayer, asks],
  ["authenticationRequired", asks, needsPayer, asks],
  ["authenticationRequiredSetupForOffSession", asks, pays, asks],
  ["authenticationRequiredChargeDeclinedInsufficientFunds", asks, needsPayer, asks],
  ["threeDSecure2Required", asks, needsPayer, asks],
  ["threeDSecureRequired", asks, needsPayer, asks],
  ["threeDSecureRequiredChargeDeclined", asks, needsPayer, asks],
  ["threeDSecureRequiredProcessingError", ...always("card_declined generic_decline")],
  ["threeDSecureOptional", pays, pays, asks],
  ["threeDSecureOptionalProcessingError", pays, pays, "succeeded processing_error"],
];

/** The same once the payer has passed the challenge. */
const afterwards: readonly (readonly [card: string, result: string])[] = [
  ["authenticationRequired", pays],
  ["threeDSecure2Required", pays],
  ["adaptive3dsChallenge", pays],
  ["authenticationRequiredChargeDeclinedInsufficientFunds", "card_declined insufficient_funds"],
  ["threeDSecureRequiredChargeDeclined", "card_declined generic_decline"],
];

/** A card that was set up with its payer there, and pays later without. */
const setUp: readonly (readonly [card: string, offSession: string])[] = [
  ["visa", pays],
  ["authenticationRequiredOnSetup", pays],
  ["authenticationRequired", needsPayer],
  ["authenticationRequiredSetupForOffSession", pays],
  ["authenticationRequiredChargeDeclinedInsufficientFunds", "card_declined insufficient_funds"],
];

function always(result: string): [string, string, string] {
  return [result, result, result];
}

const never = "automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never";

async function pay(world: SandboxWorld, method: string, more: string): Promise<string> {
  const form = `amount=2000&currency=usd&confirm=true&${never}&payment_method=${method}&expand[]=latest_charge${more}`;
  const { status, json, error } = await world.call("POST", "/v1/payment_intents", form);
  if (status !== 200) return refused(error);
  const charge = json.latest_charge as Charge | null;
  const tried = charge?.payment_method_details.card.three_d_secure;
  return tried ? `${json.status} ${tried.result}` : String(json.status);
}

interface Charge {
  readonly payment_method_details: { readonly card: { readonly three_d_secure: { readonly result: string } | null } };
}

function refused({ code, decline_code }: Readonly<Record<string, unknown>>): string {
  return decline_code === undefined || code === decline_code ? String(code) : `${code} ${decline_code}`;
}

async function pass(world: SandboxWorld, intent: Readonly<Record<string, unknown>>) {
  const sent = `source=${intent.id}&client_secret=${intent.client_secret}&outcome=succeeded`;
  return (await world.call("POST", "/v1/3ds2/authenticate", sent)).json;
}

suite("test cards", () => {
  for (const [card, ...expected] of rows) {
    test(`pm_card_${card}: ${expected.join("; ")}`, async () => {
      const world = startWorld();
      const method = `pm_card_${card}`;
      const any = "&payment_method_options[card][request_three_d_secure]=any";
      const seen = [
        await pay(world, method, ""),
        await pay(world, method, "&off_session=true"),
        await pay(world, method, any),
      ];
      assert.deepEqual(seen, expected);
    });
  }

  for (const [card, expected] of afterwards) {
    test(`pm_card_${card}, once its payer has passed: ${expected}`, async () => {
      const world = startWorld();
      const form = `amount=2000&currency=usd&confirm=true&${never}&payment_method=pm_card_${card}`;
      const { json: intent } = await world.call("POST", "/v1/payment_intents", form);
      const after = await pass(world, intent);
      const error = after.last_payment_error as Record<string, unknown> | null;
      assert.equal(error ? refused(error) : after.status, expected);
    });
  }

  for (const [card, expected] of setUp) {
    test(`pm_card_${card}, set up before, pays later without its payer: ${expected}`, async () => {
      const world = startWorld();
      const { id: customer } = await world.stripe.customers.create({});
      const form = `confirm=true&customer=${customer}&${never}&payment_method=pm_card_${card}`;
      const { json: setup } = await world.call("POST", "/v1/setup_intents", form);
      const done = setup.status === "requires_action" ? await pass(world, setup) : setup;
      assert.equal(done.status, "succeeded");
      const method = String(done.payment_method);
      assert.equal(await pay(world, method, `&customer=${customer}&off_session=true`), expected);
    });
  }

  test("the bank fills the checks of what was sent, on the charge and on the method", async () => {
    const world = startWorld();
    const found: [card: string, cvc: string, line1: string, zip: string][] = [
      ["4242424242424242", "pass", "pass", "pass"],
      ["4000000000000101", "fail", "pass", "pass"],
      ["4000000000000036", "pass", "pass", "fail"],
      ["4000000000000028", "pass", "fail", "pass"],
      ["4000000000000010", "pass", "fail", "fail"],
      ["4000000000000044", "pass", "unavailable", "unavailable"],
    ];
    for (const [number, ...expected] of found) {
      const address = "billing_details[address][line1]=a&billing_details[address][postal_code]=1";
      const card = `type=card&card[number]=${number}&card[exp_month]=12&card[exp_year]=2034&card[cvc]=123&${address}`;
      const { json: method } = await world.call("POST", "/v1/payment_methods", card);
      assert.deepEqual(checksOf(method), ["unchecked", "unchecked", "unchecked"]);
      assert.equal(await pay(world, String(method.id), ""), "succeeded");
      const { json: after } = await world.call("GET", `/v1/payment_methods/${method.id}`);
      assert.deepEqual(checksOf(after), expected, number);
    }
  });

  test("a frictionless card is authenticated without a challenge", async () => {
    const world = startWorld();
    const card = "payment_method_data[type]=card&payment_method_data[card][number]=4000000032200000";
    const expiry = "payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=2034";
    const form = `amount=2000&currency=usd&confirm=true&${never}&${card}&${expiry}&expand[]=latest_charge`;
    const { json } = await world.call("POST", "/v1/payment_intents", form);
    const charge = json.latest_charge as Charge;
    const tried = charge.payment_method_details.card.three_d_secure as unknown as Record<string, unknown>;
    assert.deepEqual([tried.result, tried.authentication_flow], ["authenticated", "frictionless"]);
  });
});

function checksOf(method: Readonly<Record<string, unknown>>): unknown[] {
  const { checks } = method.card as { checks: Record<string, string | null> };
  return [checks.cvc_check, checks.address_line1_check, checks.address_postal_code_check];
}
