// What nobody uses is deleted: a file that nobody imports, and a name that is exported for nobody.
import path from "node:path";
import ts from "typescript6";
import { entryPoints } from "../architecture.table.ts";
import type { House, Rule } from "../house.ts";
import { isTest, type SourceFile } from "../source.ts";

export const unwantedFiles: Rule = {
  says: "there is no file that nobody imports",
  find({ files }) {
    const wantedBy = (readers: readonly SourceFile[]) =>
      new Set(readers.flatMap((file) => file.imports.map((entry) => entry.file)));
    const wanted = wantedBy(files.filter((file) => !isTest(file.path)));
    const wantedByTests = wantedBy(files);
    return files
      .filter(isOurs)
      .filter((file) => !(isTestHelper(file.path) ? wantedByTests : wanted).has(file.path))
      .map((file) => ({ where: file.path, what: "nobody imports it: delete it, or name it an entry point" }));
  },
};

export const deadExports: Rule = {
  says: "nothing is exported for nobody",
  find(house) {
    const used = usedNames(house);
    return house.files.filter(isOurs).flatMap((file) => {
      const mentioned = typesInSignatures(file);
      return file.exports
        .filter(({ name }) => !used.has(`${file.path} ${name}`) && !mentioned.has(name))
        .map(({ name, line }) => {
          const what = `${name} is exported, but nobody imports it: take the export away, or delete it`;
          return { where: `${file.path}:${line}`, what };
        });
    });
  },
};

/** Tests are who wants it. */
const isTestHelper = (file: string) => path.posix.basename(file) === "testing.ts" || file.includes("/testing/");

const isOurs = (file: SourceFile) =>
  file.path.startsWith("src/") && !isTest(file.path) && !entryPoints.includes(file.path);

/** Every "file name" that somebody imports, followed through the doors that pass it on. */
function usedNames({ files }: House): ReadonlySet<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const used = new Set<string>();
  const use = (file: SourceFile | undefined, name: string): void => {
    if (!file || used.has(`${file.path} ${name}`)) return;
    used.add(`${file.path} ${name}`);
    for (const entry of file.imports) {
      const source = entry.file ? byPath.get(entry.file) : undefined;
      if (entry.passedOnAs === "all") use(source, name);
      else if (entry.names !== "all") {
        const at = entry.passedOnAs?.indexOf(name) ?? -1;
        if (at >= 0) use(source, entry.names[at] as string);
      }
    }
  };
  for (const file of files) {
    if (entryPoints.includes(file.path)) for (const { name } of file.exports) use(file, name);
    for (const entry of file.imports) {
      const source = entry.file ? byPath.get(entry.file) : undefined;
      if (!source || entry.passedOnAs) continue;
      const names = entry.names === "all" ? source.exports.map(({ name }) => name) : entry.names;
      // A part that the file itself uses may be tested alone; what only its test uses is dead.
      const isOwnTest = file.path === ownTestOf(source.path);
      for (const name of names) if (!isOwnTest || usesItself(source, name)) use(source, name);
    }
  }
  return used;
}

const usesItself = (file: SourceFile, name: string) =>
  file.nodes.filter((node) => ts.isIdentifier(node) && node.text === name).length > 1;

const ownTestOf = (file: string) => file.replace(/\.\w+$/, ".test.ts");

/** Types that an exported declaration names: whoever calls it may have to write them down. */
function typesInSignatures(file: SourceFile): ReadonlySet<string> {
  const exported = new Set(file.exports.map(({ name }) => name));
  const found = new Set<string>();
  for (const node of file.nodes) {
    if (!ts.isTypeReferenceNode(node) && !ts.isExpressionWithTypeArguments(node)) continue;
    const name = (ts.isTypeReferenceNode(node) ? node.typeName : node.expression).getText(file.tree);
    if (exported.has(name) && !isInBody(node)) found.add(name);
  }
  return found;
}

function isInBody(node: ts.Node): boolean {
  for (let above = node.parent; above; above = above.parent) if (ts.isBlock(above)) return true;
  return false;
}
