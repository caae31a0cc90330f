// Rules about arrows: who may import whom, upward calls, cycles, files nobody wants.
import type { Layer } from "./architecture.table.ts";
import type { Finding, SourceFile } from "./source.ts";

const isTest = (file: string) => file.endsWith(".test.ts") || file.includes("/testing/") || file.startsWith("test/");
const inside = (file: string, place: string) => file === place || file.startsWith(`${place}/`);

export function layerOf(file: string, layers: readonly Layer[]): Layer | undefined {
  return layers.filter((layer) => inside(file, layer.place)).sort((a, b) => b.place.length - a.place.length)[0];
}

/** An import against the arrows. Tests may look anywhere. */
export function againstTheArrows(files: readonly SourceFile[], layers: readonly Layer[]): Finding[] {
  const findings: Finding[] = [];
  for (const file of files) {
    if (isTest(file.path)) continue;
    const layer = layerOf(file.path, layers);
    if (!layer) {
      findings.push({ rule: "layers", where: file.path, what: "lives in no layer of architecture.table.ts" });
      continue;
    }
    for (const entry of file.imports) {
      if (allowed(layer, entry)) continue;
      const what = `${layer.place} may not import ${entry.from}`;
      findings.push({ rule: "layers", where: `${file.path}:${entry.line}`, what });
    }
  }
  return findings;
}

function allowed(layer: Layer, entry: SourceFile["imports"][number]): boolean {
  if (entry.file) return [layer.place, ...layer.may].some((place) => inside(entry.file as string, place));
  const name = entry.package as string;
  if (name.startsWith("node:")) return true;
  if (name === "stripe" && entry.typeOnly) return true;
  return entry.typeOnly || (layer.packages ?? []).includes(name);
}

/** A call up the order of resources. */
export function upwardCalls(
  files: readonly SourceFile[],
  order: Readonly<Record<string, readonly string[]>>,
): Finding[] {
  const findings: Finding[] = [];
  for (const [folder, nouns] of Object.entries(order)) {
    const rank = (file: string) => {
      const noun = inside(file, folder) ? file.slice(folder.length + 1).split("/") : [];
      return noun.length > 1 ? { noun: noun[0] as string, at: nouns.indexOf(noun[0] as string) } : undefined;
    };
    for (const file of files) {
      const own = isTest(file.path) ? undefined : rank(file.path);
      if (!own) continue;
      if (own.at < 0) findings.push({ rule: "order", where: file.path, what: `${own.noun} has no place in the order` });
      for (const entry of file.imports) {
        const other = entry.file && !entry.typeOnly ? rank(entry.file) : undefined;
        if (!other || other.noun === own.noun || other.at < own.at) continue;
        findings.push({
          rule: "order",
          where: `${file.path}:${entry.line}`,
          what: `${own.noun} calls up to ${other.noun}`,
        });
      }
    }
  }
  return findings;
}

/** A cycle of imports (values only: types vanish before anything runs). */
export function cycles(files: readonly SourceFile[]): Finding[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const findings: Finding[] = [];
  const visit = (file: SourceFile, way: readonly string[]) => {
    const at = way.indexOf(file.path);
    if (at >= 0) {
      findings.push({ rule: "cycle", where: file.path, what: [...way.slice(at), file.path].join(" → ") });
      return;
    }
    if (done.has(file.path)) return;
    for (const entry of file.imports) {
      const next = entry.file && !entry.typeOnly ? byPath.get(entry.file) : undefined;
      if (next) visit(next, [...way, file.path]);
    }
    done.add(file.path);
  };
  for (const file of files) visit(file, []);
  return findings;
}

/** A file nobody imports, that is no entry point. */
export function unwanted(files: readonly SourceFile[], entryPoints: readonly string[]): Finding[] {
  const wanted = new Set(
    files.filter((file) => !isTest(file.path)).flatMap((file) => file.imports.map((entry) => entry.file)),
  );
  const wantedByTests = new Set(files.flatMap((file) => file.imports.map((entry) => entry.file)));
  return files
    .filter((file) => file.path.startsWith("src/") && !file.path.endsWith(".test.ts"))
    .filter((file) => !wanted.has(file.path) && !entryPoints.includes(file.path))
    .filter((file) => !(isTest(`${file.path}`) || file.path.endsWith("testing.ts")) || !wantedByTests.has(file.path))
    .map((file) => ({
      rule: "unwanted",
      where: file.path,
      what: "nobody imports it; delete it or name it an entry point",
    }));
}
