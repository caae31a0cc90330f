// Two files that need each other are one file torn in two. Types count: a reader needs them as much.
import type { Finding, House, Rule } from "../house.ts";
import { isTest, type SourceFile } from "../source.ts";

export const cycles: Rule = {
  says: "no two files need each other, be it for a type",
  find: (house) => rings(house).map(toFinding),
};

interface Ring {
  readonly files: readonly string[];
}

function toFinding({ files }: Ring): Finding {
  const ring = [...files, files[0]].join(" → ");
  return { where: files[0] as string, what: `${ring}: put what both need into a file below them` };
}

/** Every ring that a walk along the imports runs into. */
function rings({ files }: House): Ring[] {
  const read = files.filter((file) => !isTest(file.path));
  const byPath = new Map(read.map((file) => [file.path, file]));
  const done = new Set<string>();
  const found: Ring[] = [];
  const visit = (file: SourceFile, way: readonly string[]) => {
    const start = way.indexOf(file.path);
    if (start >= 0) found.push({ files: way.slice(start) });
    if (start >= 0 || done.has(file.path)) return;
    for (const entry of file.imports) {
      const next = entry.file && entry.file !== file.path ? byPath.get(entry.file) : undefined;
      if (next) visit(next, [...way, file.path]);
    }
    done.add(file.path);
  };
  for (const file of read) visit(file, []);
  return found;
}
