// What tidy knows of a file: its text, its syntax tree, its imports with the line they stand on.
import path from "node:path";
import ts from "typescript6";

export interface Import {
  readonly from: string;
  readonly line: number;
  readonly typeOnly: boolean;
  /** The imported file, relative to the root, or undefined for a package. */
  readonly file: string | undefined;
  /** The package's name, or undefined for a file. `node:fs` counts as a package. */
  readonly package: string | undefined;
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly Import[];
}

export interface Finding {
  readonly rule: string;
  readonly where: string;
  readonly what: string;
}

export function parse(file: string, text: string): SourceFile {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return { path: file, text, tree, imports: findImports(file, tree) };
}

export function lineOf(tree: ts.SourceFile, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

/** Calls `visit` for every node below `node`. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  node.forEachChild((child) => {
    visit(child);
    walk(child, visit);
  });
}

function findImports(file: string, tree: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (from: string, node: ts.Node, typeOnly: boolean) =>
    found.push({ from, line: lineOf(tree, node), typeOnly, ...resolve(file, from) });
  walk(tree, (node) => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node, isTypeOnly(node));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const argument = node.arguments[0];
      if (argument && ts.isStringLiteral(argument)) add(argument.text, node, false);
    }
  });
  return found;
}

function isTypeOnly(node: ts.ImportDeclaration): boolean {
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  if (clause.name || !named || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

function resolve(file: string, from: string): { file: string | undefined; package: string | undefined } {
  if (from.startsWith("#kit/")) return { file: `src/kit/${from.slice(5)}`, package: undefined };
  if (from.startsWith(".")) return { file: path.posix.join(path.posix.dirname(file), from), package: undefined };
  const [first, second] = from.split("/");
  return { file: undefined, package: from.startsWith("@") ? `${first}/${second}` : first };
}
