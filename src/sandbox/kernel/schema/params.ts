// Checks a request's parameters against the schema of its version family and types them: booleans, integers and lists
// are what they say, an empty text that unsets is null. What is wrong is refused in Stripe's words, in Stripe's order:
// unknown names first, then whatever comes first of missing and malformed ones.
import assert from "node:assert/strict";
import { common } from "../words/errors.table.ts";
import { invalidParameter, type StripeError } from "../words/errors.ts";
import { type FormTree, type FormValue, formPath, isFormTree, setOwn } from "../words/form.ts";
import { fillMessage, type Refusal } from "../words/refusals.ts";
import { declaredElsewhere, enumValues } from "./elsewhere.ts";
import { type ExtraParams, type Extras, everywhere, type RetiredParam } from "./extras.ts";
import { type SchemaFiles, schemaFiles } from "./files.ts";
import { nearest } from "./nearest.ts";
import { canonicalOperation, type FamilySchema, type Schema, type VersionFamily, versionFamilies } from "./schema.ts";
import { unsettableTexts } from "./unsettable.ts";

export type ParamValue = string | number | boolean | null | readonly ParamValue[] | Params;
export type Params = { readonly [name: string]: ParamValue };

export interface ParamChecker {
  /**
   * `check("POST /v1/payment_intents", { amount: "5", currency: "eur" }, "endive")` is
   * `{ amount: 5, currency: "eur" }`. Compiled once per operation and family; the same input always gives the same.
   */
  check(operation: string, tree: FormTree, family: VersionFamily): Params;
  /** For an operation that no SDK declares, with all that it takes. Compiled when it is first asked. */
  undeclared(operation: string, params: Schema): (tree: FormTree) => Params;
  /** A route without a schema is refused before anything is served. */
  hasSchema(operation: string): boolean;
  /** The operation under which the SDKs declare it: most often itself. */
  declared(operation: string): string;
}

/** One request's walk through its parameters: where it is, and what was found wrong so far. */
interface Walk {
  readonly path: string[];
  readonly unknown: Unknown[];
  readonly compiled: Compiled;
  problem: (() => StripeError) | undefined;
}

interface Unknown {
  readonly name: string;
  /** What may stand in its place. */
  readonly siblings: Iterable<string>;
}

/** Turns a form value into its typed value, or notes a problem and returns anything. */
type Check = (value: FormValue, walk: Walk) => ParamValue;

interface Compiled {
  readonly root: Check;
  /** Undeclared parameters that Stripe takes, by full name. */
  readonly accepted: ReadonlyMap<string, Check>;
  /** Undeclared values of declared enums, by full name. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** The values of enums, as messages name them, by full name. */
  readonly orders: ReadonlyMap<string, readonly string[]>;
  /** What the empty text unsets although the declarations do not say so, by full name. */
  readonly unsettable: ReadonlySet<string>;
  /** What may be missing although the declarations require it, by full name. */
  readonly optional: ReadonlySet<string>;
  readonly retired: readonly RetiredParam[];
  /** What the declarations of other families say of a parameter that those of the caller's do not know. */
  readonly elsewhere: (path: readonly string[]) => Check | undefined;
  /** The same of values of an enum. */
  readonly valuesElsewhere: (path: readonly string[]) => readonly (string | number | boolean)[];
}

/** What the operations of one file share: its definitions, each compiled once. */
interface Compiler {
  readonly defs: { readonly [name: string]: Schema };
  readonly known: Map<string, Check>;
}

