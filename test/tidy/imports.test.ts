// The rules about who may know whom, each shown to fire.
import assert from "node:assert/strict";
import { test } from "node:test";
import { arrows } from "./rules/arrows.ts";
import { cycles } from "./rules/cycles.ts";
import { doors } from "./rules/doors.ts";
import { order } from "./rules/order.ts";
import { noTenants, ownTables } from "./rules/tenants.ts";
import { deadExports, unwantedFiles } from "./rules/unwanted.ts";
import { foundBy } from "./testing.ts";

test("the arrows: sandbox and billing may not know each other, not even by type", () => {
  for (const word of ["import", "import type"]) {
    const found = foundBy(arrows, { "src/billing/kernel/x.ts": `${word} { a } from "../../sandbox/index.ts";` });
    assert.match(found, /x\.ts:1: src\/billing\/kernel may not import .*: move what is needed below both/);
  }
});

test("the arrows: a type written as import(…) is an import, in TypeScript and in JavaScript's comments", () => {
  assert.match(foundBy(arrows, { "src/kit/x.ts": `let a: import("../sandbox/index.ts").Sandbox;` }), /may not import/);
  const script = { "src/kit/x.js": `/** @type {import("../sandbox/index.js").Sandbox} */ export let a;` };
  assert.match(foundBy(arrows, script), /src\/kit may not import/);
});

test("the arrows: only the gateway takes values from stripe", () => {
  const text = `import Stripe from "stripe";`;
  assert.match(foundBy(arrows, { "src/billing/kernel/inbox/work.ts": text }), /may not import stripe/);
  assert.equal(foundBy(arrows, { "src/billing/kernel/stripe/gateway.ts": text }), "");
  assert.equal(foundBy(arrows, { "src/billing/kernel/inbox/work.ts": `import type S from "stripe";` }), "");
});

test("the arrows: a room of a kernel imports only rooms below it, be it for a type", () => {
  for (const word of ["import", "import type"]) {
    const up = { "src/billing/kernel/outbox/x.ts": `${word} { a } from "../inbox/work.ts";` };
    assert.match(foundBy(arrows, up), /src\/billing\/kernel\/outbox may not import \.\.\/inbox\/work\.ts/);
    const guest = { "src/billing/kernel/stripe/gateway.ts": `${word} { a } from "../contract/context.ts";` };
    assert.match(foundBy(arrows, guest), /gateway\.ts may not import \.\.\/contract\/context\.ts/);
    const world = { "src/sandbox/kernel/state/unit.ts": `${word} { a } from "../keep/journal.ts";` };
    assert.match(foundBy(arrows, world), /src\/sandbox\/kernel\/state may not import/);
  }
  const down = { "src/billing/kernel/inbox/x.ts": `import { a } from "../changes/react.ts";` };
  assert.equal(foundBy(arrows, down), "");
});

test("the arrows: a file outside every layer is told so", () => {
  assert.match(foundBy(arrows, { "src/misc.ts": "" }), /lives in no layer: give its folder a row/);
});

test("the arrows: what helps tests obeys as product code does", () => {
  const text = `import { a } from "../../sandbox/index.ts";`;
  assert.match(foundBy(arrows, { "src/billing/kernel/testing.ts": text }), /may not import/);
  assert.match(foundBy(arrows, { "src/testing/x.ts": `import "../cli/main.ts";` }), /src\/testing may not import/);
});

test("a door: nobody outside a folder reaches past its index.ts, also between resources", () => {
  const files = { "src/sandbox/resources/charges/index.ts": "", "src/sandbox/resources/charges/charge.ts": "" };
  const past = `import { a } from "../charges/charge.ts";`;
  const found = foundBy(doors, { ...files, "src/sandbox/resources/refunds/actions.ts": past });
  assert.match(
    found,
    /actions\.ts:1: reaches past src\/sandbox\/resources\/charges\/index\.ts .*: let the door offer it/,
  );
  const through = `import { a } from "../charges/index.ts";`;
  assert.equal(foundBy(doors, { ...files, "src/sandbox/resources/refunds/actions.ts": through }), "");
  assert.equal(foundBy(doors, { ...files, "src/sandbox/resources/charges/x.ts": `import "./charge.ts";` }), "");
  const table = `import { a } from "../charges/rows.table.ts";`;
  assert.equal(foundBy(doors, { ...files, "src/sandbox/resources/refunds/actions.ts": table }), "");
});

const resources = {
  "src/sandbox/resources/index.ts": [
    `import { low } from "./low/index.ts";`,
    `import { high } from "./high/index.ts";`,
    "export const resources = [low, high];",
  ].join("\n"),
};

test("the order of resources/index.ts: a lower resource may not know a higher one, not even by type", () => {
  for (const word of ["import", "import type"]) {
    const up = `${word} { a } from "../high/index.ts";`;
    const found = foundBy(order, { ...resources, "src/sandbox/resources/low/actions.ts": up });
    assert.match(found, /actions\.ts:1: low knows high, which is above it: make it a reaction of high/);
  }
  const down = `import { a } from "../low/index.ts";`;
  assert.equal(foundBy(order, { ...resources, "src/sandbox/resources/high/actions.ts": down }), "");
});

