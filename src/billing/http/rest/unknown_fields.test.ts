// REST refuses a field or a parameter that nobody knows by name, with the name that was meant. What there is is read
// from the OpenAPI document, so that a new route or field is tried without a line here.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startHttpWorld } from "../testing.ts";

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** What may be null is declared as one of two. */
function whole(schema: Schema): Schema {
  return schema.anyOf?.find(({ $ref }) => $ref !== undefined) ?? schema;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
}

const world = await startHttpWorld({ database: "sqlite::memory:", door: "over a socket" });
after(() => world.close());
const document: { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } } =
  (await world.rest("GET /v1/openapi.json")).body;

/** Every name of a body, with what leads to the object that it stands in. */
function* namesIn(schema: Schema, within: (inner: object) => object): Generator<[string, (inner: object) => object]> {
  const { $ref } = schema;
  const known = $ref === undefined ? schema : (document.components.schemas[$ref.split("/").at(-1) ?? ""] ?? {});
  for (const [name, property] of Object.entries(known.properties ?? {})) {
    yield [name, within];
    if (property.items) yield* namesIn(property.items, (inner) => within({ [name]: [inner] }));
    else yield* namesIn(whole(property), (inner) => within({ [name]: inner }));
  }
}

const isUnknown = { status: 422, code: "invalid_params" };

const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    call: `${method.toUpperCase()} ${path.replace(/\{\w+\}/g, "x")}`,
    operation,
  })),
);

for (const { call, operation } of routes) {
  const query = (operation.parameters ?? []).filter((parameter) => parameter.in === "query");
  const schema = operation.requestBody?.content["application/json"]?.schema;
  const names = [...namesIn(schema ?? {}, (inner) => inner)];
  if (query.length + names.length === 0) continue;
  test(`${call} says which name was meant`, async () => {
    for (const { name } of query) {
      const { status, body } = await world.rest(`${call}?${name}x=1`);
      assert.deepEqual({ status, code: body.error.code }, isUnknown);
      assert.deepEqual([body.error.field, body.error.reason], [`${name}x`, "unknown_parameter"]);
      assert.match(body.error.hint, new RegExp(`^Did you mean ${name}\\? There are `));
    }
    for (const [name, within] of names) {
      const { status, body } = await world.rest(call, within({ [`${name}x`]: 1 }));
      assert.deepEqual({ status, code: body.error.code }, isUnknown, JSON.stringify(body));
      assert.match(body.error.field, new RegExp(`(^|\\.)${name}x$`));
      assert.equal(body.error.reason, "unknown_field");
      assert.match(body.error.hint, new RegExp(`^Did you mean ${name}\\? There are `));
    }
  });
}
