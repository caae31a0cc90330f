// Whether a method is this customer's. Known by what was told of it, else asked for: it may have been saved a moment
// ago, or before anybody looked.
import { problem } from "#kit/problems.ts";
import { lookNow } from "../../kernel/changes/observe.ts";
import type { BillingCore } from "../../kernel/core.ts";
import type { CustomerRow } from "../customers/index.ts";
import { type MethodMirror, methodKind } from "./methods.ts";
import { bearersOf } from "./whose.ts";

/** What is checked: a customer, and the method that is said to be theirs. */
export interface Claim {
  readonly customer: CustomerRow;
  readonly methodId: string;
}

/** `held`: it is theirs. `removed`: it was. Throws when it is nobody's or somebody else's. */
export async function standingOf(core: BillingCore, claim: Claim): Promise<"held" | "removed"> {
  const { customer, methodId } = claim;
  const known = (await readMirror(core, methodId)) ?? (await askFor(core, claim));
  if (customer.stripe_id === null || known === undefined) throw notTheirs(claim);
  if (known.now === customer.stripe_id) return known.isGone ? "removed" : "held";
  if (known.now === null && known.last === customer.stripe_id) return "removed";
  throw known.now === null ? notTheirs(claim) : await anothers(core, claim, known.now);
}

interface Known {
  /** The Customer that has it, and the last that had it. */
  readonly now: string | null;
  readonly last: string | null;
  readonly isGone: boolean;
}

async function readMirror(core: BillingCore, id: string): Promise<Known | undefined> {
  const mirrored = await core.sql.read("methods.own", (reader) =>
    reader
      .selectFrom("mirror")
      .select(["row", "customer", "tombstone"])
      .where("id", "=", id)
      .where("kind", "=", methodKind.kind)
      .executeTakeFirst(),
  );
  if (!mirrored) return undefined;
  const { customer } = JSON.parse(mirrored.row) as MethodMirror;
  return { now: customer, last: mirrored.customer, isGone: mirrored.tombstone === 1 };
}

/** Only what is theirs is written down: a stranger's card is not ours to keep. */
async function askFor(core: BillingCore, { customer, methodId }: Claim): Promise<Known | undefined> {
  const { remote } = await core.kernel.gateway.read(methodKind.path(methodId), { priority: "command" });
  if (remote === null) return undefined;
  const { customer: now } = methodKind.belongsTo(remote);
  if (now !== null && now === customer.stripe_id) await lookNow(core.kernel, { kind: methodKind.kind, id: methodId });
  return { now, last: now, isGone: false };
}

function notTheirs({ customer, methodId }: Claim) {
  return problem("not_found", `Customer ${customer.id} has no method ${methodId}`, {
    hint: "`methods.list()` shows what they have.",
    details: { id: methodId, customerId: customer.id },
  });
}

async function anothers(core: BillingCore, { customer, methodId }: Claim, stripeId: string) {
  const bearers = await core.sql.read("methods.bearer", (reader) => bearersOf(reader, [stripeId]));
  const bearer = bearers.get(stripeId)?.customerId;
  const whose = bearer === undefined ? stripeId : `customer ${bearer} (${stripeId})`;
  return problem("wrong_state", `Method ${methodId} belongs to ${whose}, and not to customer ${customer.id}`, {
    hint: "A method stays with the customer who saved it.",
    details: { id: methodId, customerId: customer.id, belongsTo: bearer ?? stripeId },
  });
}

export function removedAlready({ customer, methodId }: Claim) {
  return problem("wrong_state", `Method ${methodId} was taken off customer ${customer.id}, and pays nothing any more`, {
    hint: "`methods.list()` shows what they have.",
    details: { id: methodId, customerId: customer.id },
  });
}
