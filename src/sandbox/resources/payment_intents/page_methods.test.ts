// Methods that the payer answers for elsewhere: wallets, and who lends the money.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type SandboxWorld, startWorld } from "../../testing.ts";

const types = ["afterpay_clearpay", "alipay", "klarna", "link", "wechat_pay"] as const;
type Type = (typeof types)[number];

const back = "return_url=https://shop.test/back";
const by = (type: Type, more = "") =>
  `amount=2000&currency=usd&confirm=true&${back}&payment_method_data[type]=${type}` +
  `&payment_method_data[billing_details][email]=jenny@example.com${more}`;

const world = () => startWorld({ paymentMethodTypes: ["card", ...types] });

interface Waiting {
  readonly id: string;
  readonly status: string;
  readonly next_action: { readonly type: string } & Readonly<Record<string, Readonly<Record<string, string>>>>;
}

async function begun({ call }: SandboxWorld, form: string): Promise<Waiting> {
  const { status, json } = await call("POST", "/v1/payment_intents", form);
  assert.equal(status, 200, JSON.stringify(json));
  return json as unknown as Waiting;
}

function pageOf({ next_action }: Waiting): string {
  const action = next_action[next_action.type];
  return action?.url ?? action?.hosted_instructions_url ?? "";
}

async function answerPage({ sandbox }: SandboxWorld, intent: Waiting, outcome: "succeeded" | "failed") {
  const body = new URLSearchParams({ outcome });
  return sandbox.fetch(new Request(pageOf(intent), { method: "POST", body }));
}

suite("methods that the payer answers for on another page", () => {
  const actions: Readonly<Record<Type, string>> = {
    afterpay_clearpay: "redirect_to_url",
    alipay: "alipay_handle_redirect",
    klarna: "redirect_to_url",
    link: "redirect_to_url",
    wechat_pay: "wechat_pay_display_qr_code",
  };
  for (const type of types) {
    test(`${type} pays when its payer says so, and what it paid is refunded`, async () => {
      const { call, stripe, ...rest } = world();
      const intent = await begun({ call, stripe, ...rest }, by(type));
      assert.deepEqual([intent.status, intent.next_action.type], ["requires_action", actions[type]]);
      const shown = await (await rest.sandbox.fetch(new Request(pageOf(intent)))).text();
      assert.match(shown, /Authorize test payment[\s\S]*Fail test payment/);
      const answer = await answerPage({ call, stripe, ...rest }, intent, "succeeded");
      if (type !== "wechat_pay") assert.match(answer.headers.get("location") ?? "", /redirect_status=succeeded/);
      const after = await stripe.paymentIntents.retrieve(intent.id, { expand: ["latest_charge"] });
      const charge = after.latest_charge as { id: string; payment_method_details: { type: string } };
      assert.deepEqual([after.status, charge.payment_method_details.type], ["succeeded", type]);
      assert.match(charge.id, /^py_/);
      const refund = await stripe.refunds.create({ charge: charge.id });
      assert.equal(refund.destination_details?.type, type);
    });

    test(`${type} leaves the intent open when its payer refuses`, async () => {
      const here = world();
      const intent = await begun(here, by(type));
      await answerPage(here, intent, "failed");
      const after = await here.stripe.paymentIntents.retrieve(intent.id);
      assert.deepEqual(
        [after.status, after.last_payment_error?.code],
        ["requires_payment_method", "payment_intent_authentication_failure"],
      );
    });
  }

  test("what may be held is captured later", async () => {
    const here = world();
    const intent = await begun(here, by("klarna", "&capture_method=manual"));
    await answerPage(here, intent, "succeeded");
    assert.equal((await here.stripe.paymentIntents.retrieve(intent.id)).status, "requires_capture");
    assert.equal((await here.stripe.paymentIntents.capture(intent.id)).status, "succeeded");
  });

  test("a listed type has to fit: its currency, and being held", async () => {
    const { call } = world();
    const old = { headers: { "stripe-version": "2026-08-26.dahlia" } };
    const ask = (form: string) => call("POST", "/v1/payment_intents", { form, ...old });
    const currency = await ask("amount=2000&currency=eur&payment_method_types[]=klarna");
    assert.match(String(currency.error.message), /Payments with klarna support the following currencies: usd\./);
    const held = await ask("amount=2000&currency=usd&payment_method_types[]=alipay&capture_method=manual");
    assert.equal(held.error.param, "capture_method");
  });

  test("Link stays with its customer and pays again without its payer; the others do not", async () => {
    const here = world();
    const { id: customer } = await here.stripe.customers.create();
    const kept = `&customer=${customer}&setup_future_usage=off_session`;
    const intent = await begun(here, by("link", kept));
    await answerPage(here, intent, "succeeded");
    const method = (await here.stripe.paymentIntents.retrieve(intent.id)).payment_method;
    const again = `amount=900&currency=usd&confirm=true&off_session=true&customer=${customer}&payment_method=${method}`;
    const { json } = await here.call("POST", "/v1/payment_intents", `${again}&${back}`);
    assert.equal(json.status, "succeeded");
    const { json: once } = await here.call("POST", "/v1/payment_methods", "type=klarna");
    const refused = await here.call("POST", `/v1/payment_methods/${once.id}/attach`, `customer=${customer}`);
    assert.match(String(refused.error.message), /'klarna' cannot be saved to customers/);
  });

  test("Link is set up", async () => {
    const here = world();
    const { id: customer } = await here.stripe.customers.create();
    const form = `confirm=true&${back}&customer=${customer}&payment_method_data[type]=link`;
    const { json } = await here.call("POST", "/v1/setup_intents", form);
    await answerPage(here, json as unknown as Waiting, "succeeded");
    const { data } = await here.stripe.paymentMethods.list({ customer, type: "link" });
    assert.equal(data.length, 1);
  });
});
