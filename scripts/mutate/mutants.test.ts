// Which faults the mutation run plants, and how.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { type Mutant, mutantsOf, planted } from "./mutants.ts";
import { verdictsOf } from "./printed.ts";
import { type Survivor, survivors } from "./survivors.table.ts";
import { switched } from "./switched.ts";
import { targets } from "./targets.table.ts";
import { isOf, said, summaryOf } from "./verdicts.ts";
import { readWanted } from "./wanted.ts";

const root = path.resolve(import.meta.dirname, "../..");

function changesOf(source: string): string[] {
  return mutantsOf(source).map((mutant) => planted(source, mutant));
}

test("a comparison is moved by one and turned round", () => {
  assert.deepEqual(changesOf("x = a < b;"), [";", "x = a <= b;"]);
  assert.deepEqual(changesOf("x = a === b;"), [";", "x = a !== b;"]);
});

test("a condition is taken for true and for false, and a statement is left out", () => {
  assert.deepEqual(changesOf("if (a) b();"), ["if (true) b();", "if (false) b();", "if (a) ;"]);
  assert.deepEqual(changesOf("const x = a ? b : c;"), ["const x = true ? b : c;", "const x = false ? b : c;"]);
});

test("each part of a condition is left out", () => {
  assert.deepEqual(changesOf("const x = a && b && c;"), [
    "const x = a && b;",
    "const x = a && c;",
    "const x = b && c;",
  ]);
  assert.deepEqual(changesOf("const x = a || b;"), ["const x = a;", "const x = b;"]);
});

test("what is there is passed over for what stands in for it", () => {
  assert.deepEqual(changesOf("const x = a ?? b ?? c;"), ["const x = c;", "const x = b ?? c;"]);
});

test("a condition of a query is left out, and its operator is a comparison like another", () => {
  assert.deepEqual(changesOf('const q = db.all().where("a", "<", b);'), [
    "const q = db.all();",
    'const q = db.all().where("a", "<=", b);',
  ]);
});

test("what only a person reads is left alone", () => {
  const source = [
    'import a from "a";',
    "type T = true;",
    'core.log.info("a", { b: true });',
    "function logAll(a) { if (a) b(); }",
    "logAll(a);",
    'const t = "a" + b;',
    "const f = { ...g, a: true, b: true };",
  ].join("\n");
  assert.deepEqual(changesOf(source), []);
});

test("a mutant is told by the function that it stands in", () => {
  const source = [
    "function f() { const g = () => h.map((x) => x < 1); return 2 < 3; }",
    "const verb = define({ async find() { return 4 < 5; }, holds: (x) => x < 6 });",
    'const reaction = on("it", async () => { const y = 7 < 8; });',
  ];
  const places = mutantsOf(source.join("\n")).filter(({ becomes }) => becomes.includes("<="));
  assert.deepEqual(
    places.map(({ within, becomes }) => `${within}: ${becomes}`),
    ["g: x <= 1", "f: 2 <= 3", "find: 4 <= 5", "holds: x <= 6", "reaction: 7 <= 8"],
  );
});

/** What a function does, with all its mutants in it and one of them planted. */
function played(source: string, plantedId: number): unknown {
  const text = switched(source, mutantsOf(source), { asker: "file:///switch.ts", firstId: 0 });
  const body = text.replace(/^import .*?;/, "");
  return new Function("$m", "a", "b", `${body}\nreturn f(a, b);`)((id: number) => id === plantedId, 2, 3);
}

test("with all mutants in it a source does what it did, and with one planted what that one does", () => {
  const source = "let last = 0;\nfunction f(a, b) {\n  if (a < b && !last) last = a + b;\n  return last;\n}";
  const mutants = mutantsOf(source);
  assert.equal(played(source, -1), 5);
  for (const [id, mutant] of mutants.entries()) {
    const alone = new Function("a", "b", `${planted(source, mutant)}\nreturn f(a, b);`)(2, 3);
    assert.equal(played(source, id), alone, `${mutant.was} -> ${mutant.becomes}`);
  }
});

test("each line of a source stays where it was", () => {
  const source = "let x;\nif (\n  a === b\n) x = 1;\n";
  const text = switched(source, mutantsOf(source), { asker: "file:///switch.ts", firstId: 0 });
  assert.equal(text.split("\n").length, source.split("\n").length);
  assert.match(text.split("\n")[2] ?? "", /a === b/);
});

