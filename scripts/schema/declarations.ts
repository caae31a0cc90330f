// Reads the declarations of one `stripe` package with the TypeScript checker and spells its types as schemas. Named
// types become definitions, converted once each; an answer's objects outside the described paths stay stubs.
import ts from "typescript6";
import type { OperationSchema, Schema } from "../../src/sandbox/kernel/schema/schema.ts";

export interface Declarations {
  /** The schemas of one method, or undefined where the declarations lack it. */
  describe(sdkPath: readonly string[]): OperationSchema | undefined;
  /** Objects whose shapes are included wherever they are met; call before `describe`. */
  include(sdkPath: readonly string[]): void;
  /** Converts what is still waiting and gives all definitions. */
  finish(): Record<string, Schema>;
}

interface Reader {
  readonly checker: ts.TypeChecker;
  readonly names: Map<ts.Type, string>;
  readonly taken: Set<string>;
  readonly waiting: { name: string; type: ts.Type; direction: Direction }[];
  readonly defs: Record<string, Schema>;
  readonly included: Set<string>;
}

type Direction = "params" | "answer";

export function readDeclarations(entryFile: string): Declarations {
  const program = ts.createProgram([entryFile], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    strict: true,
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const client = clientType(program, checker, entryFile);
  const reader: Reader = {
    checker,
    names: new Map(),
    taken: new Set(),
    waiting: [],
    defs: {},
    included: new Set(),
  };
  return {
    include: (sdkPath) => {
      const signature = signatureOf(checker, client, sdkPath);
      const answer = signature && answerOf(checker, signature);
      const types = answer?.type.isUnion() ? answer.type.types : answer ? [answer.type] : [];
      for (const type of types) {
        const object = resourceName(reader, type);
        if (object !== undefined) reader.included.add(object);
      }
    },
    describe: (sdkPath) => {
      const signature = signatureOf(checker, client, sdkPath);
      return signature && describeSignature(reader, signature);
    },
    finish: () => {
      for (let next = reader.waiting.pop(); next !== undefined; next = reader.waiting.pop()) {
        reader.defs[next.name] = objectSchema(reader, next.type, next.direction);
      }
      return reader.defs;
    },
  };
}

function clientType(program: ts.Program, checker: ts.TypeChecker, entryFile: string): ts.Type {
  const ambient = checker.getAmbientModules().find((module) => module.name === '"stripe"');
  const file = program.getSourceFile(entryFile);
  const module = ambient ?? (file && checker.getSymbolAtLocation(file));
  const symbol = module && checker.getExportsOfModule(module).find((exported) => exported.name === "Stripe");
  if (symbol === undefined) throw new Error(`No class Stripe is declared in ${entryFile}`);
  return checker.getDeclaredTypeOfSymbol(symbol);
}

/** Overloads differ in whether `params` may be left out; the one that names them tells most. */
function signatureOf(checker: ts.TypeChecker, client: ts.Type, sdkPath: readonly string[]): ts.Signature | undefined {
  let type: ts.Type = client;
  for (const step of sdkPath) {
    const property = type.getProperty(step);
    const declaration = property?.valueDeclaration ?? property?.declarations?.[0];
    if (property === undefined || declaration === undefined) return undefined;
    type = checker.getTypeOfSymbolAtLocation(property, declaration);
  }
  const signatures = type.getCallSignatures();
  return signatures.find((signature) => parameterOf(signature, "params") !== undefined) ?? signatures[0];
}

function parameterOf(signature: ts.Signature, name: string): ts.Symbol | undefined {
  return signature.getParameters().find((parameter) => parameter.name === name);
}

function describeSignature(reader: Reader, signature: ts.Signature): OperationSchema {
  const params = parameterOf(signature, "params");
  const declaration = params?.valueDeclaration;
  const paramsType = params && declaration && reader.checker.getNonNullableType(reader.checker.getTypeOfSymbol(params));
  const answer = answerOf(reader.checker, signature);
  return {
    ...(paramsType ? { params: schemaOf(reader, paramsType, "params", "") } : {}),
    ...(answer.page ? { page: answer.page } : {}),
    returns: schemaOf(reader, answer.type, "answer", ""),
  };
}

/** `Promise<Response<T>>` → T; `ApiListPromise<T>` → a page of T. */
function answerOf(checker: ts.TypeChecker, signature: ts.Signature): { type: ts.Type; page?: OperationSchema["page"] } {
  const type = signature.getReturnType();
  const name = type.aliasSymbol?.name ?? type.symbol?.name ?? "";
  const argument = type.aliasTypeArguments?.[0] ?? typeArguments(checker, type)[0];
  if (argument === undefined) return { type };
  if (name === "ApiListPromise") return { type: argument, page: "list" };
  if (name === "ApiSearchResultPromise") return { type: argument, page: "search_result" };
  if (name !== "Promise") return { type };
  const isResponse = argument.aliasSymbol?.name === "Response";
  return unwrapList(checker, isResponse ? (argument.aliasTypeArguments?.[0] ?? argument) : argument);
}

function unwrapList(checker: ts.TypeChecker, type: ts.Type): { type: ts.Type; page?: OperationSchema["page"] } {
  const item = type.symbol?.name === "ApiList" ? typeArguments(checker, type)[0] : undefined;
  return item ? { type: item, page: "list" } : { type };
}

function typeArguments(checker: ts.TypeChecker, type: ts.Type): readonly ts.Type[] {
  const isReference = (type as ts.TypeReference).target !== undefined;
  return isReference ? checker.getTypeArguments(type as ts.TypeReference) : [];
}

/** A declared `number` is an integer in Stripe's API unless it is one of these. */
const decimalNames =
  /percent|percentage|score|latitude|longitude|exchange_rate|^rate$|_rate$|^(?:height|length|weight|width)$/;

function schemaOf(reader: Reader, type: ts.Type, direction: Direction, property: string): Schema {
  const { flags } = type;
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return "any";
  if (type.isStringLiteral() || type.isNumberLiteral()) return { enum: [type.value] };
  if (flags & ts.TypeFlags.BooleanLiteral) return { enum: [reader.checker.typeToString(type) === "true"] };
  if (type.isUnion()) return unionSchema(reader, type, direction, property);
  if (flags & (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral)) return "string";
  if (flags & ts.TypeFlags.Number) return decimalNames.test(property) ? "number" : "integer";
  if (flags & ts.TypeFlags.BigInt) return "integer";
  if (flags & ts.TypeFlags.Boolean) return "boolean";
  if (type.isIntersection()) return "string"; // Only open enums and decimals are intersections, texts on the wire.
  if (reader.checker.isArrayType(type)) {
    return { list: schemaOf(reader, typeArguments(reader.checker, type)[0]!, direction, property) };
  }
  return flags & ts.TypeFlags.Object ? namedSchema(reader, type, direction) : "any";
}

const undefinedFlags = ts.TypeFlags.Undefined | ts.TypeFlags.Void | ts.TypeFlags.Never;

/** Literals are gathered into one enum; null and the empty string make it nullable; `string & {}` makes it open. */
function unionSchema(reader: Reader, union: ts.UnionType, direction: Direction, property: string): Schema {
  const literals = new Set<string | number | boolean>();
  const others = new Map<string, Schema>();
  let isNullable = false;
  let isOpen = false;
  for (const type of union.types) {
    if (type.flags & undefinedFlags) continue;
    if (type.flags & ts.TypeFlags.Null) isNullable = true;
    else if (type.isIntersection() && !isDecimal(type)) isOpen = true;
    else {
      const schema = schemaOf(reader, type, direction, property);
      if (typeof schema !== "object" || !("enum" in schema)) others.set(JSON.stringify(schema), schema);
      else for (const value of schema.enum) literals.add(value);
    }
  }
  if (literals.delete("")) isNullable = true;
  if (literals.delete(true)) others.set("boolean", literals.delete(false) ? "boolean" : { enum: [true] });
  const parts: Schema[] = [...others].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, schema]) => schema);
  if (literals.size > 0) parts.push({ enum: [...literals].sort(), ...(isOpen ? { open: true } : {}) });
  else if (isOpen && !others.has('"string"')) parts.push("string");
  const schema: Schema = parts.length === 1 ? parts[0]! : parts.length === 0 ? "any" : { anyOf: parts };
  return isNullable ? { nullable: schema } : schema;
}

