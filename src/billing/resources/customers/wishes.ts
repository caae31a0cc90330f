// What the wishes about a customer are called. The first Customer of a user is made under the user's own id; each that
// replaces one that was gone, and each change of name or address, is a wish of its own.
import type { CustomerRow } from "./tables.ts";

/** `user_42`, `user_42#2` for the second Customer: no id of a host has a `#`. */
export function wishOf({ id, generation }: Pick<CustomerRow, "id" | "generation">): string {
  return generation === 0 ? id : `${id}#${generation + 1}`;
}

/** `user_42@3`: the third change. */
export function changeOf(customer: Pick<CustomerRow, "id" | "generation" | "revision">): string {
  return `${wishOf(customer)}@${customer.revision}`;
}

/** `user_42=cus_1`: no id of a host has a `=`. */
export function linkOf(customer: Pick<CustomerRow, "id" | "generation">, stripeId: string): string {
  return `${wishOf(customer)}=${stripeId}`;
}

export function userOfLink(link: string): string {
  return userOf(link.slice(0, link.lastIndexOf("=")));
}

/** `user_42/vat_1`: no id of a host, and none of Stripe's, has a `/`. */
export function taxIdWish(customer: Pick<CustomerRow, "id" | "generation">, taxId: string): string {
  return `${wishOf(customer)}/${taxId}`;
}

export function userOfTaxId(wish: string): string {
  return userOf(wish.slice(0, wish.lastIndexOf("/")));
}

export function taxIdOf(wish: string): string {
  return wish.slice(wish.lastIndexOf("/") + 1);
}

/** Whose wish it is. */
export function userOf(wish: string): string {
  const end = wish.lastIndexOf("#");
  return end === -1 ? wish : wish.slice(0, end);
}

export function userOfChange(change: string): string {
  return userOf(change.slice(0, change.lastIndexOf("@")));
}

export function revisionOf(change: string): number {
  return Number(change.slice(change.lastIndexOf("@") + 1));
}
