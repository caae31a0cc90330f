// The rules about words, each shown to fire.
import assert from "node:assert/strict";
import { test } from "node:test";
import { comments, openingLines, unfinishedWork } from "./rules/comments.ts";
import { namesOfTheLibrary, oneWordOneType, plainNegation } from "./rules/words.ts";
import { foundBy } from "./testing.ts";

test("a file that does not say what it is is found", () => {
  for (const file of ["src/kit/x.ts", "src/kit/x.js", "scripts/x.mjs"]) {
    assert.match(foundBy(openingLines, { [file]: "export const a = 1;" }), /begin with one line that says what it is/);
  }
  assert.equal(foundBy(openingLines, { "bin/x.js": "#!/usr/bin/env node\n// Starts.\n" }), "");
});

test("a comment that points nowhere is found, in code and in documents", () => {
  for (const nowhere of ["as § 3 has it", "kept by rule 7"]) {
    assert.match(foundBy(comments, { "src/kit/x.ts": `// ${nowhere}` }), /is not in the repository/, nowhere);
  }
  assert.match(foundBy(comments, { "src/kit/x.ts": "/** See docs/design/gone.md. */" }), /gone\.md does not exist/);
  assert.match(foundBy(comments, { "README.md": "one\n`src/kit/gone.ts`" }), /README\.md:2: src\/kit\/gone\.ts does/);
});

test("a comment may point by the root, by its own folder, by the end of a path, and to two files at once", () => {
  const files = { "src/kit/a/b.ts": "", "src/kit/a/c.ts": "" };
  for (const path of ["src/kit/a/b.ts", "./a/b.ts", "kit/a/b.ts", "src/kit/a/{b,c}.ts", "https://x.com/a/gone.ts"]) {
    assert.equal(foundBy(comments, { ...files, "src/kit/x.ts": `// ${path}` }), "", path);
  }
  assert.equal(foundBy(comments, { "src/kit/x.ts": 'const url = "docs/gone.md"; // a text is not a comment' }), "");
});

test("rules that are numbered may be named beside the page that numbers them", () => {
  const page = { "docs/design/events.md": "Rule 7 is here." };
  assert.equal(foundBy(comments, { ...page, "src/kit/x.ts": "// docs/design/events.md, rule 7." }), "");
});

test("what is no such thing is found, and plain English is not", () => {
  const found = (text: string) => foundBy(plainNegation, { "README.md": text });
  assert.match(found("A token is no card."), /README\.md:1: "is no card…": say "is not a …"/);
  assert.match(found("These are no stored objects."), /say "is not a …"/);
  for (const fine of ["There is no card.", "It is no longer there.", "It is no use.", "It has no card."]) {
    assert.equal(found(fine), "", fine);
  }
});

const table = { "ARCHITECTURE.md": "## Words\n\n| word | meaning |\n|---|---|\n| lane | receipts of one customer |\n" };

test("a word of the table that names two types of one half is found", () => {
  const lane = (file: string) => ({ [file]: "export interface Lane { a: 1 }" });
  const both = { ...table, ...lane("src/billing/a.ts"), ...lane("src/billing/b.ts") };
  assert.match(foundBy(oneWordOneType, both), /b\.ts:1: lane names a type here and in src\/billing\/a\.ts:1/);
  assert.equal(foundBy(oneWordOneType, { ...table, ...lane("src/billing/a.ts"), ...lane("src/sandbox/b.ts") }), "");
});

test("a library that names a flag or a variable of the command line is found", () => {
  const found = (text: string) => foundBy(namesOfTheLibrary, { "src/billing/x.ts": `const hint = ${text};` });
  assert.match(found('"Set BURSAR_SECRET to it"'), /x\.ts:1: names BURSAR_SECRET: say the option's name/);
  assert.match(found('"Leave out --schema."'), /names --schema/);
  assert.equal(found('"Leave out `schema`. ".concat(":root { --ink: #fff; color: var(--ink) }")'), "");
});

test("unfinished work is found", () => {
  const word = ["FIX", "ME"].join("");
  assert.match(foundBy(unfinishedWork, { "src/kit/x.ts": `// ${word}: later` }), /finish it/);
});
