// The story by an SDK of 2022 as programs of that time load it: node story_2020.cjs HOST PORT.
const Stripe = require("stripe-2020-08-27");

const [host, port] = process.argv.slice(2);
const stripe = Stripe("sk_test_sdks", { apiVersion: "2020-08-27", host, port, protocol: "http", telemetry: false });

async function main() {
  const card = { payment_method_types: ["card"], confirm: true };
  const account = await stripe.accounts.retrieve();
  const balance = await stripe.balance.retrieve();
  const customer = await stripe.customers.create({ email: "ada@shop.test", metadata: { order: "6735" } });
  const known = await stripe.customers.retrieve(customer.id);
  const order = { amount: 2000, currency: "eur", customer: customer.id, ...card };
  const payment = await stripe.paymentIntents.create({ ...order, payment_method: "pm_card_visa" });
  const declined = await stripe.paymentIntents
    .create({ ...order, payment_method: "pm_card_chargeDeclinedInsufficientFunds" })
    .catch((error) => error);
  const refund = await stripe.refunds.create({ payment_intent: payment.id, amount: 500 });
  return {
    account: [account.charges_enabled, account.country, account.default_currency],
    balance: balance.object,
    customer: [known.email, known.metadata.order],
    payment: [payment.status, payment.amount_received],
    declined: [declined.statusCode, declined.rawType, declined.code, declined.decline_code],
    refund: [refund.status, refund.amount],
  };
}

void main().then((told) => console.log(JSON.stringify(told)));
