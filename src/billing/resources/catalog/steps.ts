// From the changes of a plan to the operations that make them, each with the fields that Stripe is sent. Pure.
import assert from "node:assert/strict";
import type { CatalogChange, CatalogPlan } from "../../api/index.ts";
import type { FiledOperation } from "../../kernel/contract/reacting.ts";
import type { Wanted, WantedPrice, WantedProduct } from "./definition/index.ts";

export interface PlannedStep extends FiledOperation {
  readonly verb: StepVerb;
}

export type StepVerb = `catalog.${"create" | "update"}${"Product" | "Price"}`;

type Fields = Readonly<Record<string, string>>;

/** @param run the number of the run: the same change may rightly come again in another. */
export function stepsOf({ namespace, changes }: CatalogPlan, wanted: Wanted, run: number): PlannedStep[] {
  return changes.map((change) => {
    const isNew = change.action === "create" || change.action === "replace";
    const kind = change.kind === "product" ? "Product" : "Price";
    const id = isNew ? change.name : (change.stripeId ?? change.name);
    const place = { namespace, run, fields: fieldsOf(change, wanted) };
    return {
      verb: isNew ? `catalog.create${kind}` : `catalog.update${kind}`,
      subject: `${namespace}/${run}/${id}`,
      attempt: 1,
      params: isNew ? place : { ...place, id },
    };
  });
}

function fieldsOf({ action, kind, name }: CatalogChange, wanted: Wanted): Fields {
  if (action === "archive") return { active: "false" };
  if (kind === "product") {
    const product = wanted.products.find(({ id }) => id === name);
    assert.ok(product, "what is not archived is wanted");
    const fields = productFields(product);
    return action === "create" ? { id: name, ...said(fields) } : { ...fields, active: "true" };
  }
  if (action === "update") return { active: "true" };
  const price = wanted.prices.find(({ lookupKey }) => lookupKey === name);
  assert.ok(price, "what is not archived is wanted");
  return said(priceFields(price));
}

/** What is made says nothing of what it has not. */
function said(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));
}

function productFields({ name, description, unitLabel, taxCode }: WantedProduct): Fields {
  return { name, description: description ?? "", unit_label: unitLabel ?? "", tax_code: taxCode ?? "" };
}

function priceFields(price: WantedPrice): Fields {
  const { product, currency, lookupKey, unitAmount, recurring, taxBehavior } = price;
  return {
    product,
    currency,
    lookup_key: lookupKey,
    transfer_lookup_key: "true",
    ...(unitAmount === null ? tierFields(price) : { unit_amount: String(unitAmount) }),
    ...(recurring && {
      "recurring[interval]": recurring.interval,
      "recurring[interval_count]": String(recurring.intervalCount),
    }),
    tax_behavior: taxBehavior ?? "",
  };
}

function tierFields({ tiersMode, tiers }: WantedPrice): Fields {
  const each = tiers.flatMap(({ upTo, unitAmount, flatAmount }, n) => [
    [`tiers[${n}][up_to]`, upTo === null ? "inf" : String(upTo)],
    [`tiers[${n}][unit_amount]`, String(unitAmount)],
    [`tiers[${n}][flat_amount]`, flatAmount ? String(flatAmount) : ""],
  ]);
  return { billing_scheme: "tiered", tiers_mode: tiersMode ?? "", ...Object.fromEntries(each) };
}
