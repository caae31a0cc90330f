// Kernels name no tenant. What a kernel knows of a resource stands in its manifest, and what it asks of the database
// are tables of its own. Texts with spaces are words for people.
import ts from "typescript6";
import { kernelWords, resourceFolders } from "../architecture.table.ts";
import type { Finding, House, Rule } from "../house.ts";
import { at, isInside, isTest, type SourceFile } from "../source.ts";

export const noTenants: Rule = {
  says: "no kernel names a resource",
  find: (house) =>
    resourceFolders.flatMap(({ place }) => {
      const half = place.replace(/\/resources$/, "");
      const names = namesOf(house, place).filter((name) => !kernelWords[half]?.includes(name.replace(/s$/, "")));
      return kernelFiles(house, half).flatMap((file) => file.nodes.flatMap((node) => namings(file, node, names)));
    }),
};

/** The folders of the resources, and one of each. */
function namesOf({ paths }: House, place: string): string[] {
  const folders = new Set(
    [...paths].filter((file) => isInside(file, place)).map((file) => file.slice(place.length + 1).split("/")),
  );
  const plural = [...folders].filter((parts) => parts.length > 1).map(([folder = ""]) => folder);
  return [...new Set(plural.flatMap((name) => [name, name.replace(/ies$/, "y").replace(/s$/, "")]))];
}

const kernelFiles = ({ files }: House, half: string) =>
  files.filter(({ path }) => isInside(path, `${half}/kernel`) && !isTest(path) && !path.endsWith("/testing.ts"));

function namings(file: SourceFile, node: ts.Node, names: readonly string[]): Finding[] {
  const text = textOf(node);
  const named = text?.split(/[^a-z_]+/).find((part) => names.includes(part));
  if (!named) return [];
  return [{ where: at(file, node), what: `names ${named}: let its manifest say what the kernel has to know` }];
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isRegularExpressionLiteral(node)) return node.text;
  const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
  if (!isText || ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent)) return undefined;
  return /\s/.test(node.text.trim()) ? undefined : node.text;
}

export const ownTables: Rule = {
  says: "a kernel asks its own tables only",
  find: (house) => {
    const own = tablesOf(house);
    return kernelFiles(house, "src/billing").flatMap((file) =>
      file.nodes.flatMap((node) =>
        tablesAskedBy(file, node)
          .filter((table) => !own.includes(table))
          .map((table) => ({
            where: at(file, node),
            what: `asks ${table}, which is not the kernel's: let the room that owns it answer`,
          })),
      ),
    );
  },
};

/** What the kernel declares itself, before the rooms merge theirs into it. */
function tablesOf({ files }: House): string[] {
  const declared = files.find(({ path }) => path === "src/billing/kernel/store/tables.ts")?.nodes ?? [];
  return declared
    .filter((node) => ts.isInterfaceDeclaration(node) && node.name.text === "BillingTables")
    .flatMap((node) => (node as ts.InterfaceDeclaration).members.map((member) => member.name?.getText() ?? ""));
}

const asking: ReadonlySet<string> = new Set([
  "selectFrom",
  "insertInto",
  "updateTable",
  "deleteFrom",
  "innerJoin",
  "leftJoin",
]);
const askingRaw = /\b(?:delete from|insert into|update|from|join)\s+([a-z_]+)/gi;

function tablesAskedBy(file: SourceFile, node: ts.Node): string[] {
  if (ts.isTaggedTemplateExpression(node) && /^sql\b/.test(node.tag.getText(file.tree))) {
    const found = [...node.template.getText(file.tree).matchAll(askingRaw)].map((match) => match[1] as string);
    return found.filter((table) => !["set", "excluded"].includes(table));
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  const [table] = node.arguments;
  if (!asking.has(node.expression.name.text) || !table || !ts.isStringLiteral(table)) return [];
  return [table.text.split(" ")[0] as string];
}
