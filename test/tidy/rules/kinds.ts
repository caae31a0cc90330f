// No blind eye: each kind of file is read, or the table says why it is not.
import ts from "typescript6";
import { kindOf, type Rule } from "../house.ts";
import type { SourceFile } from "../source.ts";

export const kinds: Rule = {
  says: "every kind of file is read, or the table says why not",
  find: ({ paths }) =>
    [...paths]
      .filter((file) => !kindOf(file))
      .map((file) => ({ where: file, what: "is of a kind that nothing reads: give it a row in test/tidy/house.ts" })),
};

/** A test that holds none is a helper, and a helper is `testing.ts`: it obeys the rules of product code. */
export const testsAreTests: Rule = {
  says: "what is called a test holds one",
  find: ({ files }) =>
    files
      .filter((file) => file.path.endsWith(".test.ts") && !file.nodes.some(isTestCall(file)))
      .map((file) => ({ where: file.path, what: "holds no test: call it testing.ts, or put it into one" })),
};

/** `test("a sentence", …)`, or whatever else makes a test out of a sentence: a statement of its own. */
const isTestCall = (file: SourceFile) => (node: ts.Node) => {
  if (!ts.isCallExpression(node) || node.arguments.length < 2) return false;
  const [name] = node.arguments;
  if (
    !name ||
    !(
      ts.isStringLiteral(name) ||
      ts.isTemplateExpression(name) ||
      ts.isIdentifier(name) ||
      ts.isPropertyAccessExpression(name)
    )
  )
    return false;
  const isStatement = ts.isExpressionStatement(node.parent) || ts.isVoidExpression(node.parent);
  return isStatement && /^(test|suite|describe|it|on|on[A-Z]\w*)\b/.test(node.expression.getText(file.tree));
};
