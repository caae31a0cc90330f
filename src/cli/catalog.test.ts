// `bursar catalog`: a file is planned and applied on a running sandbox, by hand and by a deploy.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { inTerminal, newFolder, startBursar } from "./testing.ts";

const catalog = (eur: number, more = "") => `
  const pro: object = { name: "Pro", prices: { month: { eur: ${eur} } }${more} };
  export const catalog = { plans: { pro } };
`;

/** Runs it to its end; with a folder of its own, in which the catalog lies. */
async function run(t: TestContext, cwd: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { ended, output, errors } = startBursar(t, ["catalog", ...argv], env, { cwd });
  return { code: await ended, output: output(), errors: errors() };
}

test("a catalog is planned and applied, and drift is said", async (t) => {
  const cwd = newFolder(t);
  const sandbox = startBursar(t, ["sandbox", "--port", "0"]);
  const stripeBase = await sandbox.find(/local Stripe on (http:\/\/\S+?)\. /);
  const env = { BURSAR_STRIPE_BASE: stripeBase };
  const write = (text: string) => writeFileSync(path.join(cwd, "catalog.ts"), text);
  write(catalog(1900));
  const first = await run(t, cwd, ["plan"], env);
  assert.equal(first.code, 2, first.errors);
  const [which, whose, ...lines] = first.output.split("\n");
  assert.match(
    `${which} ${whose}`,
    /^Stripe: the sandbox at \S+ No real money can move\. Catalog: catalog\.ts, database /,
  );
  assert.deepEqual(
    lines.filter((line) => line.startsWith("+")),
    ["+ create product bursar-pro", "+ create price bursar-pro-month-eur"],
  );

  const unasked = await run(t, cwd, ["apply"], env);
  assert.deepEqual([unasked.code, unasked.output], [1, ""]);
  assert.match(unasked.errors, /Nobody is there to be asked\.\n {2}Say --yes \(BURSAR_CATALOG_YES\)/);
  const applied = await run(t, cwd, ["apply", "--yes"], env);
  assert.equal(applied.code, 0, applied.errors);
  assert.match(
    applied.output,
    / 1 of 2 {2}create product bursar-pro\n {2}2 of 2 {2}create price bursar-pro-month-eur\n/,
  );
  assert.match(applied.output, /Done: 2 changes\. Stripe is as the catalog bursar says\.\n$/);
  const nothing = await run(t, cwd, ["plan", "catalog.ts"], env);
  assert.deepEqual([nothing.code, nothing.output.split("\n").at(-2)], [0, "Stripe is as the catalog bursar says."]);

  write(catalog(1900, ", trialDays: 14"));
  const ours = await run(t, cwd, ["plan"], env);
  assert.deepEqual(
    [ours.code, ours.output.includes("It was not applied as it is now")],
    [2, true],
    "what is ours alone",
  );

  write(catalog(2100));
  const headers = { authorization: "Bearer sk_test_bursar" };
  const form = new URLSearchParams({ name: "Professional" });
  await fetch(`${stripeBase}/v1/products/bursar-pro`, { method: "POST", headers, body: form });
  const drift = await run(t, cwd, ["plan", "--json"], env);
  assert.equal(drift.code, 2, drift.errors);
  const plan = JSON.parse(drift.output);
  assert.deepEqual(
    plan.changes.map(({ action, kind, isDrift }: Record<string, unknown>) => [action, kind, isDrift]),
    [
      ["update", "product", true],
      ["replace", "price", false],
      ["archive", "price", false],
    ],
  );
  assert.match(drift.errors, /^Stripe: the sandbox/, "what people read is beside the data");
  const terminal = inTerminal();
  if (terminal) {
    const asked = startBursar(t, ["catalog", "apply"], env, { command: terminal, cwd });
    await asked.find(/(Apply these 3 changes\?)/);
    asked.write("no\n");
    assert.equal(await asked.ended, 1);
    const agreed = startBursar(t, ["catalog", "apply"], env, { command: terminal, cwd });
    await agreed.find(/(which was changed at Stripe since it was applied)/);
    await agreed.find(/(Apply these 3 changes\?)/);
    agreed.write("yes\n");
    assert.equal(await agreed.ended, 0, agreed.output());
    const { output } = await run(t, cwd, ["apply", "--yes", "--json"], env);
    assert.deepEqual(JSON.parse(output).value.changes, []);
  }
  assert.equal(await sandbox.end("SIGINT"), 0);
});

test("what holds no catalog is refused with its name, what it exports and the place of the wrong field", async (t) => {
  const cwd = newFolder(t);
  const write = (name: string, text: string) => writeFileSync(path.join(cwd, name), text);
  write("typo.json", JSON.stringify({ plans: { pro: { name: "Pro", prices: { mont: { eur: 1 } } } } }));
  write("cut.json", '{ "plans": ');
  write("list.mjs", "export default [];");
  write("later.mjs", "export default Promise.resolve({});");
  write("other.mjs", "export const plans = {};");
  write("broken.mjs", "throw new Error('no such luck');");
  write("notes.txt", "");
  const rows: readonly (readonly [argv: readonly string[], message: RegExp, env?: NodeJS.ProcessEnv])[] = [
    [["plan"], /There is no catalog in .*\n.*catalog\.ts or bursar\.catalog\.ts/],
    [["plan", "none.ts"], /There is no file none\.ts/],
    [["plan", "notes.txt"], /notes\.txt is neither a module nor JSON/],
    [["plan", "typo.json"], /typo\.json: plans\.pro\.prices\.mont is not how often/],
    [["plan", "cut.json"], /cut\.json is not JSON/],
    [["plan", "list.mjs"], /list\.mjs exports a list, and no catalog/],
    [["plan", "later.mjs"], /later\.mjs exports a promise/],
    [["plan", "other.mjs"], /other\.mjs exports plans, and no catalog[\s\S]*defineCatalog/],
    [["plan", "broken.mjs"], /broken\.mjs cannot be loaded: no such luck/],
    [["plan", "list.mjs", "--stripe", "api"], /no secret key/],
    [["aply"], /Allowed choices are plan, apply/],
    [["plan", "--jsn"], /unknown option '--jsn'/],
    [["plan", "typo.json"], /live key, and billing would talk to the sandbox/, { STRIPE_SECRET_KEY: "sk_live_abcdef" }],
  ];
  for (const [argv, message, env] of rows) {
    const { code, errors } = await run(t, cwd, argv, env);
    assert.match(errors, message);
    assert.deepEqual([code, errors.includes("    at ")], [1, false], `${argv}: 2 is an answer of plan`);
  }
});
