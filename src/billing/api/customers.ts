// Customers: the host's own users, by the host's own ids.
import type { Page, PageOptions } from "./answers.ts";

export interface Customer {
  readonly id: string;
  readonly email: string | null;
  readonly name: string | null;
  readonly stripeCustomerId: string | null;
  readonly createdAt: Date;
}

export interface CustomersApi {
  /** `attempt`: 2 after Stripe refused the first, and so on. The same attempt is the same wish. */
  ensure(input: { id: string; email?: string; name?: string; attempt?: number }): Promise<Customer>;
  get(id: string): Promise<Customer>;
  /** `email` in any case; `stripeId`: `cus_…`. */
  list(options?: PageOptions & { email?: string; stripeId?: string }): Promise<Page<Customer>>;
}
