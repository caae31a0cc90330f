// Links a Customer that Stripe has already to one of the host's users. By its id, never by an address: two people share
// one, and whoever changes theirs would get another's cards. What Stripe knows of it is taken over where the host has
// said nothing; what the host has said is told to Stripe.
import { problem } from "#kit/problems.ts";
import type { Customer, LinkCustomer } from "../../../api/index.ts";
import type { Reacting, Remote } from "../../../kernel/contract/reacting.ts";
import { listOf, orNull, record, text, texts } from "../../../kernel/contract/shape.ts";
import { defineVerb, filed, flagPromised } from "../../../kernel/contract/verb.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import type { BillingTx, Selecting } from "../../../kernel/store/tables.ts";
import { checkAttempt, checkFields, checkId, checkKey, type Fields } from "../../input.ts";
import { latestOperation } from "../../latest.ts";
import { mark, marks, marksOf } from "../../marks.ts";
import { failureOf } from "../../outcomes.ts";
import { ensure, tellStripe } from "../ensure.ts";
import { columnsAfter, columnsOf, profileOf } from "../profile/profile.ts";
import { readCustomer, showCustomer } from "../read.ts";
import type { CustomerRow } from "../tables.ts";
import { giveTaxIds } from "../tax_ids/add.ts";
import { seeTaxId, taxIdRows } from "../tax_ids/rows.ts";
import { knownTaxId, taxIdKind, taxIdsShape } from "../tax_ids/tax_ids.ts";
import { update } from "../update.ts";
import { changeOf, linkOf, userOfLink, wishOf } from "../wishes.ts";
import { lockCustomer, writeCustomer, writeMetadata } from "../write.ts";
import { tellLinked } from "./linked.ts";

const fields: Fields<LinkCustomer> = { id: true, stripeCustomerId: true, attempt: true };

export async function linkCustomer(core: BillingCore, given: LinkCustomer): Promise<Customer> {
  const input = checkFields("input", given, fields);
  const wish = { id: checkId("id", input.id), stripeId: checkKey("stripeCustomerId", input.stripeCustomerId) };
  const attempt = checkAttempt(input.attempt);
  await core.ready();
  const now = core.ports.clock.now();
  const isLinkedBefore = await isLinked(core, wish);
  if (!isLinkedBefore) {
    refuseStranger(core, wish, await readAtStripe(core, wish.stripeId));
    await core.sql.write("customers.link", (tx) => writeCustomer(tx, { id: wish.id, changes: {}, now }));
  }
  const subject = linkOf(await readCustomer(core, wish.id), wish.stripeId);
  // It has the one that was made for it.
  if (isLinkedBefore && !(await latestOperation(core, link, subject))) return tellStripe(core, wish.id, undefined);
  const ended = await carryOut(core, wish, { subject, attempt });
  if (ended.state === "open") return showCustomer(core, wish.id);
  if (ended.state !== "done") throw failureOf(ended, `Customer ${wish.id}`);
  return tellStripe(core, wish.id, undefined);
}

async function carryOut(core: BillingCore, wish: LinkWish, named: { subject: string; attempt: number | undefined }) {
  try {
    return await core.operations.carryOut(link, { ...named, params: { stripeCustomerId: wish.stripeId } });
  } catch (error) {
    // Of two that link one Customer to two users at the same moment, the database takes one.
    await isLinked(core, wish);
    throw error;
  }
}

export interface LinkWish {
  readonly id: string;
  readonly stripeId: string;
}

/** It was wished before, and stands: its operation says how. */
async function isLinked(core: BillingCore, { id, stripeId }: LinkWish): Promise<boolean> {
  const rows = await core.sql.read("customers.linked", (reader) =>
    reader
      .selectFrom("customers")
      .select(["id", "stripe_id"])
      .where((eb) => eb.or([eb("id", "=", id), eb("stripe_id", "=", stripeId)]))
      .execute(),
  );
  for (const row of rows) refuseAnother(row, { id, stripeId });
  return rows.some((row) => row.stripe_id === stripeId);
}

