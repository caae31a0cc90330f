// A machine is data, so its table test can be whole: every status against every action.
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
