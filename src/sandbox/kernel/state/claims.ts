// All that the sandbox holds to be true of Stripe, row by row and out of the manifests: what each is about, what it
// says, and how sure it is.
import type { ExtraParams, Extras } from "../schema/extras.ts";
import { waitText } from "../timeline/waits.ts";
import type { Known } from "../words/evidence.ts";
import type { Resource, Route } from "./resource.ts";

export type ClaimKind = "refusal" | "default" | "wait" | "test datum" | "liberty";

export interface Claim extends Known {
  /** Whose it is: `payment_intent`. */
  readonly noun: string;
  readonly kind: ClaimKind;
  readonly name: string;
  /** In a line, for people; empty where the name says it all. */
  readonly says: string;
  /** The row itself. */
  readonly row: Known;
}

/** What makes claims in a manifest. */
type Claiming = Partial<Pick<Resource, "refusals" | "defaults" | "waits" | "testData" | "extras" | "routes">>;

type Named = readonly [name: string, row: Known, says: string];

export function claimsOf(noun: string, claiming: Claiming): Claim[] {
  const { refusals = {}, defaults = {}, waits = {}, testData = {}, extras = {}, routes = [] } = claiming;
  const rows: Readonly<Record<ClaimKind, readonly Named[]>> = {
    refusal: Object.entries(refusals).map(([name, row]) => [name, row, row.message]),
    default: Object.entries(defaults).map(([name, row]) => [name, row, `${row.what}: ${shown(row.value)}`]),
    wait: Object.entries(waits).flatMap(([name, { what, test, real }]): Named[] => [
      [`${name} (test)`, test, `${what}: ${waitText(test)}`],
      [`${name} (real)`, real, `${what}: ${waitText(real)}`],
    ]),
    "test datum": Object.entries(testData).map(([name, row]) => [name, row, ""]),
    liberty: [...liberties(extras), ...routes.flatMap(libertyOf)],
  };
  return Object.entries(rows).flatMap(([kind, named]) =>
    // The keys are those of the record.
    named.map(([name, row, says]) => ({ noun, kind: kind as ClaimKind, name, says, evidence: row.evidence, row })),
  );
}

function liberties({ params = [], retired = [], ...extras }: Extras): Named[] {
  const { oldAddresses, declaredAs, unsetsNothing, answers, leavesOut } = extras;
  return [
    ...params.map((row): Named => [called(row.operations), row, takes(row)]),
    ...retired.map((row): Named => [called(row.operations), row, `takes no ${row.param} from ${row.family} on`]),
    ...(oldAddresses ? [["old addresses", oldAddresses, oldAddresses.value.join(", ")] as const] : []),
    ...(declaredAs ? [["declared as others", declaredAs, Object.keys(declaredAs.value).join(", ")] as const] : []),
    ...(unsetsNothing ? [[called(unsetsNothing.value), unsetsNothing, "an empty text unsets nothing"] as const] : []),
    ...(answers ? [["answers", answers, answers.value.join(", ")] as const] : []),
    ...(leavesOut ? [["leaves out", leavesOut, leavesOut.value.join(", ")] as const] : []),
  ];
}

function takes({ params = {}, values = {}, unsettable = [], optional = [], orders = {} }: ExtraParams): string {
  const taken = [...Object.keys(params), ...Object.keys(values), ...unsettable];
  const said = [
    taken.length > 0 && `takes ${taken.join(", ")}`,
    optional.length > 0 && `needs no ${optional.join(", ")}`,
    ...Object.keys(orders).map((name) => `names what ${name} may be in an order of its own`),
  ];
  return said.filter(Boolean).join("; ");
}

function libertyOf({ method, path, undeclared }: Route): Named[] {
  return undeclared ? [[`${method} ${path}`, undeclared, undeclared.why]] : [];
}

/** `/^POST \/v1\/charges$/` reads `POST /v1/charges`. */
function called(operations: RegExp): string {
  return (
    operations.source
      .replaceAll("\\/", "/")
      .replace(/^\^|\$$/g, "")
      .trim() || "any call"
  );
}

const shownLengthMax = 100; // A line of a page; who wants all of it reads the table.

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > shownLengthMax ? `${text.slice(0, shownLengthMax)}…` : text;
}
