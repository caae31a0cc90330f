// Which of a customer's methods is charged: the one that is named, or the one that is their default.
import { problem } from "#kit/problems.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { readCustomer } from "../customers/index.ts";
import { removedAlready, standingOf } from "./own.ts";
import { listMethods } from "./read.ts";

/** Its id. Throws when the customer has no such method, or no default. */
export async function chargeableMethod(
  core: BillingCore,
  { customerId, id: methodId }: { customerId: string; id: string | undefined },
): Promise<string> {
  if (methodId === undefined) return defaultOf(core, customerId);
  const claim = { customer: await readCustomer(core, customerId), methodId };
  if ((await standingOf(core, claim)) === "removed") throw removedAlready(claim);
  return methodId;
}

/** The id of the method that is their default; undefined without one. */
export async function defaultMethodOf(core: BillingCore, customerId: string): Promise<string | undefined> {
  return (await listMethods(core, customerId)).find(({ isDefault }) => isDefault)?.id;
}

async function defaultOf(core: BillingCore, customerId: string): Promise<string> {
  const standard = await defaultMethodOf(core, customerId);
  if (standard !== undefined) return standard;
  const all = await listMethods(core, customerId);
  const isNone = all.length === 0;
  throw problem(
    "wrong_state",
    `Customer ${customerId} has no ${isNone ? "saved method" : "default among their methods"}`,
    {
      hint: isNone
        ? "`orders.checkout()` gives the page where they pay, and can save one."
        : "Name the method that is to be charged.",
      details: { id: customerId, methods: all.map(({ id }) => id) },
    },
  );
}
