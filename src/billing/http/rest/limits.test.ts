// One vocabulary (api/limits.ts) for both: whatever limit the OpenAPI document names, REST and TypeScript take a value
// that just fits and refuse, for that field, one that is just too much. A field that is new in the document is tried
// without a line here.
import assert from "node:assert/strict";
import { isProblem } from "#kit/problems.ts";
import type { Billing } from "../../api/index.ts";
import { onEachDoor } from "../testing.ts";

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly maximum?: number;
  readonly minimum?: number;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
}

interface Document {
  readonly paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: Schema }> } }>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

type Body = Record<string, unknown>;

const line = { description: "Tea", quantity: 1, unitAmount: 900 };

const address = { line1: "a", line2: "b", city: "c", state: "d", postalCode: "e", country: "DE" };
const profile = {
  email: "a@b.test",
  name: "Ada",
  phone: "+49",
  address,
  locale: "de",
  taxExempt: "none",
  metadata: { colour: "red" },
};

/** Every command that TypeScript has too: a good body, and the same by TypeScript. */
const commands: readonly { call: string; good: Body; run: (billing: Billing, body: never) => Promise<unknown> }[] = [
  {
    call: "POST /v1/customers",
    good: { id: "user_1", ...profile, attempt: 1 },
    run: (b, body) => b.customers.ensure(body),
  },
  {
    call: "POST /v1/customers/{id}",
    good: { ...profile, attempt: 1 },
    run: (b, body) => b.customers.update("user_1", body),
  },
  {
    call: "POST /v1/customers/{id}/link",
    good: { stripeCustomerId: "cus_1", attempt: 1 },
    run: (b, body) => b.customers.link({ id: "user_1", ...(body as { stripeCustomerId: string }) }),
  },
  {
    call: "POST /v1/customers/{id}/methods",
    good: { id: "card_1", returnUrl: "https://shop.test/", usage: "off_session", attempt: 1 },
    run: (b, body) => b.methods.collect("user_1", body),
  },
  {
    call: "POST /v1/customers/{id}/tax_ids",
    good: { id: "vat", type: "eu_vat", value: "DE136695976", attempt: 1 },
    run: (b, body) => b.customers.addTaxId("user_1", body),
  },
  {
    call: "POST /v1/subscriptions",
    good: {
      ...{ id: "start_1", customerId: "user_1", plan: "pro", every: "month", currency: "eur", quantity: 1 },
      ...{ addOns: [{ name: "setup", quantity: 1, every: "once" }], coupon: "launch", method: "pm_1" },
      ...{ metadata: { colour: "red" }, namespace: "bursar", validForMs: 60_000, attempt: 1 },
    },
    run: (b, body) => b.subscriptions.start(body),
  },
  {
    call: "POST /v1/orders",
    good: { id: "order_2", currency: "eur", lines: [line], customerId: "user_1", metadata: { colour: "red" } },
    run: (b, body) => b.orders.create(body),
  },
  {
    call: "POST /v1/refunds",
    good: { id: "r1", orderId: "order_1", amount: 1, attempt: 1 },
    run: (b, body) => b.refunds.create(body),
  },
  {
    call: "POST /v1/orders/{id}/checkout",
    good: { returnUrl: "https://shop.test/", savedMethods: true, attempt: 1 },
    run: (b, body) => b.orders.checkout("order_1", body),
  },
  {
    call: "POST /v1/orders/{id}/charge",
    good: { method: "pm_1", offSession: true, validForMs: 60_000, attempt: 1 },
    run: (b, body) => b.orders.charge("order_1", body),
  },
  {
    call: "POST /v1/orders/{id}/capture",
    good: { amount: 1, attempt: 1 },
    run: (b, body) => b.orders.capture("order_1", body),
  },
  {
    call: "POST /v1/orders/{id}/cancel",
    good: { reason: "No", attempt: 1 },
    run: (b, body) => b.orders.cancel("order_1", body),
  },
  { call: "POST /v1/operations/{id}/end", good: { reason: "No" }, run: (b, body) => b.operations.end("order_1", body) },
];

