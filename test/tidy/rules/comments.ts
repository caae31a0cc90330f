// Words around the code: every file says what it is, and what a comment points to is in the repository.
import path from "node:path";
import type { Finding, House, Rule } from "../house.ts";
import { commentsOf, isTest } from "../source.ts";

export const openingLines: Rule = {
  says: "every file opens with a line that says what it is",
  find: ({ files }) =>
    files
      // A test's name and its sentences say it.
      .filter((file) => !isTest(file.path) && !/^(#!.*\n)?(\/\/ |\/\*\*)/.test(file.text))
      .map((file) => ({ where: file.path, what: "begins with code: begin with one line that says what it is" })),
};

export const comments: Rule = {
  says: "a comment points only to what is in the repository",
  find: (house) => [
    ...house.files
      .filter((file) => !file.path.startsWith("test/tidy"))
      .flatMap((file) => commentsOf(file).flatMap(({ text, line }) => nowhere(house, { file: file.path, line, text }))),
    ...house.documents.flatMap(({ path: file, text }) =>
      text
        .split("\n")
        .flatMap((words, index) => nowhere(house, { file, line: index + 1, text: words, saved: savedIn(text) })),
    ),
  ],
};

interface Words {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** Files that the reader of a guide has made by then. */
  readonly saved?: readonly string[];
}

function savedIn(guide: string): string[] {
  return Array.from(guide.matchAll(/Save this as `([^`]+)`/g), ([, name = ""]) => `./${name}`);
}

/** What speaks of a page of rules that a reader does not have. */
const elsewhere = /§ ?\d|\brules? \d+\b/;

/** A path with a folder and an ending; addresses of the web are somebody else's. `a/{b,c}.ts` names two files. */
const pathLike = /(?<![\w/.:@*{$-])(?:[\w.@/-]|\{[\w./,-]+\})+\.(?:ts|tsx|js|mjs|cjs|md|json|py)\b(?!\/)/g;

function nowhere(house: House, { file, line, text, saved = [] }: Words): Finding[] {
  const where = `${file}:${line}`;
  // A rule may be named by its number beside the page that numbers it, and on that page.
  const isNamedWithPage = /docs\/design\/\w+\.md/.test(`${file} ${text}`);
  const rule = elsewhere.exec(isNamedWithPage ? text.replace(/\b[Rr]ules? \d+/g, "") : text)?.[0];
  const found: Finding[] = rule
    ? [{ where, what: `"${rule}" is not in the repository: say it, or name docs/design/…` }]
    : [];
  for (const [named] of text.replace(/https?:\/\/\S+/g, "").matchAll(pathLike)) {
    // What begins with a slash is an address of ours, not a file.
    if (!named.includes("/") || named.startsWith("/") || saved.includes(named)) continue;
    if (spellings(named).every((one) => exists(house, file, one))) continue;
    found.push({ where, what: `${named} does not exist: name what does` });
  }
  return found;
}

function spellings(named: string): string[] {
  const braces = /\{([^}]*)\}/.exec(named);
  if (!braces) return [named];
  return (braces[1] as string).split(",").flatMap((one) => spellings(named.replace(braces[0], one)));
}

/** From the root, from the file's folder, or the end of a path: `kernel/journal/try.ts` is enough to find it. */
function exists({ paths }: House, file: string, named: string): boolean {
  const beside = path.posix.join(path.posix.dirname(file), named);
  return paths.has(named) || paths.has(beside) || [...paths].some((one) => one.endsWith(`/${named}`));
}

const unfinished = ["FIX", "ME"].join("");

export const unfinishedWork: Rule = {
  says: "nothing unfinished is merged",
  find: ({ files, documents }) =>
    [...files, ...documents].flatMap((file) =>
      file.text
        .split("\n")
        .flatMap((line, index) =>
          line.includes(unfinished) ? [{ where: `${file.path}:${index + 1}`, what: `finish it: ${line.trim()}` }] : [],
        ),
    ),
};
