// A Customer that was linked has subscriptions and invoices that no event tells of, and one on a test clock may have:
// theirs are dated by the clock, and Stripe's list of events is read from a cursor of our time. They are asked for, and
// what is not known of them is looked at. Stripe's answers are lists, mirrored as if they were objects, so that asking
// for them waits, fails and is tried again as every look.
import { isAmong } from "#kit/sql/many.ts";
import { idOf } from "../../kernel/contract/context.ts";
import { type MirroredRow, mirrorKind, on } from "../../kernel/contract/manifest.ts";
import type { Fields, News, Reacting, Remote } from "../../kernel/contract/reacting.ts";
import { fieldsOf } from "../remote_fields.ts";

declare module "../../kernel/contract/reacting.ts" {
  interface InnerNews {
    /** What a Customer has of a kind, as Stripe lists it. */
    "customer.has": Pick<HeldObjects, "of" | "customer" | "ids">;
  }
}

interface HeldObjects extends MirroredRow {
  readonly of: "subscription" | "invoice";
  readonly customer: string;
  readonly ids: readonly string[];
}

const kind = "customer_has";
/** Longer lists are of what is long over. */
const lists = {
  subscription: "/v1/subscriptions?status=all&limit=100",
  invoice: "/v1/invoices?limit=100",
} as const;

interface Question {
  readonly of: HeldObjects["of"];
  readonly customer: string;
}

function questionOf(id: string): Question {
  const [, of, customer = ""] = id.split(":");
  return { of: of === "invoice" ? of : "subscription", customer };
}

const belongsTo = (remote: Fields) => ({ customer: questionOf(String(remote.id)).customer, parent: null });

function heldRow(remote: Remote): HeldObjects {
  const { data } = fieldsOf(remote.answer);
  const ids = (Array.isArray(data) ? (data as Fields[]) : []).flatMap((one) => idOf(one) ?? []);
  const marks = { instance: null, operation: null };
  return { ...marks, id: remote.id, parent: null, isFinal: false, ...questionOf(remote.id), ids };
}

function heldNews(_before: HeldObjects | null, after: HeldObjects, version: number): News<"customer.has">[] {
  const { id, of, customer, ids } = after;
  return [{ type: "customer.has", subject: customer, transition: `${id}@${version}`, data: { of, customer, ids } }];
}

export const heldKind = mirrorKind<HeldObjects>({
  kind,
  path(id) {
    const { of, customer } = questionOf(id);
    return `${lists[of]}&customer=${customer}`;
  },
  shownAs: (id, { data }) => ({ id, object: kind, answer: { data } }),
  belongsTo,
  row: heldRow,
  facts: heldNews,
});

export const onCustomerLinked = on("customer.linked", async (reacting, news) => {
  const customers = news.map(({ data }) => data.stripeCustomerId);
  await oweHeld(reacting, "subscription", customers);
  await oweHeld(reacting, "invoice", customers);
  return [];
});

/** All of the kind that they have, where some of it may not have been heard of. */
export async function oweHeld(
  { fileLooks }: Reacting,
  of: HeldObjects["of"],
  customers: readonly string[],
): Promise<void> {
  const looks = [...new Set(customers)].map((customer) => ({ kind, id: `${kind}:${of}:${customer}`, customer }));
  await fileLooks(looks.map((look) => ({ ...look, parent: null })));
}

/** What is known is followed by its events. */
export const onCustomerHas = on("customer.has", async ({ tx, fileLooks }, news) => {
  const ids = news.flatMap(({ data }) => data.ids);
  const rows = await tx
    .selectFrom("mirror")
    .select("id")
    .where(isAmong(tx, "id", ids))
    .execute();
  const known = new Set(rows.map(({ id }) => id));
  await fileLooks(
    news.flatMap(({ data: { of, customer, ids } }) =>
      ids.filter((id) => !known.has(id)).map((id) => ({ kind: of, id, customer, parent: null })),
    ),
  );
  return [];
});
