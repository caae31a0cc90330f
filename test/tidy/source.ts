// What tidy knows of a file of code: its text, its syntax tree, what it imports and exports, each with its line.
import path from "node:path";
import ts from "typescript6";

export interface Import {
  readonly from: string;
  readonly line: number;
  readonly typeOnly: boolean;
  /** The names as the other file spells them; "all" for a namespace, `export *` and import(). */
  readonly names: readonly string[] | "all";
  /** `export … from`: what comes in goes out again under these names. */
  readonly passedOnAs?: readonly string[] | "all";
  /** The imported file, relative to the root, or undefined for a package. */
  readonly file: string | undefined;
  /** The package's name, or undefined for a file. `node:fs` counts as a package. */
  readonly package: string | undefined;
}

export interface Export {
  readonly name: string;
  readonly line: number;
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
  /** Every node of the tree, each before what is below it. */
  readonly nodes: readonly ts.Node[];
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
}

export function parse(file: string, text: string): SourceFile {
  const kind = /\.[cm]?js$/.test(file) ? ts.ScriptKind.JS : file.endsWith(".tsx") ? ts.ScriptKind.TSX : undefined;
  const how = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  const tree = ts.createSourceFile(file, text, how, true, kind);
  const nodes = nodesBelow(tree);
  return { path: file, text, tree, nodes, imports: findImports(file, tree, nodes), exports: findExports(tree) };
}

function nodesBelow(tree: ts.SourceFile): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node) => {
    found.push(node);
    node.forEachChild(visit);
  };
  tree.forEachChild(visit);
  return found;
}

/** A test of its own, or in the folder of tests. What helps tests (`testing.ts`, src/testing) is product code. */
export function isTest(file: string): boolean {
  return file.endsWith(".test.ts") || file.startsWith("test/");
}

/** Data and generated code: nobody reads them from the top. */
export function isTable(file: string): boolean {
  return file.endsWith(".table.ts") || file.includes("/generated/");
}

export function isInside(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`);
}

export function lineOf(tree: ts.SourceFile, node: ts.Node): number {
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

/** Where a node stands, as a finding says it. */
export function at(file: SourceFile, node: ts.Node): string {
  return `${file.path}:${lineOf(file.tree, node)}`;
}

export interface Comment {
  readonly text: string;
  readonly line: number;
}

/** The comments of a file, each with the line it begins on; neighbouring lines of `//` are one comment. */
export function commentsOf(file: SourceFile): Comment[] {
  const found: { text: string; line: number; end: number }[] = [];
  for (const { start, end } of commentSpans(file)) {
    const text = file.text.slice(start, end);
    const line = file.tree.getLineAndCharacterOfPosition(start).line + 1;
    const lastLine = file.tree.getLineAndCharacterOfPosition(end).line + 1;
    const above = found.at(-1);
    if (above && above.end === line - 1 && text.startsWith("//") && above.text.startsWith("//")) {
      above.text += `\n${text}`;
      above.end = lastLine;
    } else found.push({ text, line, end: lastLine });
  }
  return found;
}

const literals: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.RegularExpressionLiteral,
  ts.SyntaxKind.NoSubstitutionTemplateLiteral,
  ts.SyntaxKind.TemplateHead,
  ts.SyntaxKind.TemplateMiddle,
  ts.SyntaxKind.TemplateTail,
]);

// What looks like a comment is one, unless it stands in a text or a regular expression.
function commentSpans(file: SourceFile): { start: number; end: number }[] {
  const ends = new Map<number, number>();
  for (const node of file.nodes) if (literals.has(node.kind)) ends.set(node.getStart(file.tree), node.end);
  const found: { start: number; end: number }[] = [];
  for (let at = 0; at < file.text.length; at += 1) {
    const literalEnd = ends.get(at);
    if (literalEnd !== undefined) at = literalEnd - 1;
    else if (file.text[at] === "/" && (file.text[at + 1] === "/" || file.text[at + 1] === "*")) {
      const end = file.text[at + 1] === "/" ? file.text.indexOf("\n", at) : file.text.indexOf("*/", at + 2) + 2;
      found.push({ start: at, end: end < at ? file.text.length : end });
      at = (end < at ? file.text.length : end) - 1;
    }
  }
  return found;
}

