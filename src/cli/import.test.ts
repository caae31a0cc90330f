// `bursar import`: an account of a running sandbox is taken in, stopped and gone on with.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import type { ImportReport } from "../billing/api/index.ts";
import { progressTo } from "./lines/index.ts";
import { newFolder, startBursar, until } from "./testing.ts";

async function startAccount(t: TestContext, count: number) {
  const cwd = newFolder(t);
  const sandbox = startBursar(t, ["sandbox", "--port", "0"]);
  const base = await sandbox.find(/local Stripe on (http:\/\/\S+?)\. /);
  const headers = { authorization: "Bearer sk_test_bursar" };
  for (let n = 1; n <= count; n++) {
    const body = new URLSearchParams({ "metadata[user_id]": `user_${n}`, payment_method: "pm_card_visa" });
    assert.equal((await fetch(`${base}/v1/customers`, { method: "POST", headers, body })).status, 200);
  }
  const start = (argv: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    startBursar(t, ["import", ...argv], { BURSAR_STRIPE_BASE: base, ...env }, { cwd });
  return {
    cwd,
    base,
    start,
    async run(argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
      const { ended, output, errors } = start(argv, env);
      return { code: await ended, output: output(), errors: errors() };
    },
  };
}

test("an account is looked at, taken in, and found as it was", async (t) => {
  const { cwd, base, run } = await startAccount(t, 3);
  const headers = { authorization: "Bearer sk_test_bursar" };
  const eve = (await (await fetch(`${base}/v1/customers`, { method: "POST", headers })).json()) as { id: string };
  const dry = await run(["--id-from", "metadata:user_id", "--dry-run"]);
  assert.equal(dry.code, 0, dry.errors);
  const [which, whose, , said] = dry.output.split("\n");
  assert.match(
    `${which} ${whose}`,
    /^Stripe: the sandbox at \S+ No real money can move\. Database sqlite:\S+billing\.sqlite\. /,
  );
  assert.equal(said, "3 of 4 customers can be placed. This was a dry run: nothing was taken in.");
  assert.match(dry.errors, /^ {2}1 of \d+ {2}customers: 4$/m, "elsewhere than on a terminal: a line for each stage");
  assert.ok(!dry.errors.includes("\u001b"), "and nothing that moves its cursor");
  const first = await run(["--id-from", "metadata:user_id"]);
  assert.match(
    first.output,
    new RegExp(`1 could not be placed:\n {2}${eve.id} {2}no_id: metadata\\.user_id says no id`),
  );
  const again = await run(["--json"], { BURSAR_IMPORT_ID_FROM: "metadata:user_id" });
  const report = JSON.parse(again.output) as ImportReport;
  assert.deepEqual([report.customers, report.isDryRun], [{ found: 4, placed: 3 }, false]);
  assert.equal(`${report.text}\n`, first.output.split("\n").slice(3).join("\n"), "given once more it reports the same");
  writeFileSync(path.join(cwd, "ids.csv"), `stripe_customer_id,host_id\n${eve.id},"user_4"\n`);
  const byFile = JSON.parse((await run(["--ids", "ids.csv", "--json"])).output) as ImportReport;
  assert.deepEqual(byFile.customers, { found: 4, placed: 4 });
});

test("what it cannot begin with is refused by name, and before anything is opened", async (t) => {
  const { cwd, run } = await startAccount(t, 0);
  writeFileSync(path.join(cwd, "ids.csv"), "a,b\n");
  const live = { STRIPE_SECRET_KEY: "sk_live_1" };
  const table: [readonly string[], NodeJS.ProcessEnv, number, RegExp][] = [
    [
      [],
      {},
      1,
      /Say where your ids of the customers stand\.\n {2}--id-from metadata:NAME \(BURSAR_IMPORT_ID_FROM\), or --ids/,
    ],
    [["--id-from", "metadata:a", "--ids", "ids.csv"], {}, 1, /one of them/],
    [["--id-from", "email"], {}, 2, /"email" is not metadata:NAME/],
    [["--ids", "none.csv"], {}, 1, /none\.csv cannot be read\./],
    [
      ["--ids", "ids.csv"],
      {},
      1,
      /The file of ids does not begin with its columns' names\n {2}Its first line is stripe_customer_id,host_id/,
    ],
    [["--id-from", "metadata:a"], live, 1, /live key, and billing would talk to the sandbox/],
    [["--id-from", "metadata:a", "--stripe", "api"], { BURSAR_STRIPE_BASE: undefined }, 1, /There is no secret key/],
    [["--id-form", "metadata:a"], {}, 2, /Did you mean --id-from\?/],
  ];
  for (const [argv, env, code, said] of table) {
    const { errors, ...ended } = await run(argv, env);
    assert.equal(ended.code, code, errors);
    assert.match(errors, said);
  }
});

test("Ctrl-C stops it, and the same command goes on", async (t) => {
  const { start, run } = await startAccount(t, 60); // their methods alone take some seconds: so many may be asked for
  const stopped = start(["--id-from", "metadata:user_id", "--json"]);
  await until("the customers", async () => stopped.errors().includes("customers: 60"));
  assert.equal(await stopped.end("SIGINT"), 1);
  assert.match(stopped.errors(), /bursar: Stopped before the end\.\n {2}Nothing is lost: the same command goes on/);
  assert.equal(stopped.output(), "");
  const { output, errors } = await run(["--id-from", "metadata:user_id", "--json"]);
  assert.deepEqual((JSON.parse(output) as ImportReport).customers, { found: 60, placed: 60 });
  assert.ok(!errors.includes("  customers: 60"), "what was read is not read again");
});

test("on a terminal one line is written over, as wide as it is", () => {
  const said: string[] = [];
  const { hear, end } = progressTo({ isTTY: true, columns: 54, write: (text) => said.push(text) });
  hear({ stage: "customers", nth: 1, stages: 9, done: 100, total: null });
  hear({ stage: "placing", nth: 2, stages: 9, done: 5_000, total: 10_000 });
  hear({ stage: "placing", nth: 2, stages: 9, done: 10_000, total: 10_000 });
  end();
  assert.deepEqual(said, [
    "\r\u001b[K  1 of 9  customers: 100",
    "\r\u001b[K  1 of 9  customers: 100\n",
    "\r\u001b[K  2 of 9  ████████████░░░░░░░░░░░░  placing: 5,000 of",
    "\r\u001b[K  2 of 9  ████████████████████████  placing: 10,000 o",
    "\r\u001b[K  2 of 9  placing: 10,000\n",
  ]);
});
