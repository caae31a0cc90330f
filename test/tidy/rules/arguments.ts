// Context first, then at most three arguments: more belong into one object, where each has its name.
import ts from "typescript6";
import { argumentsMax, contexts } from "../architecture.table.ts";
import type { Rule } from "../house.ts";
import { at, isTest, type SourceFile } from "../source.ts";

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