function findImports(file: string, tree: ts.SourceFile, nodes: readonly ts.Node[]): Import[] {
  const found: Import[] = [];
  const add = (from: string, node: ts.Node, rest: Pick<Import, "typeOnly" | "names" | "passedOnAs">) =>
    found.push({ from, line: lineOf(tree, node), ...rest, ...resolve(file, from) });
  for (const node of nodes) {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node, { typeOnly: isTypeOnly(node), names: importedNames(node) });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node, { typeOnly: node.isTypeOnly, ...passedOn(node) });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const argument = node.arguments[0];
      if (argument && ts.isStringLiteral(argument)) add(argument.text, node, { typeOnly: false, names: "all" });
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const literal = node.argument.literal;
      const names = node.qualifier ? [node.qualifier.getText(tree).split(".")[0] as string] : ("all" as const);
      if (ts.isStringLiteral(literal)) add(literal.text, node, { typeOnly: true, names });
    }
  }
  // JavaScript names types in its comments, which the tree does not hold as nodes.
  if (/\.[cm]?js$/.test(file)) found.push(...importsInComments(file, tree.text));
  return found;
}

function importsInComments(file: string, text: string): Import[] {
  return [...text.matchAll(/import\("([^"]+)"\)(?:\.(\w+))?/g)].map((match) => ({
    from: match[1] as string,
    line: text.slice(0, match.index).split("\n").length,
    typeOnly: true,
    names: match[2] ? [match[2]] : "all",
    ...resolve(file, match[1] as string),
  }));
}

function importedNames(node: ts.ImportDeclaration): readonly string[] | "all" {
  const clause = node.importClause;
  if (!clause) return [];
  const bindings = clause.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) return "all";
  const names = bindings?.elements.map((element) => (element.propertyName ?? element.name).text) ?? [];
  return clause.name ? ["default", ...names] : names;
}

function passedOn(node: ts.ExportDeclaration): Pick<Import, "names" | "passedOnAs"> {
  const clause = node.exportClause;
  if (!clause || !ts.isNamedExports(clause)) return { names: "all", passedOnAs: "all" };
  return {
    names: clause.elements.map((element) => (element.propertyName ?? element.name).text),
    passedOnAs: clause.elements.map((element) => element.name.text),
  };
}

function isTypeOnly(node: ts.ImportDeclaration): boolean {
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  if (clause.name || !named || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

function findExports(tree: ts.SourceFile): Export[] {
  const found: Export[] = [];
  const add = (name: string, node: ts.Node) => found.push({ name, line: lineOf(tree, node) });
  for (const statement of tree.statements) {
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
      for (const element of statement.exportClause.elements) add(element.name.text, element);
    } else if (ts.isExportAssignment(statement)) add("default", statement);
    if (!ts.canHaveModifiers(statement)) continue;
    const kinds = ts.getModifiers(statement)?.map((modifier) => modifier.kind) ?? [];
    if (!kinds.includes(ts.SyntaxKind.ExportKeyword)) continue;
    if (kinds.includes(ts.SyntaxKind.DefaultKeyword)) add("default", statement);
    else if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) {
        for (const one of ts.isIdentifier(name) ? [name] : name.elements) add(one.getText(tree), one);
      }
    } else if (isNamed(statement)) add(statement.name.text, statement);
  }
  return found;
}

function isNamed(statement: ts.Statement): statement is ts.Statement & { name: ts.Identifier } {
  return "name" in statement && statement.name !== undefined && ts.isIdentifier(statement.name as ts.Node);
}

function resolve(file: string, from: string): { file: string | undefined; package: string | undefined } {
  if (from.startsWith("#kit/")) return { file: `src/kit/${from.slice(5)}`, package: undefined };
  if (from.startsWith(".")) return { file: path.posix.join(path.posix.dirname(file), from), package: undefined };
  const [first, second] = from.split("/");
  return { file: undefined, package: from.startsWith("@") ? `${first}/${second}` : first };
}
