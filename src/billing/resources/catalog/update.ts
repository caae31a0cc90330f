// Changes what a product says of itself, and whether a product or a price is sold. What a price costs never changes.
import type { Remote } from "../../kernel/contract/reacting.ts";
import { record, text } from "../../kernel/contract/shape.ts";
import { defineVerb, itsId } from "../../kernel/contract/verb.ts";
import { aboutRun, advanceRun, ofRun, promiseRun, runLane, stopRun } from "./run.ts";
import { catalogMark } from "./standing.ts";

const params = record({ ...ofRun, id: text });
const ofEach = { params, outcome: record({}), lane: runLane, about: aboutRun, promised: promiseRun };
const ends = { answered: advanceRun, refused: stopRun };

/** An empty text unsets at Stripe, which then shows null. */
function isAsWished(remote: Remote, fields: Readonly<Record<string, string>>): boolean {
  return Object.entries(fields).every(([name, value]) => String(remote[name] ?? "") === value);
}

export const updateProduct = defineVerb({
  name: "catalog.updateProduct",
  ...ofEach,
  ...ends,
  steps: [
    {
      name: "update",
      answer: itsId,
      touches: ({ params }) => params.id,
      embeds: ({ params }) => [{ kind: "product", id: params.id }],
      request: ({ params: { id, fields, namespace } }) => ({
        method: "POST",
        path: `/v1/products/${id}`,
        params: { ...fields, metadata: { [catalogMark]: namespace } },
      }),
      holds: (product, { params: { fields } }) => isAsWished(product, fields),
    },
  ],
});

export const updatePrice = defineVerb({
  name: "catalog.updatePrice",
  ...ofEach,
  ...ends,
  steps: [
    {
      name: "update",
      answer: itsId,
      touches: ({ params }) => params.id,
      embeds: ({ params }) => [{ kind: "price", id: params.id }],
      request: ({ params: { id, fields } }) => ({ method: "POST", path: `/v1/prices/${id}`, params: fields }),
      holds: (price, { params: { fields } }) => isAsWished(price, fields),
    },
  ],
});
