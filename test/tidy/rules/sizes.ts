// Sizes of what is written by hand. Tables of data and generated files are exempt: nobody reads them from the top.
import path from "node:path";
import ts from "typescript6";
import {
  argumentsMax,
  contexts,
  fileLinesMax,
  folderFilesMax,
  functionLinesMax,
  lineColumnsMax,
} from "../architecture.table.ts";
import type { Finding, Rule } from "../house.ts";
import { at, isTable, isTest, lineOf, type SourceFile } from "../source.ts";

export const sizes: Rule = {
  says: "functions, files and lines stay small",
  find: ({ files }) => files.filter((file) => !isTable(file.path)).flatMap(sizesOf),
};

export const folderSizes: Rule = {
  says: "a folder can be read at a glance",
  find({ files }) {
    const counts = new Map<string, number>();
    for (const { path: file } of files) {
      const folder = path.posix.dirname(file);
      if (!isTable(file) && !file.endsWith(".test.ts")) counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    return [...counts]
      .filter(([, count]) => count > folderFilesMax)
      .map(([folder, count]) => ({
        where: folder,
        what: `${count} files of its own; ${folderFilesMax} is the limit: group them into rooms`,
      }));
  },
};

function sizesOf(file: SourceFile): Finding[] {
  const lines = file.text.split("\n");
  const findings: Finding[] = [];
  if (lines.length - 1 > fileLinesMax) {
    const what = `${lines.length - 1} lines; ${fileLinesMax} is the limit: split it by what its parts do`;
    findings.push({ where: file.path, what });
  }
  for (const [index, line] of lines.entries()) {
    if (line.length <= lineColumnsMax) continue;
    findings.push({
      where: `${file.path}:${index + 1}`,
      what: `${line.length} columns: break it at ${lineColumnsMax}`,
    });
  }
  // A test tells a story, and its describe() holds many.
  if (file.path.endsWith(".test.ts")) return findings;
  for (const node of file.nodes) {
    if (!ts.isFunctionLike(node) || !("body" in node) || !node.body) continue;
    const count = file.tree.getLineAndCharacterOfPosition(node.getEnd()).line + 2 - lineOf(file.tree, node);
    if (count <= functionLinesMax) continue;
    const what = `a function of ${count} lines; ${functionLinesMax} is the limit: give its steps names of their own`;
    findings.push({ where: at(file, node), what });
  }
  return findings;
}

/** Context first, then at most three: more belong into one object, where each has its name. */
export const fewArguments: Rule = {
  says: "a function takes its context and at most three arguments",
  find: ({ files }) =>
    files
      .filter((file) => !isTest(file.path))
      .flatMap((file) =>
        file.nodes.filter(takesTooMany(file)).map((node) => ({
          where: at(file, node),
          what: `takes more than ${argumentsMax} arguments beside its context: hand it one object`,
        })),
      ),
};

const takesTooMany = (file: SourceFile) => (node: ts.Node) => {
  if (!ts.isFunctionLike(node) || !("body" in node) || !node.body) return false;
  const names = node.parameters.map((parameter) => parameter.name.getText(file.tree)).filter((name) => name !== "this");
  const first = names.findIndex((name, index) => !isContext(name) && !isDestructured(node.parameters[index]));
  const own = first < 0 ? 0 : names.length - first;
  return own > argumentsMax;
};

const isContext = (name: string) => contexts.includes(name);

/** `({ api }, kind, …)` takes its context apart at once. */
const isDestructured = (parameter: ts.ParameterDeclaration | undefined) =>
  parameter !== undefined && ts.isObjectBindingPattern(parameter.name);
