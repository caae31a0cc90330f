// What tests owe. A machine is data, so its table test can be whole: every status against every action. And a test that
// waits for what never comes says so, and does not hang: a loop that awaits goes through what there is, or counts; what
// is waited for goes through until(), which gives up.
import path from "node:path";
import ts from "typescript6";
import type { Rule } from "../house.ts";
import { at, isTest } from "../source.ts";

export const machines: Rule = {
  says: "every machine has a table test of every status and every action",
  find: ({ files }) =>
    files
      .filter((file) => !isTest(file.path) && path.posix.basename(file.path) !== "testing.ts")
      .flatMap((file) =>
        file.nodes.filter(ts.isVariableDeclaration).flatMap((node) => {
          const name = node.name.getText(file.tree);
          if (!node.initializer?.getText(file.tree).startsWith("defineMachine(")) return [];
          const folder = path.posix.dirname(file.path);
          const isTabled = files.some(
            (test) =>
              test.path.endsWith(".test.ts") &&
              path.posix.dirname(test.path) === folder &&
              new RegExp(`\\b${name}\\.actions\\b|\\bassertMoves\\(${name}\\b`).test(test.text),
          );
          const what = `${name} has no table test beside it: write every status × every action (assertMoves)`;
          return isTabled ? [] : [{ where: at(file, node), what }];
        }),
      ),
};

const bounded = "src/kit/testing.ts";

export const waits: Rule = {
  says: "what a test waits for has an end",
  find: ({ files }) =>
    files
      .filter(({ path }) => path !== bounded && (isTest(path) || /\/testing(\/|\.ts$)/.test(path)))
      .flatMap((file) =>
        file.nodes.filter(waitsForEver).map((node) => ({
          where: at(file, node),
          what: `waits without an end: use until() of ${bounded}`,
        })),
      ),
};

export const pageWaits: Rule = {
  says: "a page is asked from outside whether it is ready",
  find: ({ files }) =>
    files.flatMap((file) =>
      file.nodes
        .filter((node) => ts.isPropertyAccessExpression(node) && node.name.text === "waitForFunction")
        .map((node) => ({
          where: at(file, node),
          what: "asks within the page, whose policy may refuse it: use untilPageSays() of src/kit/browser/testing.ts",
        })),
    ),
};

function waitsForEver(node: ts.Node): boolean {
  const isOpen = ts.isWhileStatement(node) || ts.isDoStatement(node) || (ts.isForStatement(node) && !node.condition);
  // What goes on until it is told to stop is stopped by its test.
  return isOpen && awaits(node) && !(ts.isWhileStatement(node) && node.expression.getText() === "!signal.aborted");
}

function awaits(node: ts.Node): boolean {
  return ts.isAwaitExpression(node) || node.forEachChild((child) => awaits(child) || undefined) === true;
}
