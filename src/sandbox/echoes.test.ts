// Nothing is taken and then forgotten: whatever an operation takes under a name that its answer has too stands in the
// answer. Which names those are, the declarations say; what is not shown says why in a table.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { schemaFiles } from "./kernel/schema/files.ts";
import type { Schema } from "./kernel/schema/schema.ts";
import { type SandboxWorld, secretKey, startWorld } from "./testing.ts";

const { defs, operations } = schemaFiles.family("endive");
const never = "automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never";
const fixed = "fixed_amount[amount]=500&fixed_amount[currency]=eur";

/** By operation: what else is sent, and what makes the object that it changes. */
const asked: Readonly<Record<string, { readonly form?: string; readonly made?: string }>> = {
  "POST /v1/charges": { form: "amount=2000&currency=usd&source=tok_visa" },
  "POST /v1/charges/:id": { made: "/v1/charges?amount=2000&currency=usd&source=tok_visa" },
  "POST /v1/plans/:id": { made: "/v1/plans?amount=5&currency=eur&interval=month&product[name]=a" },
  "POST /v1/prices/:id": { made: "/v1/prices?product_data[name]=a&currency=eur&unit_amount=500" },
  "POST /v1/products": { form: "name=a" },
  "POST /v1/products/:id": { made: "/v1/products?name=a" },
  "POST /v1/tax_rates": { form: "display_name=a&inclusive=false&percentage=5" },
  "POST /v1/tax_rates/:id": { made: "/v1/tax_rates?display_name=a&inclusive=false&percentage=5" },
  "POST /v1/shipping_rates": { form: `display_name=a&${fixed}` },
  "POST /v1/shipping_rates/:id": { made: `/v1/shipping_rates?display_name=a&${fixed}` },
  "POST /v1/customers": { form: "expand[]=tax" },
  "POST /v1/customers/:id": { form: "expand[]=tax", made: "/v1/customers?name=Ada" },
  "POST /v1/payment_intents": { form: "amount=2000&currency=eur" },
  "POST /v1/payment_intents/:id": { made: "/v1/payment_intents?amount=2000&currency=eur" },
  "POST /v1/payment_intents/:id/confirm": {
    form: "payment_method=pm_card_visa&return_url=https://shop.test",
    made: "/v1/payment_intents?amount=2000&currency=eur",
  },
  "POST /v1/payment_methods": {
    form: "type=card&card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2031&card[cvc]=123",
  },
  "POST /v1/setup_intents": {},
  "POST /v1/setup_intents/:id": { made: "/v1/setup_intents?usage=on_session" },
  "POST /v1/setup_intents/:id/confirm": {
    form: "payment_method=pm_card_visa",
    made: `/v1/setup_intents?usage=on_session&${never}`,
  },
};

/** What has to be a certain text to be taken. */
const texts: Readonly<Record<string, string>> = {
  country: "DE",
  currency: "eur",
  "card[exp_month]": "11",
  "card[exp_year]": "2032",
  email: "ada@shop.test",
  invoice_prefix: "ABC",
  "invoice_settings[rendering_options][template]": "inrtem_mine",
  "payment_method_options[card][mandate_options][supported_types][0]": "india",
  "payment_method_options[sepa_debit][mandate_options][reference_prefix]": "SHOP",
  receipt_email: "ada@shop.test",
  statement_descriptor_suffix: "BOOTS",
  "tax[ip_address]": "127.0.0.1",
  tax_code: "txcd_10103000",
  type: "card",
};