test("the order of resources/index.ts: when the list turns around, so does what is upward", () => {
  const list = resources["src/sandbox/resources/index.ts"].replace("[low, high]", "[high, low]");
  const up = { "src/sandbox/resources/low/actions.ts": `import { a } from "../high/index.ts";` };
  assert.equal(foundBy(order, { "src/sandbox/resources/index.ts": list, ...up }), "");
});

test("the order of resources/index.ts: a folder that the list forgets is found", () => {
  const found = foundBy(order, { ...resources, "src/sandbox/resources/lost/lost.ts": "" });
  assert.match(found, /lost has no place in src\/sandbox\/resources\/index\.ts/);
});

test("a cycle is found, also through a third file", () => {
  const found = foundBy(cycles, {
    "src/kit/a.ts": `import { b } from "./b.ts";`,
    "src/kit/b.ts": `import { c } from "./c.ts";`,
    "src/kit/c.ts": `import { a } from "./a.ts";`,
  });
  assert.match(found, /a\.ts → src\/kit\/b\.ts → src\/kit\/c\.ts → src\/kit\/a\.ts: put what both need/);
});

test("a cycle of types alone is found, be they written in one room", () => {
  const found = foundBy(cycles, {
    "src/kit/a.ts": `import type { B } from "./b.ts";`,
    "src/kit/b.ts": `import { type A, a } from "./a.ts";`,
  });
  assert.match(found, /a\.ts → src\/kit\/b\.ts → src\/kit\/a\.ts/);
});

test("a file nobody imports is found, and a test alone is nobody", () => {
  const lonely = { "src/kit/lonely.ts": "", "src/kit/lonely.test.ts": `import "./lonely.ts";` };
  assert.match(foundBy(unwantedFiles, lonely), /lonely\.ts: nobody imports it: delete it/);
  assert.equal(foundBy(unwantedFiles, { ...lonely, "src/cli/main.ts": `import "../kit/lonely.ts";` }), "");
  const helper = { "src/kit/testing.ts": "", "src/kit/x.test.ts": `import "./testing.ts";` };
  assert.equal(foundBy(unwantedFiles, helper), "");
});

test("a dead export is found: one for its own test alone is dead, and a door passes on only what is used", () => {
  const files = {
    "src/kit/a/a.ts": "export const used = 1;\nexport const tested = 2;\nexport const passed = 3;",
    "src/kit/a/a.test.ts": `import { tested } from "./a.ts";`,
    "src/kit/a/index.ts": `export { passed, used } from "./a.ts";`,
    "src/cli/main.ts": `import { used } from "../kit/a/index.ts";`,
  };
  assert.deepEqual(foundBy(deadExports, files).match(/^\S+ \w+(?= is exported)/gm), [
    "src/kit/a/a.ts:2: tested",
    "src/kit/a/a.ts:3: passed",
    "src/kit/a/index.ts:1: passed",
  ]);
});

test("a dead export is none when an exported signature names the type", () => {
  const text = "export interface Options { a: 1 }\nexport function open(options: Options) { return options; }";
  const user = { "src/cli/main.ts": `import { open } from "../kit/a.ts";` };
  assert.equal(foundBy(deadExports, { "src/kit/a.ts": text, ...user }), "");
});

test("a kernel that names a resource is found: its name, a path of its, an event of its, in a pattern too", () => {
  const lamps = { "src/sandbox/resources/lamps/index.ts": "" };
  for (const text of [
    `"lamp"`,
    `"lamps"`,
    `"/v1/lamps"`,
    `\`\${verb}.lamp.lit\``,
    `"lamp.lit"`,
    "/^POST \\/v1\\/lamps$/",
  ]) {
    const found = foundBy(noTenants, { ...lamps, "src/sandbox/kernel/x.ts": `export const a = ${text};` });
    assert.match(found, /x\.ts:1: names lamps?: let its manifest say/, text);
  }
  for (const fine of [`"a lamp is lit"`, `"lamp_shade"`, `"customer"`]) {
    assert.equal(foundBy(noTenants, { ...lamps, "src/sandbox/kernel/x.ts": `export const a = ${fine};` }), "", fine);
  }
  assert.equal(foundBy(noTenants, { ...lamps, "src/sandbox/resources/lamps/x.ts": `export const a = "lamp";` }), "");
});

test("a kernel that asks a table of a room is found, in a builder and in SQL", () => {
  const own = { "src/billing/kernel/store/tables.ts": "export interface BillingTables { calls: 1; lanes: 1 }" };
  const asked = (text: string) => foundBy(ownTables, { ...own, "src/billing/kernel/inbox/x.ts": text });
  for (const text of [`tx.selectFrom("orders")`, `tx.updateTable("orders as o")`, "sql`select id from orders`"]) {
    assert.match(asked(text), /x\.ts:1: asks orders, which is not the kernel's/, text);
  }
  for (const fine of [`tx.selectFrom("calls as c").innerJoin("lanes", "a", "b")`, "sql`update calls set n = 1`"]) {
    assert.equal(asked(fine), "", fine);
  }
});
