// What a family of versions changed, as data where it can be: how the newest shape looked before it, and what
// parameters meant before it. Both directions are pure.
import type { StripeObject } from "../state/noun.ts";
import type { Params } from "../state/resource.ts";
import type { VersionFamily } from "./families.ts";

export interface VersionChange {
  /** The first family that has the change: older ones are rendered down past it. */
  readonly family: VersionFamily;
  /** By `object`: paths of fields that older families do not have. */
  readonly added?: Readonly<Record<string, readonly string[]>>;
  /** By `object`: fields that older families have as well, with what stands in them. */
  readonly removed?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** By `object`: lists and ids that older families show unasked; their resources make them. */
  readonly hidden?: Readonly<Record<string, readonly string[]>>;
  readonly down?: Readonly<Record<string, (object: StripeObject) => StripeObject>>;
  /** What parameters of the versions before each day mean since; newest day first. They have been checked already. */
  readonly up?: readonly Lift[];
}

export interface Lift {
  /** The first day of the new meaning: a release inside a family may bring one. */
  readonly since: string;
  readonly operations: RegExp;
  readonly lift: (params: Params, version: string) => Params;
}