/** A checker with compiled operations of its own. `extras`: what the nouns say that their operations take besides. */
export function createParamChecker(extras: readonly Extras[]): ParamChecker {
  const operations = new Map<VersionFamily, Map<string, Compiled>>();
  const liberties = together(extras);
  const shared: Shared = { files: schemaFiles, liberties, compilers: new Map() };
  const compiledOf = (operation: string, family: VersionFamily): Compiled => {
    const ofFamily = operations.get(family) ?? new Map<string, Compiled>();
    operations.set(family, ofFamily);
    const known = ofFamily.get(operation);
    if (known !== undefined) return known;
    const compiled = compileOperation(shared, canonicalOperation(operation), family);
    ofFamily.set(operation, compiled);
    return compiled;
  };
  const declared = (operation: string): string => liberties.declaredAs[operation] ?? operation;
  return {
    check: (operation, tree, family) => check(compiledOf(operation, family), tree),
    undeclared(operation, params) {
      let compiled: Compiled | undefined;
      return (tree) => {
        const compiler: Compiler = { defs: {}, known: new Map() };
        compiled ??= compiledWith(compiler, params, { operation, family: "endive", liberties });
        return check(compiled, tree);
      };
    },
    hasSchema: (operation) => schemaFiles.isDescribed(declared(operation)),
    declared,
  };
}

/** What all nouns say. */
interface Liberties {
  readonly params: readonly ExtraParams[];
  readonly retired: readonly RetiredParam[];
  readonly declaredAs: Readonly<Record<string, string>>;
  readonly unsetsNothing: readonly RegExp[];
}

function together(extras: readonly Extras[]): Liberties {
  return {
    params: [everywhere, ...extras.flatMap(({ params = [] }) => params)],
    retired: extras.flatMap(({ retired = [] }) => retired),
    declaredAs: Object.assign({}, ...extras.map(({ declaredAs }) => declaredAs?.value)),
    unsetsNothing: extras.flatMap(({ unsetsNothing }) => unsetsNothing?.value ?? []),
  };
}

function check(compiled: Compiled, tree: FormTree): Params {
  const retired = compiled.retired.find(({ param, refusal: row }) => row && Object.hasOwn(tree, param));
  if (retired?.refusal) throw refusal(retired.refusal, retired.param);
  const walk: Walk = { path: [], unknown: [], compiled, problem: undefined };
  const params = compiled.root(tree, walk);
  if (walk.unknown.length > 0) throw unknownParameters(walk.unknown);
  if (walk.problem !== undefined) throw walk.problem();
  return params as Params; // The root schema is an object.
}

interface Shared {
  readonly files: SchemaFiles;
  readonly liberties: Liberties;
  readonly compilers: Map<FamilySchema, Compiler>;
}

function compileOperation({ files, liberties, compilers }: Shared, operation: string, family: VersionFamily): Compiled {
  const declared = liberties.declaredAs[operation] ?? operation;
  const file = files.familyOf(declared, family);
  assert(file !== undefined, `no family declares ${operation}`);
  const params = file.operations[declared]?.params ?? { object: {} };
  const of = (one: FamilySchema): Compiler => compilerOf(compilers, one);
  const compiled = compiledWith(of(file), params, { operation, family, file, liberties });
  return {
    ...compiled,
    elsewhere(path) {
      const name = formPath(path.filter((step) => !/^\d+$/.test(step)));
      if (compiled.retired.some(({ param }) => param === name)) return undefined;
      const [found] = declaredElsewhere(declared, path, family);
      return found && compile(of(found.file), found.schema);
    },
    valuesElsewhere: (path) => [...declaredElsewhere(declared, path, family)].flatMap(enumValues),
  };
}

function compilerOf(compilers: Shared["compilers"], file: FamilySchema): Compiler {
  const compiler: Compiler = compilers.get(file) ?? { defs: file.defs, known: new Map() };
  compilers.set(file, compiler);
  return compiler;
}

interface Compiling {
  readonly operation: string;
  readonly family: VersionFamily;
  /** Whose declarations these are; absent for what is not declared. */
  readonly file?: FamilySchema;
  readonly liberties: Liberties;
}

