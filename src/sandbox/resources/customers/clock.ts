// Customers on test clocks: made on one or put on one, and gone with it.

import { hidden, type Noun, type StripeObject } from "../../kernel/state/noun.ts";
import { onSignal, signal } from "../../kernel/state/reactions.ts";
import type { Params } from "../../kernel/state/resource.ts";
import type { Reaction, Unit } from "../../kernel/state/unit.ts";
import { among, change, mustReadParam, read } from "../../kernel/state/writes.ts";
import { refusal } from "../../kernel/words/errors.ts";
import { text } from "../../kernel/words/params.ts";
import { type TestClock, testClocks } from "../test_clocks/index.ts";
import { type Customer, customers } from "./customer.ts";
import { customerDefaults } from "./defaults.table.ts";
import { rows } from "./refusals.table.ts";

/** The clock that a new customer lives on, null for the world's time. */
export function clockParam(unit: Unit, params: Params): string | null {
  const id = text(params, "test_clock");
  if (id === undefined) return null;
  mustReadParam(unit, testClocks, id, "test_clock");
  const limit = customerDefaults.perClock.value;
  const isLimited = unit.world.billing.testClocks === "limited";
  if (isLimited && customersOn(unit, id).length >= limit) throw refusal(rows.clockFull, { clock: id, limit });
  return id;
}

export function customersOn(unit: Unit, clock: string): Customer[] {
  return among(unit, customers, "test_clock", clock);
}

/** The clock was made for a customer that was there already. */
export function putOnClock(unit: Unit, clock: TestClock): void {
  const id = clock[hidden]?.customer;
  const customer = typeof id === "string" ? read(unit, customers, id) : undefined;
  if (!customer) return;
  const joined = change(unit, customers, customer, { test_clock: clock.id }, "customer.updated");
  signal(unit, customers, "join", customer, joined);
}

/** What is a customer's shows the clock that the customer has come to hang on. */
export function joinsClock<O extends OfCustomer>(noun: Noun<O>): Reaction {
  return onSignal(customers, "join", (unit, _before, { id, test_clock }) => {
    for (const object of among(unit, noun as Noun<OfCustomer>, "customer", id)) {
      change(unit, noun as Noun<OfCustomer>, object, { test_clock: test_clock ?? null }, null);
    }
  });
}

type OfCustomer = StripeObject & Pick<Customer, "test_clock"> & { readonly customer: unknown };
