// A stored id can be gone: a human deleted the object in the Dashboard, or test data was cleared. Whoever meets it
// first, an event, a look or a call of ours, it is told as the same news, and rooms decide what to make of it.
import type { Kernel } from "../contract/context.ts";
import type { News, Reacting, StripeObject } from "../contract/reacting.ts";
import type { Refusal } from "../contract/verb.ts";
import { spread } from "./react.ts";

/** Of what a call named, that which Stripe does not know any more. */
export function goneIn(refusal: Refusal, named: readonly StripeObject[]): readonly StripeObject[] {
  if (refusal.code !== "resource_missing") return [];
  return named.filter(({ id }) => refusal.message.includes(id));
}

/** Makes tombstones of them. A plain 404 to a look may be read lag; the answer to a call that changes is not. */
export async function tellGone(kernel: Kernel, reacting: Reacting, objects: readonly StripeObject[]): Promise<void> {
  if (objects.length === 0) return;
  await bury(
    reacting,
    objects.map(({ id }) => id),
  );
  await spread(kernel, reacting, objects.map(goneNews));
}

/** The tombstones alone: for whoever writes rows of its own before it is told, or knows what went with what. */
export async function bury({ tx, now }: Pick<Reacting, "tx" | "now">, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable("mirror")
    .set((eb) => ({ tombstone: 1, version: eb("version", "+", 1), updated_at: now }))
    .where("id", "in", ids)
    .where("tombstone", "=", 0)
    .execute();
}

export function goneNews(object: StripeObject): News<"object.gone"> {
  return { type: "object.gone", subject: object.id, transition: object.id, data: object };
}
