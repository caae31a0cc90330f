// Module-level mutable state: two incarnations in one process would share it.
import ts from "typescript6";
import type { Finding, Rule } from "../house.ts";
import { at, isTest, type SourceFile } from "../source.ts";

export const moduleState: Rule = {
  says: "no module keeps mutable state",
  find: ({ files }) => files.filter((file) => !isTest(file.path)).flatMap(stateOf),
};

function stateOf(file: SourceFile): Finding[] {
  return file.tree.statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) => {
    const isConst = (declarationList.flags & ts.NodeFlags.Const) !== 0;
    return declarationList.declarations
      .filter((declaration) => !isConst || startsEmpty(declaration.initializer))
      .map((declaration) => {
        const name = declaration.name.getText(file.tree);
        return { where: at(file, declaration), what: `${name} is state at module level: make it where it is used` };
      });
  });
}

// A collection that starts empty exists to be filled.
function startsEmpty(value: ts.Expression | undefined): boolean {
  if (!value) return false;
  if (ts.isArrayLiteralExpression(value)) return value.elements.length === 0;
  if (ts.isObjectLiteralExpression(value)) return value.properties.length === 0;
  if (!ts.isNewExpression(value) || (value.arguments?.length ?? 0) > 0) return false;
  return ["Map", "Set", "WeakMap", "WeakSet"].includes(value.expression.getText());
}
