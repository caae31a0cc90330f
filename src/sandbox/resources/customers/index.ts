// Customers: whom payment methods and payments belong to. The folder's only door.

import { list } from "../../kernel/answer/lists.ts";
import { searchRoute } from "../../kernel/answer/search.ts";
import { included, listed, referred } from "../../kernel/state/embeds.ts";
import { hidden } from "../../kernel/state/noun.ts";
import { on, onSignal } from "../../kernel/state/reactions.ts";
import { defineResource, type Params, type Route } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { mustRead, mustReadParam } from "../../kernel/state/writes.ts";
import { noSuch } from "../../kernel/words/errors.ts";
import { discounts } from "../discounts/index.ts";
import { listPaymentMethods, type PaymentMethod, paymentMethods } from "../payment_methods/index.ts";
import { testClockMachine, testClocks } from "../test_clocks/index.ts";
import { deleteCustomer, retrieveCustomer, updateCustomer } from "./actions.ts";
import { creditsOf } from "./balances.ts";
import { customersOn, putOnClock } from "./clock.ts";
import { type Customer, customers } from "./customer.ts";
import { customerDefaults } from "./defaults.table.ts";
import { deleteDiscount, letGoOf, retrieveDiscount } from "./discount.ts";
import { customerExtras, oldSource } from "./extras.table.ts";
import { rows } from "./refusals.table.ts";
import { createCustomerSession } from "./sessions.ts";
import {
  createCustomerSource,
  deleteCustomerSource,
  forgetDetached,
  listCustomerSources,
  retrieveCustomerSource,
  sourcesOf,
  updateCustomerSource,
  verifyCustomerSource,
} from "./sources.ts";
import { taxPlaceOf } from "./tax_place.ts";

export { createCustomer, updateCustomer } from "./actions.ts";
export { balanceIn, withBalance } from "./balances.ts";
export { bindCurrency, markDelinquent, turnCurrency } from "./billed.ts";
export { joinsClock } from "./clock.ts";
export { customFields } from "./custom_fields.ts";
export { type Customer, customers, isDeletedCustomer } from "./customer.ts";
export { buyerOf, rememberTransaction } from "./discount.ts";
export { sourceOf } from "./sources.ts";
export { taxPlaceOf } from "./tax_place.ts";

const path = "/v1/customers";

/** https://github.com/stripe/openapi */
const specified = {
  why: "SDKs declare its deletion only, Stripe's specification of its API has it too",
  params: { object: {} },
  evidence: "documented",
} as const;

const searched = { created: "number", email: "part", name: "part", phone: "part" } as const;

const isInWorld = ({ test_clock: clock }: Customer) => clock === null;

export const customerResource = defineResource<Customer>({
  noun: customers,
  extras: customerExtras,
  defaults: customerDefaults,
  refusals: rows,
  embeds: [
    referred(customers, "discount", discounts),
    listed(customers, "sources", {
      before: "2020-08-27",
      isIncludable: true,
      find: sourcesOf,
      urlOf: (id) => `${path}/${id}/sources`,
    }),
    included(customers, "cash_balance", () => null),
    included(customers, "invoice_credit_balance", creditsOf),
    // As answers of 2026 have it of a customer without an address.
    included(customers, "tax", (customer: Customer) => {
      const location = taxPlaceOf(customer) ?? null;
      return {
        automatic_tax: location ? "supported" : "unrecognized_location",
        ip_address: customer[hidden]?.ipAddress ?? null,
        location,
        provider: "stripe",
      };
    }),
  ],
  reactions: [
    onSignal(paymentMethods, "detach", (unit, before) => forgetDetached(unit, before)),
    on(testClockMachine, "create", (unit, _before, clock) => putOnClock(unit, clock)),
    onSignal(testClocks, "delete", (unit, clock) => {
      for (const { id } of customersOn(unit, clock.id)) deleteCustomer(unit, {}, id);
    }),
    onSignal(discounts, "end", (unit, discount) => letGoOf(unit, discount)),
  ],
  routes: [
    searchRoute({ path: `${path}/search`, noun: customers, fields: searched, isListed: isInWorld }),
    { method: "GET", path, run: listCustomers },
    { method: "GET", path: `${path}/:id`, run: retrieveCustomer },
    { method: "POST", path: "/v1/customer_sessions", run: createCustomerSession },
    { method: "POST", path: `${path}/:id`, run: updateCustomer },
    { method: "DELETE", path: `${path}/:id`, run: deleteCustomer },
    { method: "GET", path: `${path}/:id/discount`, undeclared: specified, run: retrieveDiscount },
    { method: "DELETE", path: `${path}/:id/discount`, run: deleteDiscount },
    { method: "GET", path: `${path}/:id/payment_methods`, run: listOfCustomer },
    { method: "GET", path: `${path}/:id/payment_methods/:id`, run: retrieveOfCustomer },
    { method: "POST", path: `${path}/:id/sources`, run: createCustomerSource },
    { method: "GET", path: `${path}/:id/sources`, run: listCustomerSources },
    { method: "GET", path: `${path}/:id/sources/:id`, run: retrieveCustomerSource },
    { method: "POST", path: `${path}/:id/sources/:id`, run: updateCustomerSource },
    { method: "POST", path: `${path}/:id/sources/:id/verify`, run: verifyCustomerSource },
    { method: "DELETE", path: `${path}/:id/sources/:id`, run: deleteCustomerSource },
    ...oldRoutes("cards", "card"),
    ...oldRoutes("bank_accounts", "bank_account"),
    { method: "POST", path: `${path}/:id/bank_accounts/:id/verify`, run: verifyCustomerSource },
  ],
});

/** Those on test clocks are left out, unless their clock is named. */
function listCustomers(unit: Unit, params: Params): object {
  const { email, test_clock: clock } = params;
  if (typeof clock === "string") mustReadParam(unit, testClocks, clock, "test_clock");
  const where = (customer: Customer) => customer.test_clock === (clock ?? null);
  return list(unit, customers, params, { url: path, filters: { test_clock: clock, email }, where });
}

/** Where sources of one kind were before they had an address in common. */
function oldRoutes(name: string, object: string): Route[] {
  const listOfKind: Route["run"] = (unit, params, id) => listCustomerSources(unit, { ...params, object }, id);
  return [
    {
      method: "POST",
      path: `${path}/:id/${name}`,
      undeclared: { why: "what is put there is called as its kind", params: oldSource, evidence: "recorded" },
      run: (unit, params, id) => createCustomerSource(unit, params, id),
    },
    { method: "GET", path: `${path}/:id/${name}`, run: listOfKind },
    { method: "GET", path: `${path}/:id/${name}/:id`, run: retrieveCustomerSource },
    { method: "POST", path: `${path}/:id/${name}/:id`, run: updateCustomerSource },
    { method: "DELETE", path: `${path}/:id/${name}/:id`, run: deleteCustomerSource },
  ];
}

function listOfCustomer(unit: Unit, params: Params, id: string): object {
  mustRead(unit, customers, id);
  return listPaymentMethods(unit, params, id, `${path}/${id}/payment_methods`);
}

function retrieveOfCustomer(unit: Unit, _params: Params, id: string, methodId: string): PaymentMethod {
  mustRead(unit, customers, id);
  const method = mustRead(unit, paymentMethods, methodId, "payment_method");
  if (method.customer !== id) throw noSuch(paymentMethods, methodId, { inPath: true, param: "payment_method" });
  return method;
}
