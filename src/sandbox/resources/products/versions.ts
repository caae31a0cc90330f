// How a product looked before each family of versions; newest first.
import type { VersionChange } from "../../kernel/versions/change.ts";

export const productVersions: readonly VersionChange[] = [
  { family: "2022-11-15", down: (product) => ({ caption: null, ...product }) }, // Of goods, as declared then.
];
