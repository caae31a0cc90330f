// Which of Stripe's operations a request was, so that its answer can be compared with the declarations.
import { listStripeOperations } from "../src/sandbox/kernel/schema/endpoints.ts";

const operations = listStripeOperations().map((operation) => ({ operation, parts: operation.split(/[ /]/) }));

/** `operationOf("GET", "/v1/customers/cus_1")` is "GET /v1/customers/:id"; undefined when Stripe has no such thing. */
export function operationOf(method: string, path: string): string | undefined {
  const asked = `${method} ${path}`.split(/[ /]/);
  const fits = operations.filter(
    ({ parts }) =>
      parts.length === asked.length && parts.every((part, index) => part === asked[index] || part === ":id"),
  );
  // Fixed words win: `/v1/customers/search` is not a customer.
  return fits.sort((a, b) => ids(a.operation) - ids(b.operation))[0]?.operation;
}

function ids(operation: string): number {
  return operation.split(":id").length;
}
