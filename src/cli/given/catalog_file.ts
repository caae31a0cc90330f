// The file in which a catalog stands: a module that exports what defineCatalog() has answered, or JSON of it. Whether
// it is a good catalog is for billing to say, which says it with the place.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { problem } from "#kit/problems.ts";
import type { Catalog } from "../../billing/api/index.ts";

const names = ["catalog", "bursar.catalog"];
const endings = [".ts", ".mts", ".js", ".mjs", ".json"];
/** In this order. */
const usual = names.flatMap((name) => endings.map((ending) => name + ending));

export interface CatalogFile {
  /** As it was named. */
  readonly file: string;
  readonly catalog: Catalog;
}

export async function readCatalogFile(named: string | undefined): Promise<CatalogFile> {
  const file = named ?? usual.find((one) => existsSync(one));
  if (file === undefined) {
    throw problem("invalid_config", `There is no catalog in ${process.cwd()}.`, {
      hint:
        "Name its file: bursar catalog plan FILE. Without a name it is catalog.ts or bursar.catalog.ts, or the same " +
        "with .mts, .js, .mjs or .json.",
    });
  }
  if (!existsSync(file)) {
    throw problem("invalid_config", `There is no file ${file}.`, { hint: `It is looked for from ${process.cwd()}.` });
  }
  if (!endings.includes(path.extname(file))) {
    throw problem("invalid_config", `${file} is neither a module nor JSON.`, {
      hint: `A catalog stands in a file that ends with one of ${endings.join(", ")}.`,
    });
  }
  const catalog = file.endsWith(".json") ? parsed(file) : await exported(file);
  return { file, catalog: catalog as Catalog };
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw problem("invalid_config", `${file} is not JSON: ${wordsOf(cause)}`, { cause });
  }
}

async function exported(file: string): Promise<unknown> {
  const module = await load(file);
  const value = module.default ?? module.catalog;
  // What CommonJS exports is the default as a whole.
  const inside = isObject(value) && !("plans" in value) && isObject(value.catalog) ? value.catalog : value;
  if (isObject(inside)) return inside;
  const found = Object.keys(module);
  const what = value === undefined ? `exports ${found.join(", ") || "nothing"}` : `exports ${kindOf(value)}`;
  throw problem("invalid_config", `${file} ${what}, and no catalog.`, {
    hint: "Export what defineCatalog() answers, as default or as catalog: export default defineCatalog({ plans: … });",
  });
}

async function load(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(path.resolve(file)).href);
  } catch (cause) {
    const { hint } = cause as { hint?: string };
    throw problem("invalid_config", `${file} cannot be loaded: ${wordsOf(cause)}`, { hint, cause });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Promise);
}

function kindOf(value: unknown): string {
  if (value instanceof Promise) return "a promise";
  if (Array.isArray(value)) return "a list";
  return value === null ? "null" : `a ${typeof value}`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
