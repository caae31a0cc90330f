// The methods of Stripe.js that are made from a table: confirm<Name>Payment and confirm<Name>Setup, those of products
// that the sandbox does not have, and those that Stripe took out of the script. A test holds the table against what
// @stripe/stripe-js declares.

/** stripe.confirm<Name>Payment, with the type of payment method it confirms. @type {Record<string, string>} */
export const confirmPaymentTypes = {
  AcssDebit: "acss_debit",
  Affirm: "affirm",
  AfterpayClearpay: "afterpay_clearpay",
  Alipay: "alipay",
  AuBecsDebit: "au_becs_debit",
  Bancontact: "bancontact",
  Billie: "billie",
  Blik: "blik",
  Boleto: "boleto",
  Card: "card",
  Cashapp: "cashapp",
  CustomerBalance: "customer_balance",
  Eps: "eps",
  Fpx: "fpx",
  Giropay: "giropay",
  GrabPay: "grabpay",
  Ideal: "ideal",
  Klarna: "klarna",
  Konbini: "konbini",
  Mobilepay: "mobilepay",
  Multibanco: "multibanco",
  Oxxo: "oxxo",
  P24: "p24",
  PayByBank: "pay_by_bank",
  PayNow: "paynow",
  PayPal: "paypal",
  Pix: "pix",
  PromptPay: "promptpay",
  SepaDebit: "sepa_debit",
  Sofort: "sofort",
  Twint: "twint",
  UsBankAccount: "us_bank_account",
  WechatPay: "wechat_pay",
};

/** @type {Record<string, string>} */
export const confirmSetupTypes = {
  AcssDebit: "acss_debit",
  AmazonPay: "amazon_pay",
  AuBecsDebit: "au_becs_debit",
  BacsDebit: "bacs_debit",
  Bancontact: "bancontact",
  Blik: "blik",
  Card: "card",
  Cashapp: "cashapp",
  Ideal: "ideal",
  PayPal: "paypal",
  SepaDebit: "sepa_debit",
  Sofort: "sofort",
  UsBankAccount: "us_bank_account",
};

/** Of products that the sandbox does not have: they answer `{ error }`, as for everything that cannot be done. */
export const absentNames = [
  "collectBankAccountForPayment",
  "collectBankAccountForSetup",
  "collectBankAccountToken",
  "collectFinancialConnectionsAccounts",
  "createEphemeralKeyNonce",
  "createRadarSession",
  "processOrder",
  "retrieveOrder",
  "verifyIdentity",
];

/** The same, for what answers no `{ error }`: they throw, or their promise fails. */
export const absentBuilders = {
  createEmbeddedCheckoutPage: "async",
  initCheckoutElementsSdk: "sync",
  initCheckoutFormSdk: "sync",
  initializePricing: "async",
};

const dahliaPage = "https://docs.stripe.com/changelog/dahlia/2026-03-25/remove-legacy-stripejs-methods";
const cloverPage = "https://docs.stripe.com/changelog/clover/2025-09-30/remove-redirect-to-checkout";

/**
 * Taken out of the script: from that train on they throw when called.
 * @type {Record<string, { since: string, instead: string, page: string }>}
 */
export const removedNames = {
  confirmPaymentIntent: { since: "dahlia", instead: "confirmCardPayment", page: dahliaPage },
  confirmSetupIntent: { since: "dahlia", instead: "confirmCardSetup", page: dahliaPage },
  createSource: { since: "dahlia", instead: "createPaymentMethod", page: dahliaPage },
  handleCardPayment: { since: "dahlia", instead: "confirmCardPayment", page: dahliaPage },
  handleCardSetup: { since: "dahlia", instead: "confirmCardSetup", page: dahliaPage },
  handleFpxPayment: { since: "dahlia", instead: "confirmFpxPayment", page: dahliaPage },
  redirectToCheckout: { since: "clover", instead: "the Checkout Session's url", page: cloverPage },
  retrieveSource: { since: "dahlia", instead: "the API on your server", page: dahliaPage },
};
