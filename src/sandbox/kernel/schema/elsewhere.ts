// What the declarations of another family say about a parameter. A version holds back only what breaks: an optional
// parameter and a value of an enum that came later work under every older version, and one that an SDK no longer
// declares goes on working until a change takes it away. https://docs.stripe.com/upgrades
import { schemaFiles } from "./files.ts";
import { type FamilySchema, type Schema, type VersionFamily, versionFamilies } from "./schema.ts";

export interface Elsewhere {
  readonly file: FamilySchema;
  readonly schema: Schema;
}

/**
 * The parameter in the other families, newest first. `path` is as in a form: `["items", "0", "price"]`. Opens their
 * files, so only what the caller's own family does not know asks for it.
 */
export function* declaredElsewhere(
  operation: string,
  path: readonly string[],
  family: VersionFamily,
): Generator<Elsewhere> {
  for (const other of versionFamilies.filter((one) => one !== family)) {
    const file = schemaFiles.family(other);
    const params = file.operations[operation]?.params;
    const schema = params && schemaAt(file, params, path);
    if (schema) yield { file, schema };
  }
}

function schemaAt(file: FamilySchema, schema: Schema, path: readonly string[]): Schema | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return schema;
  if (typeof schema === "string") return undefined;
  if ("ref" in schema) return schemaAt(file, file.defs[schema.ref] ?? "any", path);
  if ("nullable" in schema) return schemaAt(file, schema.nullable, path);
  if ("anyOf" in schema) return schema.anyOf.flatMap((shape) => schemaAt(file, shape, path) ?? [])[0];
  if ("list" in schema) return /^\d+$/.test(name) ? schemaAt(file, schema.list, rest) : undefined;
  if ("map" in schema) return schemaAt(file, schema.map, rest);
  if (!("object" in schema)) return undefined;
  const declared = [name, `${name}?`].find((one) => Object.hasOwn(schema.object, one));
  return declared === undefined ? undefined : schemaAt(file, schema.object[declared] ?? "any", rest);
}

/** The values of an enum, in whatever it is wrapped. */
export function enumValues({ file, schema }: Elsewhere): readonly (string | number | boolean)[] {
  if (typeof schema === "string") return [];
  if ("ref" in schema) return enumValues({ file, schema: file.defs[schema.ref] ?? "any" });
  if ("nullable" in schema) return enumValues({ file, schema: schema.nullable });
  if ("anyOf" in schema) return schema.anyOf.flatMap((shape) => enumValues({ file, schema: shape }));
  return "enum" in schema ? schema.enum : [];
}
