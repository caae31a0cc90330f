// Opens the generated schema files when they are first asked for. They never change while a process runs, so what was
// read is kept, once for all: an old family is some megabytes, and most programs ask for none.
import { readFileSync } from "node:fs";
import { canonicalOperation, type FamilySchema, type VersionFamily, versionFamilies } from "./schema.ts";

export interface SchemaFiles {
  family(family: VersionFamily): FamilySchema;
  /**
   * The family's file that knows the operation: the family itself, or the next newer one that has it, because an
   * operation younger than a version is still callable under it.
   */
  familyOf(operation: string, family: VersionFamily): FamilySchema | undefined;
  /** Each operation of Stripe's newest SDK, "GET /v1/customers/:id". */
  endpoints(): readonly string[];
}

export const schemaFiles: SchemaFiles = openSchemaFiles();

function openSchemaFiles(): SchemaFiles {
  const families = new Map<VersionFamily, FamilySchema>();
  let endpoints: readonly string[] | undefined;
  const files: SchemaFiles = {
    family: (family) => {
      const known = families.get(family);
      if (known !== undefined) return known;
      const schema = readGenerated(family) as FamilySchema;
      families.set(family, schema);
      return schema;
    },
    familyOf: (operation, family) => {
      const key = canonicalOperation(operation);
      for (let at = versionFamilies.indexOf(family); at >= 0; at--) {
        const schema = files.family(versionFamilies[at]!); // The loop stays inside the list.
        if (Object.hasOwn(schema.operations, key)) return schema;
      }
      return undefined;
    },
    endpoints: () => {
      endpoints ??= (readGenerated("endpoints") as { endpoints: string[] }).endpoints;
      return endpoints;
    },
  };
  return files;
}

function readGenerated(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../generated/${name}.json`, import.meta.url), "utf8"));
}
