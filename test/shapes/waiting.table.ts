// Real bodies that the sandbox cannot come to yet, by the noun, or what of one, that each waits for. Once it is built,
// they become rows beside this file: their shapes, and how the sandbox comes to them.

export const waitingBodies: Readonly<Record<string, readonly string[]>> = {
  "billing.meter": ["billing.meter.active.docs-sample-2026-04"],
  "billing_portal.configuration": ["billing_portal.configuration.default_sample.docs-sample-2026-04"],
  "billing_portal.session": [
    "billing_portal.session.created.2026-03-25.dahlia",
    "billing_portal.session.created.masked-2025-12",
  ],
  "checkout.session": [
    "checkout.session.complete_paid_subscription.2025-04-30.basil",
    "checkout.session.open_payment.2026-03-25.dahlia",
    "checkout.session.open_setup.2026-03-25.dahlia",
    "checkout.session.open_subscription.2026-03-25.dahlia",
    "checkout.session.open_subscription_customer.2025-04-30.basil",
    "checkout.session.open_subscription_customer_email.masked-2025-12",
    "event.checkout.session.completed_payment.2025-12-15.clover",
  ],
  payment_link: ["payment_link.active_in_list.docs-sample-2026-04"],
  quote: ["quote.accepted.docs-sample-2026-04"],
};