/** What is not shown, by the beginning of its full name, and why. */
const unshown: readonly (readonly [name: RegExp, why: string])[] = [
  [
    /^(?:customer|customer_account|mandate|on_behalf_of|transfer_data|application|test_clock)\b/,
    "ids of other objects, refused where there is none",
  ],
  [/^payment_method(?:_data)?(?:\[|$)/, "an id of another object"],
  [/^(?:automatic_payment_methods|payment_method_types|confirm)\b/, "refused or decided with others"],
  [/^(?:allowed|excluded)_payment_method_types/, "types are checked among each other: method_types.ts"],
  [/^amount_details\[line_items\]/, "a list that is not built"],
  [/^application_fee/, "refused: there is no other account to take it for"],
  [/^cash_balance/, "not built"],
  [/^payment_method_options\[(?!(?:bancontact|card|ideal|sepa_debit)\])/, "of types that this intent does not take"],
  [/^payment_method_options\[card\]\[installments\]\[plan\]/, "a plan needs all its parts"],
  [/^(?!card|metadata|billing_details|radar_options|allow_redisplay)\w+\[/, "of other types of methods"],
];

interface Leaf {
  readonly path: readonly string[];
  readonly schema: Schema;
  /** What its hashes cannot do without. */
  readonly beside: readonly Leaf[];
}

/** What is sent under a name that the answer has as well. */
function* shared(
  sent: Schema,
  shown: Schema,
  { path, beside }: Pick<Leaf, "path" | "beside"> = { path: [], beside: [] },
): Generator<Leaf> {
  const [from, to] = [plain(sent), plain(shown)];
  if (typeof from === "string" || "enum" in from) {
    if (typeof to === "string" || "enum" in to) yield { path, beside, schema: from };
  } else if ("list" in from) {
    if (typeof to !== "string" && "list" in to) yield* shared(from.list, to.list, { beside, path: [...path, "0"] });
  } else if ("object" in from && typeof to !== "string" && "object" in to) {
    const required = path.length > 0 ? requiredOf(from.object, path) : [];
    for (const [declared, schema] of Object.entries(from.object)) {
      const name = declared.replace(/\?$/, "");
      const answered = to.object[name] ?? to.object[`${name}?`];
      if (answered) yield* shared(schema, answered, { path: [...path, name], beside: [...beside, ...required] });
    }
  }
}

/** A value for each, or for the first of its own. */
function requiredOf(fields: Readonly<Record<string, Schema>>, path: readonly string[]): Leaf[] {
  const names = Object.keys(fields).filter((name) => !name.endsWith("?"));
  return names.flatMap((name): Leaf[] => {
    const schema = plain(fields[name] ?? "any");
    const at = [...path, name];
    if (typeof schema === "string" || !("object" in schema)) return [{ path: at, schema, beside: [] }];
    const [first = "", inner = "any"] = Object.entries(schema.object)[0] ?? [];
    return [{ path: [...at, first.replace(/\?$/, "")], schema: plain(inner), beside: [] }];
  });
}

/** Without what a schema is wrapped in; of several shapes the largest. */
function plain(schema: Schema): Exclude<Schema, { readonly ref: string }> {
  if (typeof schema === "string") return schema;
  if ("ref" in schema) return plain(defs[schema.ref] ?? "any");
  if ("nullable" in schema) return plain(schema.nullable);
  if (!("anyOf" in schema)) return schema;
  const shapes = schema.anyOf.map(plain);
  return shapes.find((one) => typeof one === "object" && "object" in one) ?? shapes[0] ?? "any";
}

const nameOf = ([first = "", ...rest]: readonly string[]) => first + rest.map((step) => `[${step}]`).join("");

function valueFor({ path, schema }: Leaf): string | undefined {
  const name = nameOf(path);
  const known = texts[name] ?? texts[path.at(-1) ?? ""];
  const isOneOf = typeof schema === "object" && "enum" in schema && !schema.enum.includes(known ?? "");
  if (known !== undefined && !isOneOf) return known;
  if (typeof schema !== "string") return "enum" in schema ? String(schema.enum.at(-1)) : undefined;
  return { string: "text", integer: "700", number: "7", boolean: "true", any: undefined }[schema];
}

async function pathOf({ call }: SandboxWorld, operation: string, made = ""): Promise<string> {
  const path = operation.slice("POST ".length);
  if (made === "") return path;
  const [where = "", form = ""] = made.split(/\?(.*)/);
  const { json } = await call("POST", where, form);
  return path.replace(":id", String(json.id));
}

suite("nothing is taken and then forgotten", () => {
  for (const [operation, { form = "", made }] of Object.entries(asked)) {
    test(`${operation} shows what it was sent`, async () => {
      const world = startWorld();
      world.sandbox.seed({ key: secretKey, path: "/v1/invoice_rendering_templates", id: "inrtem_mine" });
      const { params = "any", returns = "any" } = operations[operation] ?? {};
      const problems: string[] = [];
      let sent = 0;
      for (const leaf of shared(params, returns)) {
        const name = nameOf(leaf.path);
        const value = valueFor(leaf);
        if (value === undefined || unshown.some(([pattern]) => isUnshown(operation, pattern, name))) continue;
        const path = await pathOf(world, operation, made);
        const fields = [...leaf.beside, leaf].map((one) => [nameOf(one.path), valueFor(one) ?? ""] as [string, string]);
        const asked = new URLSearchParams(form);
        for (const [field, text] of fields) asked.set(field, text);
        const { status, json, error } = await world.call("POST", path, String(asked));
        let shown: unknown = json;
        for (const step of leaf.path) shown = (shown as Readonly<Record<string, unknown>> | null | undefined)?.[step];
        if (status !== 200 || String(shown) !== value) problems.push(`${name}=${value}: ${error.message ?? shown}`);
        sent++;
      }
      assert.deepEqual(problems, []);
      assert.ok(sent > 1, "something was sent");
    });
  }
});

/** Of payment methods, hashes are called like types; of intents, `payment_method_options` has them. */
function isUnshown(operation: string, pattern: RegExp, name: string): boolean {
  if (pattern.source.startsWith("^(?!card") && !operation.startsWith("POST /v1/payment_methods")) return false;
  return pattern.test(name);
}
