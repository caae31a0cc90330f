// Small faults that a person could make in a source file: one mutant is one of them, as a piece of text to replace.
// `npm run mutate` plants each and asks whether a test notices.
import ts from "typescript6";

/** One fault: `text` stands in the place of what was between `start` and `end`. */
export type Mutant = {
  /** File, line and what was changed into what, as people find it again. */
  place: string;
  line: number;
  start: number;
  end: number;
  text: string;
};

const swaps = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "==="],
  [ts.SyntaxKind.LessThanToken, "<="],
  [ts.SyntaxKind.LessThanEqualsToken, "<"],
  [ts.SyntaxKind.GreaterThanToken, ">="],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">"],
  [ts.SyntaxKind.AmpersandAmpersandToken, "||"],
  [ts.SyntaxKind.BarBarToken, "&&"],
  [ts.SyntaxKind.PlusToken, "-"],
  [ts.SyntaxKind.MinusToken, "+"],
]);
// Of the operators of Kysely, which stand in strings.
const wordSwaps = new Map([
  ["<", "<="],
  ["<=", "<"],
  [">", ">="],
  [">=", ">"],
  ["is", "is not"],
  ["is not", "is"],
]);

/** Every mutant of a source text, in the order of their places. What only says something to a person is left alone. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.ESNext, true);
  const found: Mutant[] = [];
  const change = (node: ts.Node, text: string): void => {
    const start = node.getStart(parsed);
    const line = parsed.getLineAndCharacterOfPosition(start).line + 1;
    const was = source.slice(start, node.getEnd()).replaceAll(/\s+/g, " ");
    const place = `${file}:${line} ${shortened(was)} -> ${text === "" ? "nothing" : shortened(text)}`;
    found.push({ place, line, start, end: node.getEnd(), text });
  };
  const visit = (node: ts.Node): void => {
    if (isForPeople(node) || ts.isTypeNode(node)) return;
    mutate(node, change);
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The source with one mutant planted. */
export function planted(source: string, mutant: Mutant): string {
  return source.slice(0, mutant.start) + mutant.text + source.slice(mutant.end);
}

function mutate(node: ts.Node, change: (node: ts.Node, text: string) => void): void {
  if (ts.isBinaryExpression(node)) {
    const swapped = swaps.get(node.operatorToken.kind);
    if (swapped !== undefined && !isText(node)) change(node.operatorToken, swapped);
  } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    change(node, node.operand.getText());
  } else if (ts.isIfStatement(node)) {
    change(node.expression, "true");
    change(node.expression, "false");
  } else if (ts.isConditionalExpression(node)) {
    change(node.condition, "true");
    change(node.condition, "false");
  } else if (ts.isExpressionStatement(node)) {
    change(node, ";");
  } else if (ts.isReturnStatement(node) && node.expression === undefined) {
    change(node, ";");
  } else if (node.kind === ts.SyntaxKind.TrueKeyword && !ts.isLiteralTypeNode(node.parent)) {
    change(node, "false");
  } else if (node.kind === ts.SyntaxKind.FalseKeyword && !ts.isLiteralTypeNode(node.parent)) {
    change(node, "true");
  } else if (ts.isStringLiteral(node) && isOperatorOfQuery(node)) {
    change(node, JSON.stringify(wordSwaps.get(node.text)));
  }
}

function isOperatorOfQuery(node: ts.StringLiteral): boolean {
  return wordSwaps.has(node.text) && ts.isCallExpression(node.parent) && node.parent.arguments[1] === node;
}

/** A text that is put together from pieces is a message, not a sum. */
function isText(node: ts.BinaryExpression): boolean {
  return [node.left, node.right].some((side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side));
}

/** Imports, types, log lines, and the words of a problem. */
function isForPeople(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (!ts.isExpressionStatement(node) && !ts.isCallExpression(node)) return false;
  const call = ts.isExpressionStatement(node) ? node.expression : node;
  if (!ts.isCallExpression(call)) return false;
  return /(^|\.)log\.(debug|info|warn|error)$|^problem$|^assert$/.test(call.expression.getText());
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