function compiledWith(compiler: Compiler, params: Schema, compiling: Compiling): Compiled {
  const { operation, family, liberties } = compiling;
  const extras = liberties.params.filter((extra) => extra.operations.test(operation));
  const accepted = extras.flatMap((extra) => Object.entries(extra.params ?? {}));
  return {
    root: compile(compiler, params),
    accepted: new Map(accepted.map(([name, extra]) => [name, compile(compiler, extra)])),
    values: new Map(extras.flatMap((extra) => Object.entries(extra.values ?? {}))),
    orders: new Map(extras.flatMap((extra) => Object.entries(extra.orders ?? {}))),
    unsettable: new Set([...unsettableOf(compiling), ...extras.flatMap((extra) => extra.unsettable ?? [])]),
    optional: new Set(extras.flatMap((extra) => extra.optional ?? [])),
    retired: liberties.retired.filter(
      (retired) => isSince(family, retired.family) && retired.operations.test(operation),
    ),
    elsewhere: () => undefined,
    valuesElsewhere: () => [],
  };
}

function isSince(family: VersionFamily, first: VersionFamily): boolean {
  return versionFamilies.indexOf(family) <= versionFamilies.indexOf(first);
}

/** By the rule, where an empty text unsets at all: in what is sent, unless the noun says no. */
function unsettableOf({ file, operation, liberties }: Compiling): readonly string[] {
  const unsets = operation.startsWith("POST ") && !liberties.unsetsNothing.some((one) => one.test(operation));
  const described = unsets ? file?.operations[operation] : undefined;
  return file && described ? unsettableTexts(file, described) : [];
}

function compile(compiler: Compiler, schema: Schema): Check {
  if (typeof schema === "string") return scalarChecks[schema];
  if ("ref" in schema) return compileReference(compiler, schema.ref);
  if ("enum" in schema) return compileEnum(schema.enum);
  if ("nullable" in schema) return nullable(compile(compiler, schema.nullable));
  if ("list" in schema) return compileList(compile(compiler, schema.list));
  if ("map" in schema) return compileMap(compile(compiler, schema.map));
  if ("object" in schema) return compileObject(compiler, schema.object);
  if ("anyOf" in schema) return compileAnyOf(compiler, schema.anyOf);
  return passAnything; // An expanded object is not a parameter.
}

/** Parameters nest without recursion in Stripe's API, but the late lookup costs nothing and survives one. */
function compileReference(compiler: Compiler, name: string): Check {
  const known = compiler.known.get(name);
  if (known !== undefined) return known;
  compiler.known.set(name, (value, walk) => compiler.known.get(name)!(value, walk)); // Replaced two lines below.
  const check = compile(compiler, compiler.defs[name] ?? "any");
  compiler.known.set(name, check);
  return check;
}

const passAnything: Check = (value) => value as ParamValue;

const scalarChecks: Record<"string" | "integer" | "number" | "boolean" | "any", Check> = {
  any: passAnything,
  string: (value, walk) => {
    if (typeof value !== "string") return refuse(walk, common.parameterNotText, { value: inspect(value) });
    return value === "" ? refuseEmpty(walk) : value;
  },
  integer: (value, walk) => {
    if (value === "") return refuseEmpty(walk);
    const isInteger = typeof value === "string" && /^[-+]?\d{1,16}$/.test(value);
    if (isInteger && Number.isSafeInteger(Number(value))) return Number(value);
    return refuse(walk, common.parameterNotInteger, { value: inspect(value) });
  },
  number: (value, walk) => {
    if (value === "") return refuseEmpty(walk);
    if (typeof value === "string" && /^[-+]?\d{1,16}(?:\.\d{1,16})?$/.test(value)) return Number(value);
    return refuse(walk, common.parameterNotDecimal, { value: inspect(value) });
  },
  boolean: (value, walk) => {
    if (value === "true" || value === "false") return value === "true";
    if (value === "True" || value === "False") return value === "True"; // Python's spelling, which its SDK sends.
    return value === "" ? refuseEmpty(walk) : refuse(walk, common.parameterNotBoolean, { value: inspect(value) });
  },
};

