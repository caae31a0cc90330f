// Who may import whom. Types obey as values do: a type is knowledge too.
import { type Layer, layers } from "../architecture.table.ts";
import type { Finding, House, Rule } from "../house.ts";
import { type Import, isInside, isTest } from "../source.ts";

export const arrows: Rule = {
  says: "nobody imports against the arrows of the architecture",
  find: (house) => againstTheArrows(house, layers),
};

function againstTheArrows(house: House, table: readonly Layer[]): Finding[] {
  const findings: Finding[] = [];
  for (const file of house.files) {
    if (isTest(file.path)) continue; // Tests may look anywhere.
    const layer = layerOf(file.path, table);
    if (!layer) {
      findings.push({ where: file.path, what: "lives in no layer: give its folder a row in architecture.table.ts" });
      continue;
    }
    for (const entry of file.imports) {
      if (isAllowed(layer, entry)) continue;
      const what = `${layer.place} may not import ${entry.from}: move what is needed below both, or hand it in`;
      findings.push({ where: `${file.path}:${entry.line}`, what });
    }
  }
  return findings;
}

export function layerOf(file: string, table: readonly Layer[]): Layer | undefined {
  return table.filter((layer) => isInside(file, layer.place)).sort((a, b) => b.place.length - a.place.length)[0];
}

function isAllowed(layer: Layer, entry: Import): boolean {
  const { file } = entry;
  if (file !== undefined) return [layer.place, ...layer.may].some((place) => isInside(file, place));
  const name = entry.package as string;
  // Types of packages vanish before anything runs, and with them the package.
  return entry.typeOnly || name.startsWith("node:") || (layer.packages ?? []).includes(name);
}
