// The commands about tax ids: what is given is checked before Stripe is asked.
import { problem } from "#kit/problems.ts";
import type { AddTaxId, Outcome, TaxId } from "../../../api/index.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import type { Ended } from "../../../kernel/journal/operations.ts";
import { checkAttempt, checkFields, checkId, checkKey, type Fields } from "../../input.ts";
import { outcomeOf } from "../../outcomes.ts";
import { stripeCustomerOf } from "../ensure.ts";
import { readCustomer, readTaxIds, viewTaxId } from "../read.ts";
import type { TaxIdRow } from "../tables.ts";
import { taxIdWish } from "../wishes.ts";
import { lockCustomer } from "../write.ts";
import { addTaxId, isOfGoneCustomer } from "./add.ts";
import { checkTaxId, expectedForm, type SaidTaxId } from "./forms/index.ts";
import { removeTaxId } from "./remove.ts";

/** A Customer that is gone each time, at the moment it is named, is not one that a human deleted. */
const triesMax = 3;

const addFields: Fields<AddTaxId> = { id: true, type: true, value: true, attempt: true };

export async function giveTaxId(core: BillingCore, customerId: string, given: AddTaxId): Promise<Outcome<TaxId>> {
  const customer = checkId("customerId", customerId);
  const input = checkFields("input", given, addFields);
  const id = checkId("id", input.id);
  const said = checkTaxId(input, core.kernel.mode);
  const attempt = checkAttempt(input.attempt);
  await core.ready();
  const what = `Tax id ${id} of customer ${customer}`;
  for (let tries = 1; ; tries++) {
    const ended = await addAtStripe(core, { customer, id, said, attempt });
    if (ended === undefined && tries < triesMax) continue; // Its Customer is another one by now.
    if (ended === undefined)
      throw problem("wrong_state", `${what}: its Customer changes at Stripe`, { hint: "Ask again." });
    refuseInvalid(ended, { what, said });
    const rows = await readTaxIds(core, [customer]);
    const row = rows.find((one) => one.id === id);
    return outcomeOf(ended, { what, value: viewTaxId(row ?? unmade(core, { customer, id, said })) });
  }
}

interface GivenTaxId {
  readonly customer: string;
  readonly id: string;
  readonly said: SaidTaxId;
}

/** Undefined when the Customer has changed meanwhile. */
async function addAtStripe(core: BillingCore, wish: GivenTaxId & { attempt: number | undefined }) {
  const stripeCustomerId = await stripeCustomerOf(core, wish.customer);
  const customer = await readCustomer(core, wish.customer);
  if (customer.stripe_id !== stripeCustomerId) return undefined;
  const subject = taxIdWish(customer, wish.id);
  const ended = await core.operations.carryOut(addTaxId, {
    subject,
    attempt: wish.attempt,
    params: { stripeCustomerId, ...wish.said },
  });
  const isGone = "refusal" in ended && isOfGoneCustomer(ended.refusal);
  return isGone && (await readCustomer(core, wish.customer)).generation > customer.generation ? undefined : ended;
}

/** As if it had been found here. https://docs.stripe.com/error-codes#tax-id-invalid */
function refuseInvalid(ended: Ended<unknown>, { what, said }: { what: string; said: SaidTaxId }): void {
  if (!("refusal" in ended) || ended.refusal.code !== "tax_id_invalid") return;
  throw problem("invalid_params", `${what}: Stripe does not take it for a ${said.type}`, {
    hint: `${expectedForm(said)} Give it again with the next attempt.`,
    details: { field: "value", type: said.type, reason: "tax_id_invalid", operation: ended.operationId },
  });
}

/** One that Stripe has refused. */
function unmade(core: BillingCore, { customer, id, said }: GivenTaxId): TaxIdRow {
  const created_at = core.ports.clock.now();
  const nothing = { country: null, verified_name: null, verified_address: null, stripe_id: null, removed_at: null };
  return { ...said, ...nothing, customer, id, status: "pending", created_at };
}

const removeFields: Fields<{ attempt?: number }> = { attempt: true };

export async function takeTaxId(
  core: BillingCore,
  customerId: string,
  taxIdId: string,
  options: { attempt?: number },
): Promise<Outcome<TaxId>> {
  const customer = checkId("customerId", customerId);
  const id = checkKey("taxIdId", taxIdId);
  const attempt = checkAttempt(checkFields("options", options, removeFields).attempt);
  await core.ready();
  const row = await readTaxId(core, customer, id);
  if (row.removed_at !== null || (await isTakenHere(core, row))) {
    return { outcome: "done", value: viewTaxId(await readTaxId(core, customer, id)) };
  }
  const what = `Taking away tax id ${id} of customer ${customer}`;
  const { stripe_id: stripeTaxId } = row;
  if (stripeTaxId === null) {
    throw problem("wrong_state", `${what}: it is on its way to Stripe`, { hint: "Ask again.", details: { taxId: id } });
  }
  const subject = taxIdWish(await readCustomer(core, customer), id);
  const ended = await core.operations.carryOut(removeTaxId, { subject, attempt, params: { stripeTaxId } });
  return outcomeOf(ended, { what, value: viewTaxId(await readTaxId(core, customer, id)) });
}

/** One that waits for its customer's next Customer stands nowhere else. */
async function isTakenHere(core: BillingCore, { customer, id, stripe_id }: TaxIdRow): Promise<boolean> {
  if (stripe_id !== null) return false;
  const now = core.ports.clock.now();
  return core.sql.write("customers.take_tax_id", async (tx) => {
    if ((await lockCustomer(tx, customer)).stripe_id !== null) return false;
    await tx
      .updateTable("tax_ids")
      .set({ removed_at: now })
      .where("customer", "=", customer)
      .where("id", "=", id)
      .where("stripe_id", "is", null)
      .execute();
    return true;
  });
}

async function readTaxId(core: BillingCore, customer: string, id: string): Promise<TaxIdRow> {
  await readCustomer(core, customer);
  const rows = await readTaxIds(core, [customer]);
  const row = rows.find((one) => one.id === id || one.stripe_id === id);
  if (row) return row;
  throw problem("not_found", `Customer ${customer} has no tax id ${id}`, {
    hint: "`customers.get()` shows those there are.",
    details: { id },
  });
}
