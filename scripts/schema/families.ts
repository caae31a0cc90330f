// Which package describes which family, and what of it the generated files hold.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { canonicalOperation, type VersionFamily } from "../../src/sandbox/kernel/schema/schema.ts";
import { resources } from "../../src/sandbox/resources/index.ts";

export interface FamilySource {
  readonly family: VersionFamily;
  /** The folder below node_modules. */
  readonly folder: string;
  /** The file that declares the class `Stripe`. */
  readonly declarations: string;
}

export const familySources: readonly FamilySource[] = [
  { family: "endive", folder: "stripe", declarations: "esm/stripe.core.d.ts" },
  { family: "dahlia", folder: "stripe-dahlia", declarations: "esm/stripe.core.d.ts" },
  { family: "clover", folder: "stripe-clover", declarations: "types/index.d.ts" },
  { family: "basil", folder: "stripe-basil", declarations: "types/index.d.ts" },
  { family: "acacia", folder: "stripe-acacia", declarations: "types/index.d.ts" },
  { family: "2024-06-20", folder: "stripe-2024-06-20", declarations: "types/index.d.ts" },
  { family: "2022-11-15", folder: "stripe-2022-11-15", declarations: "types/index.d.ts" },
  { family: "2020-08-27", folder: "stripe-2020-08-27", declarations: "types/2020-08-27/index.d.ts" },
];

/** What gets a schema: the routes of the resources, and what some of them are declared as. */
export const describedOperations: ReadonlySet<string> = new Set([
  ...resources.flatMap(({ routes }) =>
    routes.filter(({ undeclared }) => !undeclared).map(({ method, path }) => canonicalOperation(`${method} ${path}`)),
  ),
  ...resources.flatMap(({ extras }) => Object.values(extras?.declaredAs?.value ?? {})),
]);

export const repositoryRoot: string = fileURLToPath(new URL("../../", import.meta.url));
export const generatedFolder: string = `${repositoryRoot}src/sandbox/generated/`;

/** What decides a generated file: the package (by the lock file's integrity), the generator, and what is described. */
export function inputsHash(source: FamilySource): string {
  const lock: { packages: Record<string, { integrity?: string }> } = JSON.parse(
    readFileSync(`${repositoryRoot}package-lock.json`, "utf8"),
  );
  const integrity = lock.packages[`node_modules/${source.folder}`]?.integrity;
  if (integrity === undefined) throw new Error(`package-lock.json does not lock ${source.folder}`);
  const hash = createHash("sha256").update(integrity);
  const folder = `${repositoryRoot}scripts/schema/`;
  const files = readdirSync(folder).filter((name) => !name.includes(".test."));
  for (const file of files.sort()) hash.update(readFileSync(folder + file));
  hash.update(readFileSync(`${repositoryRoot}scripts/generate_schema.ts`));
  hash.update([...describedOperations].sort().join());
  return hash.digest("hex").slice(0, 32);
}