interface Edge {
  readonly field: string;
  readonly path: readonly (string | number)[];
  readonly fits: unknown;
  readonly breaks: unknown;
}

/** The edges of a schema and of all within it. */
function* edgesOf(document: Document, schema: Schema, path: readonly (string | number)[]): Generator<Edge> {
  const { $ref, properties, items } = schema;
  if ($ref) return yield* edgesOf(document, document.components.schemas[$ref.split("/").at(-1) ?? ""] ?? {}, path);
  const field = path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .slice(1);
  const edge = (fits: unknown, breaks: unknown) => ({ field, path, fits, breaks });
  const longest = schema.maxLength ?? Number(/\{1,(\d+)\}\$$/.exec(schema.pattern ?? "")?.[1] ?? Number.NaN);
  if (schema.format === "uri") {
    const url = (length: number) => `https://shop.test/${"x".repeat(length - 18)}`;
    yield edge(url(longest), url(longest + 1));
  } else if (longest > 0 && schema.format !== "email") yield edge("x".repeat(longest), "x".repeat(longest + 1));
  if (schema.minLength === 1) yield edge("x", "");
  if (schema.maximum !== undefined) yield edge(schema.maximum, schema.maximum + 1);
  if (schema.minimum !== undefined) yield edge(schema.minimum, schema.minimum - 1);
  if (schema.enum) yield edge(schema.enum[0], "none_of_them");
  if (schema.maxItems !== undefined) {
    yield edge(Array(schema.maxItems).fill(line), Array(schema.maxItems + 1).fill(line));
    yield edge([line], []);
  }
  for (const [name, property] of Object.entries(properties ?? {})) yield* edgesOf(document, property, [...path, name]);
  if (items) yield* edgesOf(document, items, [...path, 0]);
  if (typeof schema.additionalProperties === "object")
    yield* edgesOf(document, schema.additionalProperties, [...path, "colour"]);
}

function withValue(good: Body, path: readonly (string | number)[], value: unknown): Body {
  const copy = structuredClone(good);
  let at: Record<string | number, unknown> = copy;
  for (const part of path.slice(0, -1)) at = at[part] as Record<string | number, unknown>;
  at[path.at(-1) ?? ""] = value;
  return copy;
}

onEachDoor("what REST takes of a field TypeScript takes, and what one refuses so does the other", async ({ world }) => {
  const { billing } = world;
  await billing.customers.ensure({ id: "user_1" });
  await billing.orders.create({ id: "order_1", currency: "eur", lines: [line] });
  const document = (await world.rest("GET /v1/openapi.json")).body as Document;
  let tried = 0;
  for (const { call, good, run } of commands) {
    const [method = "", path = ""] = call.split(" ");
    const schema = document.paths[path]?.[method.toLowerCase()]?.requestBody?.content["application/json"]?.schema ?? {};
    const target = call.replace("customers/{id}", "customers/user_1").replace("{id}", "order_1");
    for (const { field, path: place, fits, breaks } of edgesOf(document, schema, [])) {
      for (const value of [fits, breaks]) {
        const body = withValue(good, place, value);
        const answer = await world.rest(target, body);
        const inRest = answer.status === 422 && answer.body.error.field === field;
        const refused = await run(billing, body as never).then(
          () => undefined,
          (error: unknown) => (isProblem(error) ? error : assert.fail(String(error))),
        );
        const inTypeScript = refused?.httpStatus === 422 && refused.details?.field === field;
        const what = `${call} ${field} = ${JSON.stringify(value).slice(0, 40)}`;
        assert.equal(inRest, inTypeScript, `${what}: REST ${answer.status}, TypeScript ${refused?.message}`);
        if (value === breaks) assert.ok(inRest, `${what} is taken: ${refused?.message}`);
        tried++;
      }
    }
  }
  assert.ok(tried > 60, `only ${tried} values were tried`);
});
