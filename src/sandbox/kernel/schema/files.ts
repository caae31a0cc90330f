// Opens the generated schema files when they are first asked for. They never change while a process runs, so what was
// read is kept, once for all: an old family is some megabytes, and most programs ask for none.
import { readFileSync } from "node:fs";
import { canonicalOperation, type FamilySchema, type Schema, type VersionFamily, versionFamilies } from "./schema.ts";

export interface SchemaFiles {
  family(family: VersionFamily): FamilySchema;
  /** What a family says of an object: as it is, and as it is deleted. */
  definitionsOf(object: string, family: VersionFamily): readonly Schema[];
  /**
   * The family's file that knows the operation: the family itself, else the next newer one that has it, because an
   * operation younger than a version is still callable under it, else the next older one.
   */
  familyOf(operation: string, family: VersionFamily): FamilySchema | undefined;
  /** Some family's file knows it: `isDescribed("GET /v1/customers/:id")`. Opens none of them. */
  isDescribed(operation: string): boolean;
  /** Each operation of Stripe's newest SDK, "GET /v1/customers/:id". */
  endpoints(): readonly string[];
  /** Those that only older SDKs make, and Stripe still serves. */
  olderEndpoints(): readonly string[];
}

export const schemaFiles: SchemaFiles = openSchemaFiles();

function openSchemaFiles(): SchemaFiles {
  const families = new Map<VersionFamily, FamilySchema>();
  const definitions = new Map<VersionFamily, Definitions>();
  let lists: Readonly<Record<"endpoints" | "older" | "described", readonly string[]>> | undefined;
  let described: ReadonlySet<string> | undefined;
  const listed = () => {
    lists ??= readGenerated("endpoints") as NonNullable<typeof lists>;
    return lists;
  };
  const files: SchemaFiles = {
    family: (family) => {
      const known = families.get(family);
      if (known !== undefined) return known;
      const schema = readGenerated(family) as FamilySchema;
      families.set(family, schema);
      return schema;
    },
    definitionsOf: (object, family) => {
      const known = definitions.get(family) ?? byObject(files.family(family));
      definitions.set(family, known);
      return known.get(object) ?? [];
    },
    familyOf: (operation, family) => {
      const key = canonicalOperation(operation);
      const at = versionFamilies.indexOf(family);
      const inTurn = [...versionFamilies.slice(0, at + 1).reverse(), ...versionFamilies.slice(at + 1)];
      for (const one of inTurn) {
        const schema = files.family(one);
        if (Object.hasOwn(schema.operations, key)) return schema;
      }
      return undefined;
    },
    isDescribed: (operation) => {
      described ??= new Set(listed().described);
      return described.has(canonicalOperation(operation));
    },
    endpoints: () => listed().endpoints,
    olderEndpoints: () => listed().older,
  };
  return files;
}

type Definitions = ReadonlyMap<unknown, readonly Schema[]>;

function byObject({ defs }: FamilySchema): Definitions {
  const named = Object.values(defs).flatMap((schema) => objectsOf(schema).map((object) => ({ object, schema })));
  const groups = Map.groupBy(named, ({ object }) => object);
  return new Map([...groups].map(([object, of]) => [object, of.map(({ schema }) => schema)] as const));
}

function objectsOf(schema: Schema): readonly unknown[] {
  const named = typeof schema === "object" && "object" in schema ? schema.object.object : undefined;
  return typeof named === "object" && "enum" in named ? named.enum : [];
}

function readGenerated(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../generated/${name}.json`, import.meta.url), "utf8"));
}
