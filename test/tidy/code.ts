// Rules about what stands inside a file: sizes, forbidden reaches for time and chance, state at module level.
import ts from "typescript6";
import { fileLinesMax, functionLinesMax, lineColumnsMax } from "./architecture.table.ts";
import { type Finding, lineOf, type SourceFile, walk } from "./source.ts";

const isTable = (file: string) => file.endsWith(".table.ts") || file.includes("/generated/");
const isTest = (file: string) => file.endsWith(".test.ts");

/** Sizes count hand-written logic; tables of data are exempt. */
export function sizes(file: SourceFile): Finding[] {
  if (isTable(file.path)) return [];
  const lines = file.text.split("\n");
  const findings: Finding[] = [];
  if (lines.length - 1 > fileLinesMax) {
    findings.push({ rule: "size", where: file.path, what: `${lines.length - 1} lines; ${fileLinesMax} is the limit` });
  }
  lines.forEach((line, index) => {
    if (line.length <= lineColumnsMax) return;
    findings.push({ rule: "size", where: `${file.path}:${index + 1}`, what: `${line.length} columns` });
  });
  if (isTest(file.path)) return findings;
  walk(file.tree, (node) => {
    if (!ts.isFunctionLike(node) || !("body" in node) || !node.body) return;
    const first = lineOf(file.tree, node);
    const count = file.tree.getLineAndCharacterOfPosition(node.getEnd()).line + 2 - first;
    if (count <= functionLinesMax) return;
    const what = `a function of ${count} lines; ${functionLinesMax} is the limit`;
    findings.push({ rule: "size", where: `${file.path}:${first}`, what });
  });
  return findings;
}

const forbiddenCalls: readonly string[] = [
  "Date.now",
  "Math.random",
  "crypto.randomUUID",
  "crypto.randomBytes",
  "crypto.getRandomValues",
  "process.hrtime",
  "performance.now",
  "AbortSignal.timeout",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "randomUUID",
  "randomBytes",
  "fetch",
];
const forbiddenModules: readonly string[] = [
  "node:timers/promises",
  "node:fs/promises",
  "fs/promises",
  "timers/promises",
];

/** Clocks, chance, timers and I/O enter as arguments: see kit/ports.ts. */
export function ambient(file: SourceFile, wiring: readonly string[]): Finding[] {
  if (isTest(file.path) || wiring.some((place) => file.path.startsWith(`${place}/`))) return [];
  const findings: Finding[] = [];
  const add = (node: ts.Node, what: string) =>
    findings.push({
      rule: "ambient",
      where: `${file.path}:${lineOf(file.tree, node)}`,
      what: `${what}: take it from Ports`,
    });
  for (const entry of file.imports) {
    if (forbiddenModules.includes(entry.from)) {
      findings.push({
        rule: "ambient",
        where: `${file.path}:${entry.line}`,
        what: `${entry.from}: take it from Ports`,
      });
    }
  }
  walk(file.tree, (node) => {
    if (ts.isCallExpression(node) && forbiddenCalls.includes(node.expression.getText(file.tree))) {
      add(node, node.expression.getText(file.tree));
    } else if (ts.isNewExpression(node)) {
      const name = node.expression.getText(file.tree);
      if (name === "Date" && (node.arguments?.length ?? 0) === 0) add(node, "new Date()");
      if (name === "WeakRef") add(node, "WeakRef");
    } else if (ts.isPropertyAccessExpression(node) && node.getText(file.tree) === "crypto.subtle") {
      add(node, "crypto.subtle");
    } else if (
      ts.isTaggedTemplateExpression(node) &&
      /\b(now|random|clock_timestamp)\(\)/i.test(node.template.getText(file.tree))
    ) {
      if (node.tag.getText(file.tree).startsWith("sql")) add(node, "the database's clock or chance");
    }
  });
  return findings;
}

/** Module-level mutable state: two incarnations in one process would share it. */
export function moduleState(file: SourceFile): Finding[] {
  if (isTest(file.path)) return [];
  const findings: Finding[] = [];
  for (const statement of file.tree.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const isConst = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
    for (const declaration of statement.declarationList.declarations) {
      if (isConst && !startsEmpty(declaration.initializer)) continue;
      const what = `${declaration.name.getText(file.tree)} is state at module level`;
      findings.push({ rule: "state", where: `${file.path}:${lineOf(file.tree, declaration)}`, what });
    }
  }
  return findings;
}

// A collection that starts empty exists to be filled.
function startsEmpty(value: ts.Expression | undefined): boolean {
  if (!value) return false;
  if (ts.isArrayLiteralExpression(value)) return value.elements.length === 0;
  if (ts.isObjectLiteralExpression(value)) return value.properties.length === 0;
  if (!ts.isNewExpression(value) || (value.arguments?.length ?? 0) > 0) return false;
  return ["Map", "Set", "WeakMap", "WeakSet"].includes(value.expression.getText());
}

const unfinished = ["FIX", "ME"].join("");

export function unfinishedWork(file: SourceFile): Finding[] {
  return file.text
    .split("\n")
    .flatMap((line, index) =>
      line.includes(unfinished) ? [{ rule: "unfinished", where: `${file.path}:${index + 1}`, what: line.trim() }] : [],
    );
}