function isDecimal(type: ts.Type): boolean {
  return type.aliasSymbol?.name === "Decimal" || type.symbol?.name === "DecimalImpl";
}

/** Of JavaScript, not of the API. */
const opaqueNames = new Set(["Date", "Buffer", "Uint8Array", "FileData", "Readable", "File", "Blob"]);

function namedSchema(reader: Reader, type: ts.Type, direction: Direction): Schema {
  const name = type.symbol?.name ?? "";
  if (isDecimal(type) || name === "Decimal") return "string";
  const argument = typeArguments(reader.checker, type)[0];
  if ((name === "ApiList" || name === "ApiSearchResult") && argument) return listSchema(reader, argument, direction);
  if (direction === "answer") {
    const resource = resourceName(reader, type);
    if (resource !== undefined && !reader.included.has(resource)) return { resource };
    if (resource === "event") return eventReference(reader, type);
  }
  if (opaqueNames.has(name)) return "any";
  if (name === "" || name.startsWith("__")) return objectSchema(reader, type, direction);
  return { ref: definitionName(reader, type, direction) };
}

function listSchema(reader: Reader, item: ts.Type, direction: Direction): Schema {
  const items: Schema = { list: schemaOf(reader, item, direction, "") };
  return { object: { object: { enum: ["list"] }, data: items, has_more: "boolean", url: "string" } };
}

