// Clocks, chance, timers and I/O enter as arguments: see src/kit/ports.ts.
import ts from "typescript6";
import { wiring } from "../architecture.table.ts";
import type { Finding, Rule } from "../house.ts";
import { at, isInside, isTest, type SourceFile } from "../source.ts";

export const ambient: Rule = {
  says: "time, chance, timers and the network are arguments",
  find: ({ files }) =>
    files
      .filter((file) => !isTest(file.path) && !wiring.some((place) => isInside(file.path, place)))
      .flatMap((file) => [...modulesOf(file), ...file.nodes.flatMap((node) => reachOf(file, node))]),
};

const forbiddenCalls: ReadonlySet<string> = new Set([
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
]);
const forbiddenModules: ReadonlySet<string> = new Set([
  "node:timers/promises",
  "node:fs/promises",
  "fs/promises",
  "timers/promises",
]);

function modulesOf(file: SourceFile): Finding[] {
  return file.imports
    .filter((entry) => forbiddenModules.has(entry.from))
    .map((entry) => ({ where: `${file.path}:${entry.line}`, what: `${entry.from}: take it from Ports` }));
}

function reachOf(file: SourceFile, node: ts.Node): Finding[] {
  const name = reachedFor(file, node);
  return name ? [{ where: at(file, node), what: `${name}: take it from Ports` }] : [];
}

function reachedFor({ tree }: SourceFile, node: ts.Node): string | undefined {
  if (ts.isCallExpression(node)) {
    const called = node.expression.getText(tree);
    return forbiddenCalls.has(called) ? called : undefined;
  }
  if (ts.isNewExpression(node)) {
    const made = node.expression.getText(tree);
    if (made === "Date" && (node.arguments?.length ?? 0) === 0) return "new Date()";
    return made === "WeakRef" ? made : undefined;
  }
  if (ts.isPropertyAccessExpression(node)) return node.getText(tree) === "crypto.subtle" ? "crypto.subtle" : undefined;
  if (!ts.isTaggedTemplateExpression(node) || !node.tag.getText(tree).startsWith("sql")) return undefined;
  const asksDatabase = /\b(now|random|clock_timestamp)\(\)/i.test(node.template.getText(tree));
  return asksDatabase ? "the database's clock or chance" : undefined;
}