function compileEnum(values: readonly (string | number | boolean)[]): Check {
  const byText = new Map(values.map((value) => [String(value), value]));
  return (value, walk) => {
    const found = typeof value === "string" ? byText.get(value) : undefined;
    if (found !== undefined) return found;
    if (value === "") return refuseEmpty(walk);
    if (walk.problem !== undefined) return null;
    const { compiled, path } = walk;
    const extra = compiled.values.get(formPath(path)) ?? [];
    if (typeof value === "string" && extra.includes(value)) return value;
    const later = compiled.valuesElsewhere(path).find((one) => String(one) === value);
    if (later !== undefined) return later;
    const names = compiled.orders.get(formPath(path)) ?? [...new Set([...byText.keys(), ...extra])].sort();
    return refuse(walk, common.parameterNotOneOf, { values: oneOf(names) });
  };
}

function oneOf(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `one of ${names.slice(0, -1).join(", ")}, or ${names.at(-1)}`;
}

function nullable(inner: Check): Check {
  return (value, walk) => (value === "" ? null : inner(value, walk));
}

/** `x[]=a` came as a list, `x[0]=a` as a map with the keys of a list. */
function compileList(item: Check): Check {
  return (value, walk) => {
    const items = itemsOf(value);
    if (items === undefined) return value === "" ? refuseEmpty(walk) : refuse(walk, common.parameterNotList);
    return items.map((element, index) => {
      walk.path.push(String(index));
      const typed = item(element, walk);
      walk.path.pop();
      return typed;
    });
  };
}

function itemsOf(value: FormValue): readonly FormValue[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isFormTree(value)) return undefined;
  const keys = Object.keys(value);
  if (!keys.every((key) => /^\d+$/.test(key))) return undefined;
  return keys.sort((a, b) => Number(a) - Number(b)).map((key) => value[key]!); // Its own keys.
}

/** Maps have free names: metadata and the like. */
function compileMap(entry: Check): Check {
  return (value, walk) => {
    if (!isFormTree(value)) return value === "" ? refuseEmpty(walk) : refuse(walk, common.parameterNotHash);
    const typed: { [name: string]: ParamValue } = {};
    for (const key of Object.keys(value)) {
      walk.path.push(key);
      setOwn(typed, key, entry(value[key]!, walk)); // Its own key.
      walk.path.pop();
    }
    return typed;
  };
}

function compileObject(compiler: Compiler, object: { readonly [name: string]: Schema }): Check {
  const checks = new Map<string, Check>();
  const required: string[] = [];
  for (const [name, schema] of Object.entries(object)) {
    const isOptional = name.endsWith("?");
    const bare = isOptional ? name.slice(0, -1) : name;
    if (!isOptional) required.push(bare);
    checks.set(bare, compile(compiler, schema));
  }
  return (value, walk) => {
    if (!isFormTree(value)) return value === "" ? refuseEmpty(walk) : refuse(walk, common.parameterNotHash);
    const typed: { [name: string]: ParamValue } = {};
    for (const name of required) if (!Object.hasOwn(value, name)) refuseMissing(walk, name);
    for (const name of Object.keys(value)) {
      walk.path.push(name);
      const { accepted, elsewhere } = walk.compiled;
      // At the top an extra goes before a declaration: an old client's `source` is a text or a whole card.
      const extra = walk.path.length === 1 ? accepted.get(name) : undefined;
      const check = extra ?? checks.get(name) ?? accepted.get(formPath(walk.path)) ?? elsewhere(walk.path);
      if (check === undefined) walk.unknown.push({ name: formPath(walk.path), siblings: checks.keys() });
      else setOwn(typed, name, check(value[name]!, walk)); // Its own key.
      walk.path.pop();
    }
    return typed;
  };
}

