// Requests as somebody sane would send them, made of our own OpenAPI document's examples, and a shop in which they find
// something. An id is drawn by how it looks (`order_9001`) or by the name it had, from what answers have shown.
import assert from "node:assert/strict";
import type { Random } from "#kit/random.ts";
import type { BillingSql } from "../../../kernel/store/tables.ts";
import type { HttpWorld } from "../../testing.ts";
import { insertWaiting } from "../repair/testing.ts";

export interface Document {
  readonly paths: Record<string, Record<string, DescribedOperation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

export interface DescribedOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Record<string, { readonly schema: Schema; readonly example?: unknown }>;
  };
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly format?: string;
  readonly maximum?: number;
  readonly example?: unknown;
}

export interface Route {
  readonly path: string;
  readonly method: string;
  readonly operation: DescribedOperation;
}

export function routesOf({ paths }: Document): readonly Route[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
}

export function resolved(document: Document, schema: Schema | undefined): Schema {
  if (schema?.$ref === undefined) return schema ?? {};
  return document.components.schemas[schema.$ref.split("/").at(-1) as string] ?? {};
}

/** What answers have shown so far. */
export interface Known {
  learn(shown: unknown): void;
  /** Something seen that looks like the example or had this name; the example itself where nothing was. */
  draw(random: Random, name: string, example: string): string;
  /** Looks like the example, and nobody has used it. */
  fresh(example: string): string;
}

/** `order_9001`, `url:ep_2Rk9`: how it begins says what it is the id of. A word such as `eu_vat` has no digit. */
const idLook = /^((?:[a-z]+:)?[a-z]+_)\w*\d\w*$/;
const startOf = (text: string) => idLook.exec(text)?.[1];
const poolMax = 60; // the first half stays: among thousands of objects, those that were made with care are still found
const elementsMax = 20;

export function createKnown(): Known {
  const pools = new Map<string, string[]>();
  let made = 0;
  const add = (pool: string, text: string): void => {
    const texts = pools.get(pool) ?? [];
    pools.set(pool, texts);
    if (texts.includes(text)) return;
    texts.push(text);
    if (texts.length > poolMax) texts.splice(poolMax / 2, 1);
  };
  const learn = (shown: unknown, name: string): void => {
    if (typeof shown === "string" && shown.length <= 100) {
      if (name !== "id") add(name, shown);
      const start = startOf(shown);
      if (start !== undefined) add(start, shown);
    } else if (Array.isArray(shown)) {
      for (const element of shown.slice(0, elementsMax)) learn(element, name);
    } else if (shown !== null && typeof shown === "object") {
      for (const [key, value] of Object.entries(shown)) learn(value, key);
    }
  };
  return {
    learn: (shown) => learn(shown, ""),
    draw(random, name, example) {
      const start = startOf(example);
      if (start === undefined) return example;
      const found = [pools.get(name), pools.get(start)].filter((texts) => texts !== undefined);
      return found.length === 0 ? example : pick(random, pick(random, found));
    },
    fresh: (example) => `${startOf(example) ?? example}${++made}`,
  };
}

/** One that the document admits: what may be left out sometimes is, and the ids in it exist where any does. */
export function saneRequest(
  random: Random,
  { document, route, known }: { document: Document; route: Route; known: Known },
): { readonly method: string; readonly address: string; readonly body?: Record<string, unknown> } {
  const { path, method, operation } = route;
  const parameters = operation.parameters ?? [];
  const address = path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const { schema } = parameters.find((one) => one.in === "path" && one.name === name) as Parameter;
    return encodeURIComponent(known.draw(random, name, String(schema.example)));
  });
  const query = parameters
    .filter((one) => one.in === "query" && (one.required === true || chance(random, 0.15)))
    .map(({ name, schema }) => [name, saneValue(random, known, { name, schema })] as const)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  const asked = query.length === 0 ? address : `${address}?${query.join("&")}`;
  const content = operation.requestBody?.content["application/json"];
  if (!content || (operation.requestBody?.required !== true && chance(random, 0.3))) return { method, address: asked };
  const body = saneBody(random, { document, known, example: content.example, schema: content.schema });
  return { method, address: asked, body };
}

interface Body {
  readonly document: Document;
  readonly known: Known;
  readonly example: unknown;
  readonly schema: Schema | undefined;
}

