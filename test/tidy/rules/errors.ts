// A public API throws Problem (or, in the sandbox, Stripe's own error) and nothing else; a bug is an assert.
import ts from "typescript6";
import { halves } from "../architecture.table.ts";
import type { Rule } from "../house.ts";
import { at, isInside, isTest, type SourceFile } from "../source.ts";

export const thrown: Rule = {
  says: "what is thrown is a Problem, and a bug is an assert",
  find: ({ files }) =>
    files
      .filter(
        (file) =>
          !isTest(file.path) && !isInside(file.path, pageScript) && halves.some((half) => isInside(file.path, half)),
      )
      .flatMap((file) =>
        file.nodes.filter(isBareError(file)).map((node) => ({
          where: at(file, node),
          what: "throws a bare Error: throw problem(…) when a caller can do something about it, else assert",
        })),
      ),
};

/** In a shop's page there is no Problem: what it throws is Stripe.js's to say. */
const pageScript = "src/sandbox/pages/stripe_js";

const bare: ReadonlySet<string> = new Set(["Error", "RangeError", "TypeError", "SyntaxError", "AggregateError"]);

const isBareError = (file: SourceFile) => (node: ts.Node) => {
  if (!ts.isThrowStatement(node) || !ts.isNewExpression(node.expression)) return false;
  if (!bare.has(node.expression.expression.getText(file.tree))) return false;
  // What stands in for fetch fails as fetch does.
  return node.expression.arguments?.[0]?.getText(file.tree) !== '"fetch failed"';
};
