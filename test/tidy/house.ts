// The house as tidy sees it: every file of the repository, read by its kind, and the rules' common form.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse, type SourceFile } from "./source.ts";

export interface Finding {
  readonly where: string;
  /** What was found, and what to do about it. */
  readonly what: string;
}

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

export interface House {
  /** Code, with its tree. */
  readonly files: readonly SourceFile[];
  /** Documents: read word by word. */
  readonly documents: readonly TextFile[];
  /** Every file there is. */
  readonly paths: ReadonlySet<string>;
}

export interface Rule {
  /** A sentence that is true of a tidy house. */
  readonly says: string;
  readonly find: (house: House) => readonly Finding[];
}

/** How each kind of file is read, by how its name ends; a kind that is not here is a finding. */
const kinds: readonly {
  readonly ends: RegExp;
  readonly readAs: "code" | "document" | "not read";
  readonly why?: string;
}[] = [
  { ends: /\.(ts|tsx|js|mjs|cjs)$/, readAs: "code" },
  { ends: /\.md$/, readAs: "document" },
  { ends: /\.json$/, readAs: "not read", why: "data; the programs that read them check them" },
  { ends: /\.png$/, readAs: "not read", why: "a picture" },
  { ends: /\.sql$/, readAs: "not read", why: "a database as an older version left it; its test reads it" },
  { ends: /\.py$/, readAs: "not read", why: "one story for Python's SDK; nothing here reads Python's syntax" },
  { ends: /^(LICENSE|\.gitignore|\.npmrc|\.ci\/run)$/, readAs: "not read", why: "a page of settings or of law each" },
];

const notOurs: ReadonlySet<string> = new Set([".git", "generated"]);

/** What git does not keep is not ours either. Its page of names, folders and endings is all that we write there. */
function ignoredBy(page: string): (name: string) => boolean {
  const lines = page.split("\n").map((line) => line.replace(/\/$/, ""));
  const endings = lines.filter((line) => line.startsWith("*.")).map((line) => line.slice(1));
  return (name) => notOurs.has(name) || lines.includes(name) || endings.some((ending) => name.endsWith(ending));
}

export function readHouse(root: string): House {
  const paths = allFiles(root, "", ignoredBy(read(root, ".gitignore")));
  return houseOf(
    paths.map((file) => ({ path: file, text: kindOf(file)?.readAs === "not read" ? "" : read(root, file) })),
  );
}

/** A house of these files; what a rule's own test builds. */
export function houseOf(texts: readonly TextFile[]): House {
  const of = (readAs: string) => texts.filter((file) => kindOf(file.path)?.readAs === readAs);
  return {
    files: of("code").map((file) => parse(file.path, file.text)),
    documents: of("document"),
    paths: new Set(texts.map((file) => file.path)),
  };
}

export function kindOf(file: string) {
  return kinds.find((kind) => kind.ends.test(file));
}

function read(root: string, file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

function allFiles(root: string, folder: string, isIgnored: (name: string) => boolean): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter((entry) => !isIgnored(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return allFiles(root, file, isIgnored);
      return entry.isFile() ? [file] : [];
    });
}
