// The story by the newest Node SDK: node story.mjs HOST PORT. Prints what it was told, as JSON.
import Stripe from "stripe";

const [host, port] = process.argv.slice(2);
const stripe = new Stripe("sk_test_sdks", { host, port, protocol: "http", telemetry: false, maxNetworkRetries: 0 });

const card = { automatic_payment_methods: { enabled: true, allow_redirects: "never" }, confirm: true };
const account = await stripe.accounts.retrieve(null);
const balance = await stripe.balance.retrieve();
const customer = await stripe.customers.create({ email: "ada@shop.test", metadata: { order: "6735" } });
const known = await stripe.customers.retrieve(customer.id);
const order = { amount: 2000, currency: "eur", customer: customer.id, ...card };
const payment = await stripe.paymentIntents.create({ ...order, payment_method: "pm_card_visa" });
const declined = await stripe.paymentIntents
  .create({ ...order, payment_method: "pm_card_chargeDeclinedInsufficientFunds" })
  .catch((error) => error);
const refund = await stripe.refunds.create({ payment_intent: payment.id, amount: 500 });

const told = {
  account: [account.charges_enabled, account.country, account.default_currency],
  balance: balance.object,
  customer: [known.email, known.metadata.order],
  payment: [payment.status, payment.amount_received],
  declined: [declined.statusCode, declined.rawType, declined.code, declined.decline_code],
  refund: [refund.status, refund.amount],
};
console.log(JSON.stringify(told));
