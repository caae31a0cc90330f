// What customers and their sessions have at most.
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const customerDefaults = {
  // https://docs.stripe.com/api/customer_sessions
  sessionSeconds: usual("seconds that a customer session lives", 1_800, "documented"),
  // https://docs.stripe.com/api/customers/create#create_customer-invoice_settings-custom_fields
  customFields: usual("custom fields of a customer's invoices", 4, "documented"),
  customFieldName: usual("characters of a custom field's name", 40, "declared"),
  customFieldValue: usual("characters of a custom field's value", 140, "declared"),
  // https://docs.stripe.com/billing/testing/test-clocks
  perClock: usual("customers on one test clock", 3, "documented"),
} satisfies Defaults;
