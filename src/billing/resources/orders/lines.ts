// The lines of an order, as callers give them: its total is their sum.
import { problem } from "#kit/problems.ts";
import { amountMax, linesMax, type OrderLine, quantityMax } from "../../api/index.ts";
import { checkFields, checkText, type Fields } from "../input.ts";

const lineFields: Fields<OrderLine> = { description: true, quantity: true, unitAmount: true };

export function totalOf(lines: readonly OrderLine[]): number {
  return lines.reduce((sum, line) => sum + line.quantity * line.unitAmount, 0);
}

export function checkLines(lines: readonly OrderLine[]): OrderLine[] {
  if (!Array.isArray(lines) || lines.length < 1 || lines.length > linesMax) {
    throw invalid("lines", `An order has 1 to ${linesMax} lines`);
  }
  return lines.map((line: OrderLine, index) => {
    const { description, quantity, unitAmount } = checkFields(`lines[${index}]`, line, lineFields);
    if (description === undefined) throw invalid(`lines[${index}].description`, "A line says what it is of");
    checkText(`lines[${index}].description`, description);
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > quantityMax) {
      throw invalid(`lines[${index}].quantity`, `A quantity is an integer from 1 to ${quantityMax}`);
    }
    if (!Number.isSafeInteger(unitAmount) || unitAmount < 0 || unitAmount > amountMax) {
      throw invalid(`lines[${index}].unitAmount`, `A unit amount is an integer of minor units, 0 to ${amountMax}`);
    }
    return { description, quantity, unitAmount };
  });
}

function invalid(field: string, message: string) {
  return problem("invalid_params", message, { details: { field } });
}
