// Resources lie in an order, bottom to top: that of the list in their index.ts. Actions call down it, news goes up as
// reactions; and types obey as values do.
import ts from "typescript6";
import { resourceFolders } from "../architecture.table.ts";
import type { Finding, House, Rule } from "../house.ts";
import { isInside, isTest, type SourceFile } from "../source.ts";

export const order: Rule = {
  says: "no resource knows one above it in resources/index.ts",
  find: (house) => resourceFolders.flatMap((folder) => upward(house, folder)),
};

function upward({ files }: House, { place: folder, above }: (typeof resourceFolders)[number]): Finding[] {
  const index = files.find((file) => file.path === `${folder}/index.ts`);
  if (!index) return [];
  const nouns = [...orderOf(index), ...above];
  const nounOf = (file: string) => {
    const rest = isInside(file, folder) ? file.slice(folder.length + 1).split("/") : [];
    return rest.length > 1 ? (rest[0] as string) : undefined;
  };
  const findings: Finding[] = [];
  for (const file of files.filter(({ path }) => !isTest(path))) {
    const own = nounOf(file.path);
    if (own === undefined) continue;
    if (!nouns.includes(own)) {
      findings.push({ where: file.path, what: `${own} has no place in ${index.path}: put its manifest there` });
    }
    for (const entry of file.imports) {
      const other = entry.file ? nounOf(entry.file) : undefined;
      if (other === undefined || other === own || nouns.indexOf(other) < nouns.indexOf(own)) continue;
      const what = `${own} knows ${other}, which is above it: make it a reaction of ${other}, or move it up`;
      findings.push({ where: `${file.path}:${entry.line}`, what });
    }
  }
  return findings;
}

/** The folders of the nouns, in the order of the list. */
function orderOf(index: SourceFile): string[] {
  const folderOf = new Map<string, string>();
  for (const node of index.nodes) {
    if (!ts.isImportSpecifier(node)) continue;
    const from = node.parent.parent.parent.moduleSpecifier.getText(index.tree).slice(1, -1);
    folderOf.set(node.name.text, from.replace(/^\.\//, "").split("/")[0] as string);
  }
  return index.nodes
    .filter(ts.isArrayLiteralExpression)
    .flatMap((list) => list.elements.map((element) => folderOf.get(element.getText(index.tree))))
    .filter((noun) => noun !== undefined);
}
