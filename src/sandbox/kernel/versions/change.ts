// What a family of versions changed about a noun, as data where it can be: how the newest shape looked before it, and
// what parameters meant before it. Both directions are pure. Each noun's manifest carries its own, newest first
// (docs/decisions/0022-version-changes-live-with-their-noun.md).
import type { Params } from "../words/params.ts";
import type { VersionFamily } from "./families.ts";

type Hash = Readonly<Record<string, unknown>>;

export interface VersionChange {
  /** The first family that has the change: older ones are rendered down past it. */
  readonly family: VersionFamily;
  /** Fields that older families have as well, with what stands in them. */
  readonly removed?: Hash;
  /** The object as it looked before; what it refers to stands in it already, rendered by its own noun. */
  readonly down?: (object: Hash) => Hash;
  /** What parameters of the versions before each day mean since; newest day first. They have been checked already. */
  readonly up?: readonly Lift[];
}

export interface Lift {
  /** The first day of the new meaning: a release inside a family may bring one. */
  readonly since: string;
  readonly operations: RegExp;
  readonly lift: (params: Params, version: string) => Params;
}
