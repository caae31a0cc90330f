// Which texts an empty one unsets. The declarations say so of some fields only ("Emptyable"); Stripe itself takes the
// empty text for every plain text that its answer may show as null, `customers.update(id, { name: "" })` above all. An
// id is not a plain text, what is required stays, and a product's name, never null, is refused.
// https://github.com/stripe/stripe-dotnet/issues/1954, https://github.com/stripe/stripe-node/pull/1834
import type { FamilySchema, OperationSchema, Schema } from "./schema.ts";

type Fields = { readonly [name: string]: Schema };

/** Full names, as in messages: `shipping[address][line2]`. */
export function unsettableTexts(file: FamilySchema, operation: OperationSchema): string[] {
  const { params = "any", returns = "any", page } = operation;
  const [sent, shown] = [fieldsOf(file, params), fieldsOf(file, returns)];
  return page === undefined && sent && shown ? [...textsIn(file, { sent, shown })] : [];
}

interface Pair {
  readonly sent: Fields;
  readonly shown: Fields;
}

function* textsIn(file: FamilySchema, { sent, shown }: Pair, at = ""): Generator<string> {
  for (const [declared, schema] of Object.entries(sent)) {
    const name = declared.replace(/\?$/, "");
    const answer = shown[name] ?? shown[`${name}?`];
    if (answer === undefined) continue;
    const path = at === "" ? name : `${at}[${name}]`;
    if (schema === "string" && declared.endsWith("?") && isNullableText(file, answer)) yield path;
    const inner = fieldsOf(file, schema);
    const innerShown = fieldsOf(file, answer);
    if (inner && innerShown) yield* textsIn(file, { sent: inner, shown: innerShown }, path);
  }
}

function isNullableText(file: FamilySchema, schema: Schema): boolean {
  if (typeof schema === "string") return false;
  if ("ref" in schema) return isNullableText(file, file.defs[schema.ref] ?? "any");
  return "nullable" in schema && schema.nullable === "string";
}

/** The fields of a hash, or of the one hash among several shapes. */
function fieldsOf(file: FamilySchema, schema: Schema): Fields | undefined {
  if (typeof schema === "string") return undefined;
  if ("ref" in schema) return fieldsOf(file, file.defs[schema.ref] ?? "any");
  if ("nullable" in schema) return fieldsOf(file, schema.nullable);
  if ("anyOf" in schema) return schema.anyOf.map((shape) => fieldsOf(file, shape)).find((fields) => fields);
  return "object" in schema ? schema.object : undefined;
}