function saneBody(random: Random, { document, known, example, schema }: Body): Record<string, unknown> {
  const { properties = {}, required = [] } = resolved(document, schema);
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(example ?? {})) {
    if (!required.includes(name) && chance(random, 0.3)) continue;
    const isOwn = name === "id" && typeof value === "string" && !chance(random, 0.2);
    body[name] = isOwn ? known.fresh(value) : drawn(random, known, { name, value });
  }
  for (const [name, property] of Object.entries(properties)) {
    if (name in body || !chance(random, 0.12)) continue;
    const value = saneValue(random, known, { name, schema: resolved(document, property) });
    if (value !== undefined) body[name] = value;
  }
  return body;
}

/** The example with the ids in it replaced by those of what exists. */
function drawn(random: Random, known: Known, { name, value }: { name: string; value: unknown }): unknown {
  if (typeof value === "string") return known.draw(random, name, value);
  if (Array.isArray(value)) return value.map((element) => drawn(random, known, { name, value: element }));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, drawn(random, known, { name: key, value: inner })]),
  );
}

/** Undefined where the document does not say how one looks. `attempt` speaks of a refusal that mostly was none. */
function saneValue(random: Random, known: Known, { name, schema }: { name: string; schema: Schema }): unknown {
  if (name === "attempt") return undefined;
  if (schema.enum) return pick(random, schema.enum);
  if (schema.type === "boolean") return chance(random, 0.5);
  return typeof schema.example === "string" ? known.draw(random, name, schema.example) : schema.example;
}

const lines = [{ description: "Tea", quantity: 2, unitAmount: 1_250 }];

/** What a shop has after its first day, and what has to be waited for, clicked or broken before it can be asked for. */
export async function openShop(world: HttpWorld, sql: BillingSql, known: Known): Promise<void> {
  const ask = async (call: string, body?: unknown) => {
    const { status, body: answer } = await world.rest(call, body);
    assert.ok(status < 300, `${call}: ${status} ${JSON.stringify(answer)}`);
    known.learn(answer);
    return answer;
  };
  const order = (id: string, more: object = {}) => ask("POST /v1/orders", { id, currency: "eur", lines, ...more });
  for (const id of ["order_parked_1", "order_parked_2"]) {
    await order(id);
    await ask(`POST /v1/orders/${id}/checkout`);
  }
  await insertWaiting(sql);
  for (const list of ["operations", "flags", "receipts", "deliveries"]) await ask(`GET /v1/${list}`);

  const { stripeCustomerId } = await ask("POST /v1/customers", { id: "user_1", email: "ada@shop.test" });
  const { clientSecret } = await ask("POST /v1/customers/user_1/methods", { id: "card_1", setAsDefault: true });
  await world.confirm(clientSecret, "pm_card_visa");
  await hearAll(world);
  await subscribe(world, stripeCustomerId);
  for (const name of ["Bea", "Cleo"]) known.learn(await world.atStripe("customers", { name }));
  await hearAll(world);
  for (const list of ["customers/user_1/methods", "receipts", "subscriptions", "invoices"])
    await ask(`GET /v1/${list}`);

  const customerId = "user_1";
  for (const id of ["order_2", "order_3", "order_4"]) await order(id, { customerId });
  for (let n = 1; n <= invoicesMade; n++) {
    const terms = { collection: "send", daysUntilDue: 14, finalize: n > invoicesMade / 2, send: false };
    await ask("POST /v1/invoices", { id: `invoice_${n}`, customerId, currency: "eur", lines, ...terms });
  }
  for (const [n, more] of held.entries()) {
    await order(`order_held_${n}`, { customerId, capture: "manual", ...more });
    await ask(`POST /v1/orders/order_held_${n}/charge`, { offSession: false });
  }
  for (const id of ["order_paid_1", "order_paid_2"]) {
    await order(id, { customerId });
    await ask(`POST /v1/orders/${id}/charge`);
  }
}

/** The first half are drafts. */
const invoicesMade = 12;

const [plain, inParts, growing] = [{}, { multicapture: true }, { incrementalAuthorization: true }];
const held = [plain, plain, plain, inParts, inParts, growing, growing];

async function hearAll({ billing }: HttpWorld): Promise<void> {
  await billing.inbox.catchUp();
  await billing.drain();
}

async function subscribe(world: HttpWorld, customer: string): Promise<void> {
  const price = await world.atStripe("prices", {
    currency: "eur",
    unit_amount: "1000",
    "recurring[interval]": "month",
    "product_data[name]": "Gold",
  });
  await world.atStripe("subscriptions", { customer, "items[0][price]": price.id });
}

export function chance(random: Random, share: number): boolean {
  return random.next() < share;
}

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.integer(0, from.length - 1)] as T;
}
