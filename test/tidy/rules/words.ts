// The words: "X is not a Y", and a word of ARCHITECTURE.md's table is the name of one type in each half.
import ts from "typescript6";
import type { Finding, House, Rule } from "../house.ts";
import { at, isInside, isTest } from "../source.ts";

export const plainNegation: Rule = {
  says: "what is not something is said with not",
  find: ({ files, documents }) =>
    [...files, ...documents]
      .filter((file) => !file.path.startsWith("test/tidy"))
      .flatMap((file) =>
        file.text.split("\n").flatMap((line, index) => {
          const found = isNoSomething.exec(line)?.[0];
          if (!found) return [];
          return [{ where: `${file.path}:${index + 1}`, what: `"${found.trim()}…": say "is not a …"` }];
        }),
      ),
};

/**
 * "A token is no card" reads like "a token is now a card" and makes readers stop. "There is no card" is plain English,
 * as are "no longer", "no more" and their likes. What a regular expression cannot see: a sentence that breaks before
 * its "no", and "has no", "was nothing but", which are fine.
 */
const isNoSomething =
  /(?<!\b[Tt]here )\b(?:is|are|was|were|be) no (?!(?:longer|more|less|fewer|later|better|worse|others?|such|use)\b)\w+/;

export const oneWordOneType: Rule = {
  says: "a word of the table names one type in each half",
  find(house) {
    const words = wordsOf(house);
    const declared = new Map<string, string[]>();
    for (const file of house.files.filter(({ path }) => !isTest(path))) {
      for (const node of file.nodes) {
        if (!ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node) && !ts.isClassDeclaration(node))
          continue;
        const word = node.name?.text.toLowerCase() ?? "";
        if (!words.has(word)) continue;
        const key = `${word} ${halfOf(file.path)}`;
        declared.set(key, [...(declared.get(key) ?? []), at(file, node)]);
      }
    }
    return [...declared]
      .filter(([, places]) => places.length > 1)
      .map(([key, places]): Finding => {
        const [word = "", half = ""] = key.split(" ");
        const what = `${word} names a type here and in ${places[0]}: one word, one type in ${half}; rename this one`;
        return { where: places.at(-1) as string, what };
      });
  },
};

export const namesOfTheLibrary: Rule = {
  says: "what a library says names its options, not the flags and variables of the command line",
  find: ({ files }) =>
    files
      .filter(({ path }) => !isTest(path) && libraries.some((place) => isInside(path, place)) && path !== itsWords)
      .flatMap((file) =>
        file.nodes.flatMap((node): Finding[] => {
          if (!ts.isStringLiteralLike(node) && !ts.isTemplateHead(node) && !ts.isTemplateMiddleOrTemplateTail(node))
            return [];
          const found = commandLine.exec(node.text)?.[0];
          if (found === undefined || isArgument(node)) return [];
          const what = `names ${found.trim()}: say the option's name in backticks, and each surface says its own`;
          return [{ where: at(file, node), what }];
        }),
      ),
};

const libraries: readonly string[] = ["src/billing", "src/kit/options", "src/kit/sql", "src/kit/problems.ts"];
/** What REST says to whoever cannot know how Bursar was started. */
const itsWords = "src/billing/http/words.ts";

const commandLine = /\b(?:BURSAR|STRIPE)_[A-Z][A-Z_]+\b|(?:^|[\s"(])--[a-z][a-z-]+(?![a-z-]*[:)])/;

/** Styles of a page name their variables so. */
const isArgument = (node: ts.Node) => /\bvar\(--/.test((node as ts.LiteralLikeNode).text);

/** The first column of the table under "## Words". */
export function wordsOf({ documents }: House): ReadonlySet<string> {
  const text = documents.find(({ path }) => path === "ARCHITECTURE.md")?.text ?? "";
  const section = text.split(/^## /m).find((part) => part.startsWith("Words")) ?? "";
  return new Set([...section.matchAll(/^\| ([a-z ]+?) \|/gm)].map((row) => (row[1] as string).replaceAll(" ", "")));
}

function halfOf(file: string): string {
  return /^src\/(billing|sandbox|kit|testing|cli)\//.exec(file)?.[0] ?? "the rest";
}