function refuseAnother(row: Bearer, wish: LinkWish): void {
  const why = otherBearer(row, wish);
  if (why === null) return;
  const details = { id: row.id, stripeId: row.stripe_id };
  throw problem("wrong_state", why, { hint: "One customer has one Customer at Stripe, for ever.", details });
}

type Bearer = Pick<CustomerRow, "id" | "stripe_id">;

/** Why this row, of one of the two, keeps them apart; null when it does not. */
export function otherBearer(row: Bearer, { id, stripeId }: LinkWish): string | null {
  if (row.stripe_id === null || (row.id === id && row.stripe_id === stripeId)) return null;
  return row.id === id
    ? `Customer ${id} has ${row.stripe_id} at Stripe, and cannot have ${stripeId} too`
    : `${stripeId} is customer ${row.id}, and cannot be ${id} too`;
}

async function readAtStripe(core: BillingCore, stripeId: string): Promise<Remote> {
  const isId = /^cus_\w+$/.test(stripeId);
  const remote = isId ? await readCustomerAt(core, stripeId) : null;
  if (remote !== null && remote.deleted !== true) return remote;
  const why = remote === null ? "is not among the Customers of this account" : "was deleted at Stripe";
  throw problem("wrong_state", `${stripeId} ${why}, and cannot be linked`, {
    hint:
      remote === null
        ? "Its id begins with cus_, and is of this account and this mode: compare it with the secret key."
        : "Call `customers.ensure()`: it makes a new one.",
    details: { field: "stripeCustomerId" },
  });
}

async function readCustomerAt(core: BillingCore, stripeId: string): Promise<Remote | null> {
  return (await core.kernel.gateway.read(`/v1/customers/${stripeId}`, { priority: "command" })).remote;
}

/** By our marks it is somebody else's, of whom this database knows nothing yet. */
function refuseStranger(core: BillingCore, wish: LinkWish, remote: Remote): void {
  const bearer = markedBearer(remote, core.kernel.instance);
  if (bearer) refuseAnother(bearer, wish);
}

/** Whose it is by the marks of this installation. */
export function markedBearer(remote: Remote, instance: string): Bearer | undefined {
  const user = mark(remote, "bursar_customer");
  return marksOf(remote).instance === instance && user !== null ? { id: user, stripe_id: remote.id } : undefined;
}

const stripeAddress = record({
  line1: orNull(text),
  line2: orNull(text),
  city: orNull(text),
  state: orNull(text),
  postal_code: orNull(text),
  country: orNull(text),
});

/** What is taken over. */
export const known = record({
  id: text,
  email: orNull(text),
  name: orNull(text),
  phone: orNull(text),
  address: orNull(stripeAddress),
  preferred_locales: orNull(listOf(text)),
  tax_exempt: orNull(text),
  currency: orNull(text),
  metadata: texts,
  /** Five at most by Stripe's guide, and ten are shown. https://docs.stripe.com/invoicing/customer/tax-ids */
  tax_ids: orNull(taxIdsShape),
});
export type Known = ReturnType<(typeof known)["read"]>;

