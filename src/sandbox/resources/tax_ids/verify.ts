// Whether a tax office knows the number. It is asked about a customer's, of some types, and answers a moment later; in
// test mode the number says what.
import type { Unit } from "../../kernel/state/unit.ts";
import { change, read } from "../../kernel/state/writes.ts";
import { laterBy } from "../../kernel/time/settlement.ts";
import { type TaxId, taxIds } from "./tax_id.ts";
import { testNumbers, verificationDefaults, verificationWaits } from "./verification.table.ts";

type Verification = NonNullable<TaxId["verification"]>;

const verifiedTypes: readonly string[] = verificationDefaults.verifiedTypes.value;

export function firstVerification(type: string): Verification {
  const status = verifiedTypes.includes(type) ? "pending" : "unavailable";
  return { status, verified_address: null, verified_name: null };
}

/** Nobody answers about the number that stays pending. */
export function askOffice(unit: Unit, { id, value, verification }: TaxId): void {
  if (verification?.status !== "pending" || outcomeOf(value) === "pending") return;
  laterBy(unit, verificationWaits.officeAnswers, hearOffice, id);
}

export function hearOffice(unit: Unit, id: string): void {
  const taxId = read(unit, taxIds, id);
  if (!taxId?.verification) return;
  const verification = { ...taxId.verification, status: outcomeOf(taxId.value) };
  change(unit, taxIds, taxId, { verification }, "customer.tax_id.updated");
}

/** A number that asks for nothing is known. */
function outcomeOf(value: string): "verified" | "unverified" | "pending" {
  const digits = value.replace(/^[A-Z]{2}/, "");
  const asked = Object.entries(testNumbers).find(([number]) => number === digits);
  return asked ? asked[1].outcome : "verified";
}
