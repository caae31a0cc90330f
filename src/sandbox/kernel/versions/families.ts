// Stripe's API versions by family. Inside a family releases only add; the first of each may break.
// https://docs.stripe.com/upgrades

import { type VersionFamily, versionFamilies } from "../schema/schema.ts";
import { commonDefaults } from "../words/defaults.table.ts";
import { common } from "../words/errors.table.ts";
import { beforeWork, refusal } from "../words/errors.ts";
import { knownVersions } from "./known_versions.table.ts";

export { type VersionFamily, versionFamilies };

export const newestVersion = commonDefaults.newestVersion.value;

export const accountVersion = commonDefaults.accountVersion.value;

/** Newest first: the first one that is not younger than the version is its family. */
const familyStarts: readonly (readonly [string, VersionFamily])[] = [
  ["2026-09-30", "endive"],
  ["2026-03-25", "dahlia"],
  ["2025-09-30", "clover"],
  ["2025-03-01", "basil"],
  ["2024-09-30", "acacia"],
  ["2023-08-16", "2024-06-20"],
  ["2022-11-15", "2022-11-15"],
  ["2020-08-27", "2020-08-27"],
];

/** `familyOf("2026-02-25.clover")` is "clover". Unknown newer names are the newest, all older ones 2020-08-27. */
export function familyOf(version: string): VersionFamily {
  return versionFamilies[ageOf(version)] ?? "2020-08-27";
}

/**
 * How many families a version is older than: `ageOf("2026-02-25.clover")` is 2. All that a family changed shows by it,
 * so versions of one age look the same.
 */
function ageOf(version: string): number {
  return knownAges.get(version) ?? ageByDate(version.slice(0, 10));
}

function ageByDate(date: string): number {
  const first = familyStarts.findIndex(([start]) => date >= start);
  return first < 0 ? familyStarts.length : first;
}

const knownAges: ReadonlyMap<string, number> = new Map(
  knownVersions.value.map((version) => [version, ageByDate(version.slice(0, 10))]),
);

/**
 * Refuses a name that Stripe never gave out. `tolerated`: any name in the form of a version, read by its date.
 * Beta headers ("2025-09-30.clover; some_beta=v1") and previews of a known day are let through.
 */
export function assertVersion(version: string, { tolerated }: { tolerated: boolean }): void {
  if (knownAges.has(version)) return;
  const [, name = "", date = "", suffix = ""] = /^((\d{4}-\d{2}-\d{2})(\.[a-z_]+)?)(?:;.*)?$/.exec(version) ?? [];
  if (knownVersions.value.includes(name)) return;
  if (name !== "" && (tolerated || isPreview(date, suffix))) return;
  throw refusal(common.versionInvalid, { version }, beforeWork);
}

function isPreview(date: string, suffix: string): boolean {
  return suffix === ".preview" && knownVersions.value.some((known) => known.startsWith(date));
}

/** True for the versions before the family's first: `isOlder("2022-08-01", "2022-11-15")`. */
export function isOlder(version: string, family: VersionFamily): boolean {
  return ageOf(version) > versionFamilies.indexOf(family);
}

/** `isBefore("acacia", "basil")` is true. */
export function isBefore(family: VersionFamily, other: VersionFamily): boolean {
  return versionFamilies.indexOf(family) > versionFamilies.indexOf(other);
}
