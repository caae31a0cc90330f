// Makes a product, under an id of ours, or a price, which takes its lookup key over from the one before it.
import { record, type Shaped } from "../../kernel/contract/shape.ts";
import { defineVerb, itsId, type OperationView, type StepRequest } from "../../kernel/contract/verb.ts";
import { marks, marksOf } from "../marks.ts";
import { aboutRun, advanceRun, ofRun, promiseRun, runLane, stopRun } from "./run.ts";
import { catalogMark } from "./standing.ts";

const params = record(ofRun);
const ofEach = { params, outcome: record({}), lane: runLane, about: aboutRun, promised: promiseRun };
const ends = { answered: advanceRun, refused: stopRun };

function made(path: string, operation: OperationView<Shaped<typeof params>>): StepRequest {
  const { fields, namespace } = operation.params;
  return { method: "POST", path, params: { ...fields, metadata: marks(operation, { [catalogMark]: namespace }) } };
}

export const createProduct = defineVerb({
  name: "catalog.createProduct",
  ...ofEach,
  ...ends,
  steps: [
    {
      name: "create",
      answer: itsId,
      request: (operation) => made("/v1/products", operation),
      async find({ id, params: { fields } }, { list }) {
        const made = await list(`/v1/products?limit=100&ids[0]=${encodeURIComponent(fields.id ?? "")}`);
        return made.find((product) => marksOf(product).operation === id) ?? null;
      },
    },
  ],
});

export const createPrice = defineVerb({
  name: "catalog.createPrice",
  ...ofEach,
  ...ends,
  steps: [
    {
      name: "create",
      answer: itsId,
      embeds: ({ params: { fields } }) => [{ kind: "product", id: fields.product ?? "" }],
      request: (operation) => made("/v1/prices", operation),
      async find({ id, params: { fields } }, { since, list }) {
        const product = encodeURIComponent(fields.product ?? "");
        const made = await list(`/v1/prices?limit=100&product=${product}&created[gte]=${since}`);
        return made.find((price) => marksOf(price).operation === id) ?? null;
      },
    },
  ],
});