/** Newer declarations have one type per event; on the wire they are one object around another. */
function eventReference(reader: Reader, type: ts.Type): Schema {
  if (!reader.taken.has("Event")) {
    reader.taken.add("Event");
    const shape = objectSchema(reader, type, "answer");
    const properties = typeof shape === "object" && "object" in shape ? shape.object : {};
    reader.defs.Event = { object: { ...properties, data: "any", type: "string" } };
  }
  return { ref: "Event" };
}

/** The text of a type's `object` property: what makes it one of Stripe's objects. */
function resourceName(reader: Reader, type: ts.Type): string | undefined {
  const property = type.getProperty("object");
  if (property === undefined) return undefined;
  const literal = reader.checker.getTypeOfSymbol(property);
  return literal.isStringLiteral() ? literal.value : undefined;
}

function definitionName(reader: Reader, type: ts.Type, direction: Direction): string {
  const known = reader.names.get(type);
  if (known !== undefined) return known;
  const full = reader.checker.getFullyQualifiedName(type.symbol).replace(/^".*"\./, "");
  const base = full.replace(/^Stripe\./, "");
  let name = base;
  for (let count = 2; reader.taken.has(name); count++) name = `${base}~${count}`;
  reader.taken.add(name);
  reader.names.set(type, name);
  reader.waiting.push({ name, type, direction });
  return name;
}

function objectSchema(reader: Reader, type: ts.Type, direction: Direction): Schema {
  const properties: Record<string, Schema> = {};
  for (const property of [...type.getProperties()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const propertyType = reader.checker.getTypeOfSymbol(property);
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const isAbsent = (reader.checker.getNonNullableType(propertyType).flags & undefinedFlags) !== 0;
    const isResponseHeader = property.name === "lastResponse";
    if (propertyType.getCallSignatures().length > 0 || isResponseHeader || isAbsent) continue;
    properties[property.name + (isOptional ? "?" : "")] = schemaOf(reader, propertyType, direction, property.name);
  }
  const index = type.getStringIndexType();
  if (index !== undefined && Object.keys(properties).length === 0) {
    return { map: schemaOf(reader, index, direction, "") };
  }
  return { object: properties };
}
