// What happens to a feature: made, described, archived.
import type { Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { add, among, change, mustRead } from "../../kernel/state/writes.ts";
import { missingParameter, refusal } from "../../kernel/words/errors.ts";
import { mergeMetadata } from "../../kernel/words/metadata.ts";
import { boolean, text } from "../../kernel/words/params.ts";
import { refuseLonger } from "../../kernel/words/texts.ts";
import { featureDefaults } from "./defaults.table.ts";
import { type Feature, features } from "./feature.ts";
import { rows } from "./refusals.table.ts";

export function createFeature(unit: Unit, params: Params): Feature {
  const [key, name] = [text(params, "lookup_key"), text(params, "name")];
  if (key === undefined) throw missingParameter("lookup_key");
  if (name === undefined) throw missingParameter("name");
  refuseLonger(key, featureDefaults.lookupKeyLength.value, "lookup_key");
  const holder = among(unit, features, "lookup_key", key).find(({ active }) => active);
  if (holder) throw refusal(rows.featureKeyTaken, { key, feature: holder.id });
  const feature: Feature = {
    id: unit.world.ids.after("feat_test_61", 30),
    object: "entitlements.feature",
    active: true,
    livemode: false,
    lookup_key: key,
    metadata: { ...mergeMetadata({}, params.metadata) },
    name,
  };
  return add(unit, features, feature, null);
}

/** Nothing brings back what is archived. No event tells of either: the SDKs know none. */
export function updateFeature(unit: Unit, params: Params, id: string): Feature {
  const before = mustRead(unit, features, id);
  if (!before.active) throw refusal(rows.featureArchived, { feature: id });
  const changes = {
    active: boolean(params, "active") ?? true,
    metadata: { ...mergeMetadata(before.metadata, params.metadata) },
    name: text(params, "name") ?? before.name,
  };
  return change(unit, features, before, changes, null);
}
