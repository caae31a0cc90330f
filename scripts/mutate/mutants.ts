// Small faults that a person could make in a source file: one mutant is one of them, as a piece of text to replace.
// `npm run mutate` plants each and asks whether a test notices.
import ts from "typescript6";

/** One fault: `text` stands in the place of an expression or a statement that is whole. */
export interface Mutant {
  readonly line: number;
  /** The function that it stands in, the innermost that has a name, or what is made with it. */
  readonly within: string;
  readonly start: number;
  readonly end: number;
  readonly kind: "expression" | "statement";
  readonly text: string;
  /** What of it is another, as people find it again. */
  readonly was: string;
  /** Empty where something is left out. */
  readonly becomes: string;
}

const swaps = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "==="],
  [ts.SyntaxKind.LessThanToken, "<="],
  [ts.SyntaxKind.LessThanEqualsToken, "<"],
  [ts.SyntaxKind.GreaterThanToken, ">="],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">"],
  [ts.SyntaxKind.PlusToken, "-"],
  [ts.SyntaxKind.MinusToken, "+"],
]);
const joining = new Set([ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken]);
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
export function mutantsOf(source: string): Mutant[] {
  const parsed = ts.createSourceFile("mutated.ts", source, ts.ScriptTarget.ESNext, true);
  const found: Mutant[] = [];
  const change = (node: ts.Node, text: string, leftOut?: string): void => {
    const start = node.getStart(parsed);
    const end = node.getEnd();
    const was = leftOut ?? source.slice(start, end);
    const line = parsed.getLineAndCharacterOfPosition(end - was.length).line + 1;
    const kind = text === ";" ? "statement" : "expression";
    const becomes = kind === "statement" || leftOut !== undefined ? "" : text;
    const said = { was: onOneLine(was), becomes: onOneLine(becomes) };
    found.push({ line, within: functionAround(node), start, end, kind, text, ...said });
  };
  const visit = (node: ts.Node): void => {
    if (isForPeople(node) || ts.isTypeNode(node)) return;
    mutate(node, change);
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** The source with one mutant planted. */
export function planted(source: string, mutant: Mutant): string {
  return source.slice(0, mutant.start) + mutant.text + source.slice(mutant.end);
}

function functionAround(node: ts.Node): string {
  let outermost = "";
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isVariableDeclaration(at)) outermost = at.name.getText();
    if (!ts.isFunctionLike(at)) continue;
    const named = ts.isArrowFunction(at) ? at.parent : at;
    const isNamed = ts.isVariableDeclaration(named) || ts.isPropertyAssignment(named) || ts.isFunctionLike(named);
    if (isNamed && named.name !== undefined) return named.name.getText();
  }
  return outermost;
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

/** Puts a text in the place of a node; `leftOut`: what of the node's end is not in it any more. */
type Change = (node: ts.Node, text: string, leftOut?: string) => void;

function mutate(node: ts.Node, change: Change): void {
  if (ts.isBinaryExpression(node)) {
    const swapped = swaps.get(node.operatorToken.kind);
    if (swapped !== undefined && !isText(node)) change(node, withOperator(node, swapped));
    if (joining.has(node.operatorToken.kind)) leaveOut(node, change);
    // What is there is passed over for what stands in for it.
    if (node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) change(node, node.right.getText());
  } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    change(node, node.operand.getText());
  } else if (ts.isIfStatement(node)) {
    change(node.expression, "true");
    change(node.expression, "false");
  } else if (ts.isConditionalExpression(node)) {
    change(node.condition, "true");
    change(node.condition, "false");
  } else if (ts.isExpressionStatement(node) || (ts.isReturnStatement(node) && node.expression === undefined)) {
    change(node, ";");
  } else if (node.kind === ts.SyntaxKind.TrueKeyword && !ts.isLiteralTypeNode(node.parent) && !isOfNames(node)) {
    change(node, "false");
  } else if (node.kind === ts.SyntaxKind.FalseKeyword && !ts.isLiteralTypeNode(node.parent)) {
    change(node, "true");
  } else if (ts.isStringLiteral(node) && isOperatorOfQuery(node)) {
    change(node, JSON.stringify(wordSwaps.get(node.text)));
  } else if (isConditionOfQuery(node)) {
    const query = node.expression.expression.getText();
    change(node, query, node.getText().slice(query.length).trimStart());
  }
}

/** Each of the parts of `a && b && c`. */
function leaveOut(node: ts.BinaryExpression, change: Change): void {
  const { left, right, operatorToken } = node;
  change(node, left.getText());
  const isChain = ts.isBinaryExpression(left) && left.operatorToken.kind === operatorToken.kind;
  if (!isChain) change(node, right.getText());
}

function withOperator(node: ts.BinaryExpression, operator: string): string {
  const text = node.getText();
  const at = node.operatorToken.getStart() - node.getStart();
  return text.slice(0, at) + operator + text.slice(at + node.operatorToken.getText().length);
}

/** `{ id: true, amount: true }` is a set of names: nobody asks it for its values. */
function isOfNames({ parent: { parent } }: ts.Node): boolean {
  if (!ts.isObjectLiteralExpression(parent) || parent.properties.length < 2) return false;
  return parent.properties.every(
    (property) =>
      ts.isSpreadAssignment(property) ||
      (ts.isPropertyAssignment(property) && property.initializer.kind === ts.SyntaxKind.TrueKeyword),
  );
}

function isOperatorOfQuery(node: ts.StringLiteral): boolean {
  return wordSwaps.has(node.text) && ts.isCallExpression(node.parent) && node.parent.arguments[1] === node;
}

/** `query.where(…)`, which becomes `query`. */
function isConditionOfQuery(
  node: ts.Node,
): node is ts.CallExpression & { readonly expression: ts.PropertyAccessExpression } {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  return /^(where|whereRef)$/.test(node.expression.name.text);
}

/** A text that is put together from pieces is a message, not a sum. */
function isText(node: ts.BinaryExpression): boolean {
  return [node.left, node.right].some((side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side));
}

/** Imports, types, log lines and what makes them, and the words of a problem. */
function isForPeople(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isFunctionDeclaration(node)) return /^log[A-Z]/.test(node.name?.text ?? "");
  if (!ts.isExpressionStatement(node) && !ts.isCallExpression(node)) return false;
  const call = ts.isExpressionStatement(node) ? node.expression : node;
  if (!ts.isCallExpression(call)) return false;
  return /(^|\.)log\.(debug|info|warn|error)$|^log[A-Z]\w*$|^problem$|^assert(\.ok)?$/.test(call.expression.getText());
}
