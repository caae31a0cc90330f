// Two files that need each other are one file torn in two. Types count: a reader needs them as much.
import type { Finding, Rule } from "../house.ts";
import { isTest, type SourceFile } from "../source.ts";

export const cycles: Rule = {
  says: "no two files need each other, be it for a type",
  find({ files }) {
    const read = files.filter((file) => !isTest(file.path));
    const byPath = new Map(read.map((file) => [file.path, file]));
    const done = new Set<string>();
    const findings: Finding[] = [];
    const visit = (file: SourceFile, way: readonly string[]) => {
      const start = way.indexOf(file.path);
      if (start >= 0) {
        const ring = [...way.slice(start), file.path].join(" → ");
        findings.push({ where: file.path, what: `${ring}: put what both need into a file below them` });
        return;
      }
      if (done.has(file.path)) return;
      for (const entry of file.imports) {
        const next = entry.file && entry.file !== file.path ? byPath.get(entry.file) : undefined;
        if (next) visit(next, [...way, file.path]);
      }
      done.add(file.path);
    };
    for (const file of read) visit(file, []);
    return findings;
  },
};