/** Of several shapes the first that fits counts; if none fits, the one that fits best says what is wrong. */
function compileAnyOf(compiler: Compiler, schemas: readonly Schema[]): Check {
  // Where any text is allowed, a text stays one: metadata's "5" is not a number.
  if (schemas.includes("string") && schemas.every((schema) => isTextSchema(compiler, schema)))
    return scalarChecks.string;
  const shapes = schemas.map((schema) => ({
    isText: isTextSchema(compiler, schema),
    check: compile(compiler, schema),
  }));
  const texts = shapes.filter((shape) => shape.isText).map((shape) => shape.check);
  const trees = shapes.filter((shape) => !shape.isText).map((shape) => shape.check);
  return (value, walk) => {
    const isText = typeof value === "string";
    const [first, ...others] = isText ? (texts.length > 0 ? texts : trees) : trees.length > 0 ? trees : texts;
    if (first === undefined) return passAnything(value, walk);
    if (others.length === 0) return first(value, walk);
    return bestOf([first, ...others], value, walk);
  };
}

function bestOf(checks: readonly Check[], value: FormValue, walk: Walk): ParamValue {
  let best: { typed: ParamValue; trial: Walk } | undefined;
  for (const check of checks) {
    const trial: Walk = { path: walk.path, unknown: [], compiled: walk.compiled, problem: undefined };
    const typed = check(value, trial);
    if (trial.unknown.length === 0 && trial.problem === undefined) return typed;
    // Later wins a tie between scalars, because the enum that ends each union names what is allowed.
    if (best === undefined || trial.unknown.length <= best.trial.unknown.length) best = { typed, trial };
  }
  if (best === undefined) return passAnything(value, walk);
  walk.unknown.push(...best.trial.unknown);
  walk.problem ??= best.trial.problem;
  return best.typed;
}

function isTextSchema(compiler: Compiler, schema: Schema): boolean {
  if (typeof schema === "string") return true;
  if ("ref" in schema) return isTextSchema(compiler, compiler.defs[schema.ref] ?? "any");
  if ("anyOf" in schema) return schema.anyOf.every((part) => isTextSchema(compiler, part));
  return "nullable" in schema ? isTextSchema(compiler, schema.nullable) : "enum" in schema;
}

/** Only the first problem is told, so only the first builds its message. */
function refuse(walk: Walk, row: Refusal, values: Readonly<Record<string, string>> = {}): null {
  if (walk.problem !== undefined) return null;
  const param = formPath(walk.path);
  walk.problem = () => refusal(row, param, values);
  return null;
}

function refuseEmpty(walk: Walk): null {
  return walk.compiled.unsettable.has(formPath(walk.path)) ? null : refuse(walk, common.parameterEmpty);
}

function refuseMissing(walk: Walk, name: string): void {
  if (walk.problem !== undefined) return;
  const param = formPath([...walk.path, name]);
  if (walk.compiled.optional.has(param)) return;
  walk.problem = () => refusal(common.parameterMissing, param);
}

function unknownParameters([first, ...others]: readonly Unknown[]): StripeError {
  const { name, siblings } = first!; // Only called when there is one.
  if (others.length > 0) {
    return refusal(common.parametersUnknown, name, { params: [name, ...others.map((other) => other.name)].join(", ") });
  }
  const hint = nearest(/(\w*)\W*$/.exec(name)?.[1] ?? name, siblings);
  return hint === undefined
    ? refusal(common.parameterUnknown, name)
    : refusal(common.parameterMisspelt, name, { hint });
}

function refusal(row: Refusal, param: string, values: Readonly<Record<string, string>> = {}): StripeError {
  const { code, message } = row;
  return invalidParameter({ ...(code ? { code } : {}), message: fillMessage(message, { param, ...values }), param });
}

/** How Stripe prints a value of the wrong kind: `{"a":"b"}`, `["a"]`, or the text itself. */
function inspect(value: FormValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