const [less] = mutantsOf("const x = a < b;") as [Mutant];
const explained: Survivor = {
  file: "a.ts",
  within: "x",
  was: "a < b",
  becomes: "a <= b",
  why: "They are never alike.",
};

test("a mutant that survived must be explained, and an explanation must be needed", () => {
  const verdict = (by: string | null) => [{ file: "a.ts", mutant: less, by, isReached: true }];
  assert.deepEqual(summaryOf(verdict(null), []).lines, [
    "SURVIVED  a.ts:1 a < b -> a <= b",
    ".: 1 mutants, 0 killed (0.0 %), 0 explained, 1 not explained",
    "all: 1 mutants, 0 killed (0.0 %), 0 explained, 1 not explained",
  ]);
  assert.match(summaryOf(verdict("a test"), [explained]).lines[0] ?? "", /^STALE {5}a\.ts x: a < b -> a <= b/);
  const killed = Array.from({ length: 9 }, () => verdict("a test")[0] as never);
  assert.equal(summaryOf([...killed, ...verdict(null)], []).isGood, false);
  const other = { ...less, was: "c < d" };
  const survived = { file: "a.ts", mutant: less, by: null, isReached: true };
  const nine = killed.map((one: typeof survived) => ({ ...one, mutant: other }));
  assert.equal(summaryOf([...nine, survived], [explained]).isGood, true);
  assert.equal(summaryOf([...nine.slice(1), survived], [explained]).isGood, false, "under nine in ten");
});

test("each survivor that is explained still stands in its file, once and in the order of the files", () => {
  const entry = ({ file, within, was, becomes }: Survivor) => `${file} ${within}: ${was} -> ${becomes}`;
  assert.deepEqual([...new Set(survivors.map(entry))], survivors.map(entry));
  assert.deepEqual(
    survivors.map(({ file }) => file).toSorted(),
    survivors.map(({ file }) => file),
  );
  for (const [file, those] of Map.groupBy(survivors, (one) => one.file)) {
    const mutants = mutantsOf(readFileSync(path.join(root, file), "utf8"));
    for (const one of those) {
      assert.ok(
        mutants.some((mutant) => isOf(one, { file, mutant })),
        `${entry(one)}: no such text`,
      );
      assert.match(one.why, /^[A-Z].{15,}\.$/, `${entry(one)}: the reason is a sentence`);
    }
  }
});

test("a run goes on where an earlier one was interrupted, or with what survived it", () => {
  const selection = { sample: undefined, seed: 1, again: undefined, but: undefined, isNear: false, by: "" };
  const wanted = (more: object) => readWanted(root, targets, { only: "kit/money.ts", ...selection, ...more }).wanted;
  const [first, second, ...others] = wanted({});
  assert.ok(first && second && others.length > 0);
  const lines = [
    said({ ...first, by: "money.test.ts: it is whole (that): 1 !== 2", isReached: true }),
    said({ ...second, by: null, isReached: true }),
  ];
  const printed = lines.map((line, n) => `[${n + 1}/40] ${line}`).join("\n");
  assert.deepEqual(wanted({ but: printed }), others);
  const again = wanted({ again: printed }).map(({ id }) => id);
  assert.deepEqual([again[0], again.includes(first.id)], [second.id, false]);
});

test("several runs are counted as one: killed is what any of them has killed", () => {
  const selection = { sample: undefined, seed: 1, again: undefined, but: undefined, isNear: true, by: "" };
  const { wanted } = readWanted(root, targets, { only: "kit/money.ts", ...selection });
  const [first, second] = wanted;
  assert.ok(first && second);
  const survived = { by: null, isReached: true };
  const runs = [
    { ...first, ...survived },
    { ...second, ...survived },
    { ...second, by: "money.test.ts: it is whole", isReached: true },
  ];
  const printed = runs.map((one, n) => `[${n + 1}/42] ${said(one)}`).join("\n");
  const counted = verdictsOf(printed, wanted).map(({ mutant, by }) => [mutant, by]);
  assert.deepEqual(counted, [
    [first.mutant, null],
    [second.mutant, "money.test.ts: it is whole"],
  ]);
});

test("every file and folder that the table names is there", () => {
  for (const place of targets.flatMap(({ places, tests }) => [...places, ...tests])) {
    assert.equal(statSync(path.join(root, place)).isDirectory(), place.endsWith("/"), place);
  }
});
