// Which fields of which resource can be searched, and the routes that search them. A table beside the resources, since
// all are searched in the same way. https://docs.stripe.com/search#supported-query-fields-for-each-resource

import { type SearchFields, search } from "../kernel/answer/search.ts";
import type { Noun } from "../kernel/state/noun.ts";
import type { Route } from "../kernel/state/resource.ts";
import { charges } from "./charges/index.ts";
import { customers } from "./customers/index.ts";
import { paymentIntents } from "./payment_intents/index.ts";

const chargeFields: SearchFields = {
  amount: "number",
  "billing_details.address.postal_code": "text",
  created: "number",
  currency: "text",
  customer: "text",
  disputed: "text",
  "payment_method_details.card.brand": "text",
  "payment_method_details.card.exp_month": "number",
  "payment_method_details.card.exp_year": "number",
  "payment_method_details.card.fingerprint": "text",
  "payment_method_details.card.last4": "text",
  "payment_method_details.sepa_debit.fingerprint": "text",
  "payment_method_details.sepa_debit.last4": "text",
  refunded: "text",
  status: "text",
};

const customerFields: SearchFields = { created: "number", email: "part", name: "part", phone: "part" };

const paymentIntentFields: SearchFields = {
  amount: "number",
  created: "number",
  currency: "text",
  customer: "text",
  status: "text",
};

export const searchRoutes: readonly Route[] = [
  searchRoute("/v1/charges/search", charges, chargeFields),
  searchRoute("/v1/customers/search", customers, customerFields),
  searchRoute("/v1/payment_intents/search", paymentIntents, paymentIntentFields),
];

function searchRoute(path: string, noun: Noun, fields: SearchFields): Route {
  return { method: "GET", path, run: (unit, params) => search(unit, noun, fields, params, path) };
}