/** The subject is `<id>=<Stripe's id>`: whoever named a wrong one names another. */
export const link = defineVerb({
  name: "customers.link",
  params: record({ stripeCustomerId: text }),
  outcome: record({ stripeCustomerId: text }),
  lane: ({ subject }) => `customer:${userOfLink(subject)}`,
  about: ({ subject }) => ({ customerId: userOfLink(subject) }),
  /** Taken from here on, so that nobody makes a second one meanwhile. */
  async reserve({ tx, instance }, { subject, params: { stripeCustomerId: stripeId } }) {
    const customer = await lockCustomer(tx, userOfLink(subject));
    const bearer = await tx.selectFrom("customers").selectAll().where("stripe_id", "=", stripeId).executeTakeFirst();
    for (const row of [customer, ...(bearer ? [bearer] : [])]) refuseAnother(row, { id: customer.id, stripeId });
    await refuseWhileMade(tx, instance, customer);
    await tx.updateTable("customers").set({ stripe_id: stripeId }).where("id", "=", customer.id).execute();
  },
  steps: [
    {
      name: "mark",
      answer: known,
      expand: ["tax_ids"],
      touches: ({ params }) => params.stripeCustomerId,
      embeds: ({ params }) => [{ kind: "customer", id: params.stripeCustomerId }],
      request: (operation) => ({
        method: "POST",
        path: `/v1/customers/${operation.params.stripeCustomerId}`,
        params: { metadata: marks(operation, { bursar_customer: userOfLink(operation.subject) }) },
      }),
      holds: (customer, { id }) => marksOf(customer).operation === id,
    },
  ],
  async answered(reacting, { subject }, { mark: remote }) {
    await takeOver(reacting, userOfLink(subject), remote);
    const taxIds = remote.tax_ids?.data ?? [];
    await reacting.fileLooks(taxIds.map(({ id }) => ({ kind: taxIdKind.kind, id, customer: remote.id, parent: null })));
    await tellLinked(reacting, remote.id);
    return { stripeCustomerId: remote.id };
  },
  async refused(reacting, operation, refusal) {
    const { subject, params } = operation;
    await reacting.tx
      .updateTable("customers")
      .set({ stripe_id: null })
      .where("id", "=", userOfLink(subject))
      .where("stripe_id", "=", params.stripeCustomerId)
      .execute();
    return flagPromised("customers.link")(reacting, operation, refusal);
  },
});

/** One that is on its way to Stripe would be a second one. */
async function refuseWhileMade(tx: BillingTx, instance: string, customer: CustomerRow): Promise<void> {
  const [making] = await readMaking(tx, instance, [customer]);
  if (!making) return;
  throw problem("wrong_state", `Customer ${customer.id} is being made at Stripe`, {
    hint: "Link one before anything asks for it, with `customers.link()` instead of `customers.ensure()`.",
    details: { operation: making.id },
  });
}

/** Of these customers, the operations that make one for them at Stripe. */
export function readMaking(db: Selecting, instance: string, customers: readonly CustomerRow[]) {
  return db
    .selectFrom("operations")
    .select(["id", "subject"])
    .where("instance", "=", instance)
    .where("verb", "=", ensure.name)
    .where("subject", "in", customers.map(wishOf))
    .where("state", "in", ["open", "parked"])
    .execute();
}

export async function takeOver(reacting: Reacting, id: string, remote: Known): Promise<void> {
  const { tx, fileOperation } = reacting;
  const before = await lockCustomer(tx, id);
  await takeOverTaxIds(reacting, before, remote);
  const theirs = columnsOf(remote);
  const columns = columnsAfter(theirs, profileOf(before));
  const hasMore = Object.entries(columns).some(([column, value]) => theirs[column as keyof typeof theirs] !== value);
  const revision = before.revision + (hasMore ? 1 : 0);
  const after = { ...before, ...columns, revision, currency: remote.currency };
  await tx.updateTable("customers").set(after).where("id", "=", id).execute();
  await writeMetadata(tx, id, after);
  if (!hasMore) return;
  const params = { stripeCustomerId: remote.id, ...profileOf(after) };
  await fileOperation(filed(update, { subject: changeOf(after), attempt: 1, params }));
}

/** What was given there is the customer's from now on, and what waits is given to the Customer that was linked. */
export async function takeOverTaxIds(reacting: Reacting, customer: CustomerRow, remote: Known): Promise<void> {
  const { tx, now } = reacting;
  const there = (remote.tax_ids?.data ?? []).map(knownTaxId);
  for (const known of there) {
    await seeTaxId(tx, await taxIdRows(tx, [customer.id]), { customer: customer.id, known, now });
  }
  await giveTaxIds(reacting, { ...customer, stripe_id: remote.id });
}
