// What a run does at Stripe, each with one request: it makes a product under an id of ours, or a price, which takes its
// lookup key over from the one before it; or it changes what one of them says. What a price costs never changes.
import type { Remote, StripeObject } from "../../kernel/contract/reacting.ts";
import { record, type Shaped, text } from "../../kernel/contract/shape.ts";
import { defineVerb, type Finder, itsId } from "../../kernel/contract/verb.ts";
import { marks, marksOf } from "../marks.ts";
import { aboutRun, advanceRun, ofRun, promiseRun, runLane, stopRun } from "./run.ts";
import { catalogMark } from "./standing.ts";

const created = record(ofRun);
const changed = record({ ...ofRun, id: text });
type Sent = Shaped<typeof created>["fields"];

/** The frame of each of them: in the lane of its run, which then goes on, or stops. */
const ofEach = { outcome: record({}), lane: runLane, about: aboutRun, promised: promiseRun, refused: stopRun };

interface Creates {
  readonly path: string;
  /** What is named by it, and may be gone. */
  readonly names: (fields: Sent) => readonly StripeObject[];
  /** A list in which it is found again. */
  readonly among: (fields: Sent, since: Finder["since"]) => string;
}

function creates(name: string, { path, names, among }: Creates) {
  return defineVerb({
    name,
    params: created,
    ...ofEach,
    answered: (reacting, operation, { create }) => advanceRun(reacting, operation, create.id),
    steps: [
      {
        name: "create",
        answer: itsId,
        embeds: ({ params }) => names(params.fields),
        request: (operation) => {
          const { fields, namespace } = operation.params;
          const metadata = marks(operation, { [catalogMark]: namespace });
          return { method: "POST", path, params: { ...fields, metadata } };
        },
        async find({ id, params }, { since, list }) {
          const made = await list(`${path}?limit=100&${among(params.fields, since)}`);
          const marked = made.filter((one) => marksOf(one).operation === id);
          // A copy of its marks does not bear its name.
          return marked.find((one) => isNamed(one, params.fields)) ?? marked[0] ?? null;
        },
      },
    ],
  });
}

function isNamed({ id, lookup_key }: Remote, fields: Sent): boolean {
  return id === fields.id || (lookup_key !== undefined && lookup_key === fields.lookup_key);
}

function changes(name: string, { kind, path }: { readonly kind: string; readonly path: string }) {
  return defineVerb({
    name,
    params: changed,
    ...ofEach,
    answered: (reacting, operation, { update }) => advanceRun(reacting, operation, update.id),
    steps: [
      {
        name: "update",
        answer: itsId,
        touches: ({ params }) => params.id,
        embeds: ({ params }) => [{ kind, id: params.id }],
        request: ({ params: { id, fields } }) => ({ method: "POST", path: `${path}/${id}`, params: fields }),
        holds: (remote, { params }) => isAsWished(remote, params.fields),
      },
    ],
  });
}

function deletes(name: string, { kind, path }: { readonly kind: string; readonly path: string }) {
  return defineVerb({
    name,
    params: changed,
    ...ofEach,
    answered: (reacting, operation, answers) => advanceRun(reacting, operation, answers.delete.id),
    steps: [
      {
        name: "delete",
        answer: itsId,
        touches: ({ params }) => params.id,
        embeds: ({ params }) => [{ kind, id: params.id }],
        request: ({ params }) => ({ method: "DELETE", path: `${path}/${params.id}`, params: {} }),
        holds: ({ deleted }) => deleted === true,
        gone: ({ params: { id } }) => ({ id, object: kind, deleted: true }),
      },
    ],
  });
}

/** An empty text unsets at Stripe, which then shows null. */
function isAsWished(remote: Remote, fields: Sent): boolean {
  return Object.entries(fields).every(([name, value]) => String(fieldAt(remote, name) ?? "") === value);
}

/** `metadata[a]`, as forms name it. */
function fieldAt(remote: Remote, name: string): unknown {
  const names = name.split(/[[\]]+/).filter((part) => part !== "");
  return names.reduce<unknown>((value, part) => (value as Readonly<Record<string, unknown>> | null)?.[part], remote);
}

const products = "/v1/products";
const prices = "/v1/prices";
const coupons = "/v1/coupons";
const encoded = (text = "") => encodeURIComponent(text);

export const createProduct = creates("catalog.createProduct", {
  path: products,
  names: () => [],
  among: ({ id }) => `ids[0]=${encoded(id)}`,
});
export const createPrice = creates("catalog.createPrice", {
  path: prices,
  names: ({ product = "" }) => [{ kind: "product", id: product }],
  among: ({ product }, since) => `product=${encoded(product)}&created[gte]=${since}`,
});
export const updateProduct = changes("catalog.updateProduct", { kind: "product", path: products });
export const updatePrice = changes("catalog.updatePrice", { kind: "price", path: prices });
/** No list takes its id; what was made since then is few. */
export const createCoupon = creates("catalog.createCoupon", {
  path: coupons,
  names: () => [],
  among: (_fields, since) => `created[gte]=${since}`,
});
export const updateCoupon = changes("catalog.updateCoupon", { kind: "coupon", path: coupons });
export const deleteCoupon = deletes("catalog.deleteCoupon", { kind: "coupon", path: coupons });
