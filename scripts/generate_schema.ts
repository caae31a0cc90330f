// Writes src/sandbox/generated/<family>.json and endpoints.json from the `stripe` packages' own declarations and code.
// Run by `npm run generate:schema`; name families as arguments to write only those.
import { readFileSync, writeFileSync } from "node:fs";
import { canonicalOperation, type FamilySchema, type OperationSchema } from "../src/sandbox/kernel/schema/schema.ts";
import { compact } from "./schema/compact.ts";
import { readDeclarations } from "./schema/declarations.ts";
import {
  describedOperations,
  type FamilySource,
  familySources,
  generatedFolder,
  inputsHash,
  repositoryRoot,
} from "./schema/families.ts";
import { compareText, listSdkOperations, type SdkOperation } from "./schema/sdk_operations.ts";

const wanted = process.argv.slice(2);
const families = familySources.filter(({ family }) => wanted.length === 0 || wanted.includes(family));
const schemas = families.map((source) => writeFamily(source));
if (families.length === familySources.length) writeEndpoints(schemas);

function writeFamily(source: FamilySource): FamilySchema {
  const schema = describeFamily(source);
  const size = writeJson(`${source.family}.json`, writeLines(schema));
  const counts = `${Object.keys(schema.operations).length} operations, ${Object.keys(schema.defs).length} definitions`;
  process.stdout.write(`${source.family.padEnd(12)} ${counts}, ${Math.round(size / 1000)} kB\n`);
  return schema;
}

function describeFamily(source: FamilySource): FamilySchema {
  const folder = `${repositoryRoot}node_modules/${source.folder}/`;
  const manifest: { version: string } = JSON.parse(readFileSync(`${folder}package.json`, "utf8"));
  const declarations = readDeclarations(folder + source.declarations);
  // A method that asks at two addresses is described at both.
  const all = listSdkOperations(folder);
  const methods = new Set(all.filter(isDescribed).map(({ sdkPath }) => sdkPath.join(".")));
  const described = all.filter(({ sdkPath }) => methods.has(sdkPath.join(".")));
  for (const operation of described) declarations.include(operation.sdkPath);
  const operations: Record<string, OperationSchema> = {};
  for (const { method, path, sdkPath } of described) {
    const key = canonicalOperation(`${method} ${path}`);
    const schema = declarations.describe(sdkPath);
    if (schema !== undefined && operations[key] === undefined) operations[key] = schema;
  }
  const set = compact({ operations, defs: declarations.finish() });
  const apiVersion = readApiVersion(folder, source);
  return { source: `stripe@${manifest.version}`, apiVersion, inputs: inputsHash(source), ...set };
}

function isDescribed({ method, path }: SdkOperation): boolean {
  return describedOperations.has(canonicalOperation(`${method} ${path}`));
}

function readApiVersion(folder: string, source: FamilySource): string {
  if (source.family === "2020-08-27") return source.family; // stripe@8 has no file that names it.
  return /'(\d{4}-\d{2}-\d{2}[^']*)'/.exec(readFileSync(`${folder}cjs/apiVersion.js`, "utf8"))?.[1] ?? source.family;
}

/**
 * Each operation that the newest SDK can make, and those that only older ones can, for 501 answers and the page of
 * what is covered; and each of which some family's file says what it takes.
 */
function writeEndpoints(schemas: readonly FamilySchema[]): void {
  const [endpoints = [], ...others] = familySources.map(({ folder }) =>
    listSdkOperations(`${repositoryRoot}node_modules/${folder}/`).map(({ method, path }) =>
      canonicalOperation(`${method} ${path}`),
    ),
  );
  const newest = new Set(endpoints);
  const older = others.flat().filter((operation) => !newest.has(operation));
  const described = schemas.flatMap((schema) => Object.keys(schema.operations));
  const sorted = (names: readonly string[]) => [...new Set(names)].sort(compareEndpoints);
  const inputs = familySources.map(inputsHash).join();
  const lists = { inputs, endpoints: sorted(endpoints), older: sorted(older), described: sorted(described) };
  const size = writeJson("endpoints.json", `${JSON.stringify(lists, null, 1)}\n`);
  process.stdout.write(`endpoints    ${Math.round(size / 1000)} kB\n`);
}

function compareEndpoints(a: string, b: string): number {
  const [methodA = "", pathA = ""] = a.split(" ");
  const [methodB = "", pathB = ""] = b.split(" ");
  return compareText(pathA, pathB) || compareText(methodA, methodB);
}

/** One line per operation and definition, so that a difference between two versions can be read. */
function writeLines({ operations, defs, ...head }: FamilySchema): string {
  const lines = (entries: object) =>
    Object.entries(entries)
      .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
      .join(",\n");
  const opening = JSON.stringify(head).slice(0, -1);
  return `${opening},\n"operations":{\n${lines(operations)}\n},\n"defs":{\n${lines(defs)}\n}}\n`;
}

function writeJson(name: string, text: string): number {
  writeFileSync(generatedFolder + name, text);
  return text.length;
}
