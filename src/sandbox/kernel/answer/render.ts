// One object in the version of whoever reads it: a pure function of what is shown and of the version. What it owns,
// refers to and lists is rendered in turn, each by its own noun's changes.

import type { Render } from "../state/appearance.ts";
import { place, valueAt } from "../state/embeds.ts";
import { shownNow } from "../state/emit.ts";
import { hidden, type StripeObject } from "../state/noun.ts";
import type { Embed, Unit, World } from "../state/unit.ts";
import { type Beside, besideOf, objectOf, type Several, type Shown, several } from "../store/shown.ts";
import { isOlder, type VersionFamily, versionFamilies } from "../versions/families.ts";

export type Hash = Readonly<Record<string, unknown>>;

/** What rendering knows of the nouns. */
export type Manifests = Pick<World, "appearances" | "embeds">;

/** What is stored, as it is now, for the caller. */
export function render(unit: Unit, object: StripeObject): object {
  const full = renderShown(unit.world, shownNow(unit, object, { version: unit.version }), unit.version);
  const reduced = unit.isPublishable ? unit.world.appearances.get(object.object)?.reduced : undefined;
  return reduced && !("deleted" in object) ? reduced(full as StripeObject) : full; // Of its own noun.
}

/** What is shown, in one version. */
export function renderShown(manifests: Manifests, shown: Shown, version: string): object {
  const object = objectOf(shown);
  const manifest = manifests.appearances.get(object.object);
  if (!manifest || "deleted" in object) return object;
  if (manifest.show) return manifest.show(object as StripeObject, rendererOf(manifests));
  const embeds = manifests.embeds.get(object.object);
  const placed = (shape: object, family?: VersionFamily) =>
    embeds ? placeAll(manifests, shape, { embeds, shown, version, family }) : shape;
  let shape = placed(object);
  for (const family of versionFamilies) {
    if (!isOlder(version, family)) break;
    const change = manifest.versions?.find((one) => one.family === family);
    shape = placed(change?.removed ? { ...shape, ...change.removed } : shape, family);
    if (change?.down) shape = change.down(shape as Hash);
  }
  const shownAs = object[hidden]?.shownAs;
  return shownAs === undefined ? shape : { ...shape, id: shownAs }; // Another one has its id by now.
}

interface PlacingAll {
  readonly embeds: readonly Embed[];
  readonly shown: Shown;
  readonly version: string;
  /** Only those that stop being shown with it; undefined: those that all versions show. */
  readonly family: VersionFamily | undefined;
}

/** One copy, however many stand there. */
function placeAll(manifests: Manifests, shape: object, { embeds, shown, version, family }: PlacingAll): object {
  let copy: Record<string, unknown> | undefined;
  for (const embed of embeds) {
    if (embed.before !== family || isOnlyIncluded(embed)) continue;
    const value = embedded(manifests, { embed, beside: besideOf(shown)?.[embed.field], version }, copy ?? shape);
    if (value === undefined) continue;
    copy ??= { ...shape };
    place(copy, embed.field, value);
  }
  return copy ?? shape;
}

/** No family shows it unasked. */
function isOnlyIncluded({ before, isIncludable }: Embed): boolean {
  return isIncludable === true && before === undefined;
}

/** For a noun that shows something else than what it stores. */
export function rendererOf(manifests: Manifests): Render {
  return (shown, version) => renderShown(manifests, shown, version);
}

/** A list or a name that the version knows and shows only when asked, as it is now. */
export function includedNow(unit: Unit, object: StripeObject, field: string): unknown {
  const { world, version } = unit;
  const embed = embedOf(unit, object.object, field);
  if (!embed) return undefined;
  const found = besideOf(shownNow(unit, object, { version, asked: field }));
  return embedded(world, { embed, beside: found?.[field], version }, object);
}

/** The embed of a field, where the unit's version knows it. */
export function embedOf({ world, version }: Unit, object: string, field: string): Embed | undefined {
  const embed = world.embeds.get(object)?.find((one) => one.field === field);
  const isKnown = embed && (embed.before === undefined || embed.isIncludable || isOlder(version, embed.before));
  return isKnown ? embed : undefined;
}

/** One answer: an object, or each object of a list. */
export function renderTree(unit: Unit, answer: object): object {
  if (isList(answer)) return { ...answer, data: (answer as { data: StripeObject[] }).data.map((o) => render(unit, o)) };
  return isObject(answer) ? render(unit, answer) : answer;
}

export function isHash(value: unknown): value is Hash {
  return typeof value === "object" && value !== null;
}

export function isObject(value: object): value is StripeObject {
  return "object" in value && "id" in value;
}

export function isList(value: object): boolean {
  return "object" in value && (value.object === "list" || value.object === "search_result");
}

interface Placing {
  readonly embed: Embed;
  readonly beside: Beside | undefined;
  readonly version: string;
}

const nothingBeside: Several = { shown: [], total: 0 };

/** What stands in the field of an embed; undefined leaves there what is stored. */
function embedded(manifests: Manifests, { embed, beside, version }: Placing, shape: object): unknown {
  const { shown, total } = beside ? several(beside) : nothingBeside;
  const all = () => shown.map((one) => renderShown(manifests, one, version));
  switch (embed.as) {
    case "owned":
    case "referred":
      return Array.isArray(valueAt(shape, embed.field.split("."))) ? all() : all()[0];
    case "included":
      return embed.value?.(shape, all());
    case "name":
      return (shown[0] && objectOf(shown[0]).id) ?? null;
    case "list":
      return listOf(embed, shape, { data: all(), total });
  }
}

/** The list that stands inside another object. Most say how many there are, although no SDK declares that. */
function listOf(embed: Embed, owner: object, { data, total }: { data: object[]; total: number }): object {
  const url = embed.urlOf?.(String((owner as Hash).id ?? "")) ?? "";
  const counted = embed.isUncounted ? {} : { total_count: total };
  return { object: "list", data, has_more: total > data.length, ...counted, url };
}
