// What a restricted key must be allowed to do stands in a guide, and is what is asked of Stripe: by an import, by looks
// at every kind of object, and by every verb. The sandbox's restricted keys may do all, so that the requests tell.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { onEachDatabase } from "#kit/sql/testing.ts";
import type { BillingTables } from "./kernel/store/tables.ts";
import { openAccount } from "./resources/imports/testing.ts";
import { manifests } from "./resources/index.ts";
import { startWorld } from "./testing/index.ts";
import { verbs } from "./testing/verbs.table.ts";

type Right = "read" | "write";
type Rights = ReadonlyMap<string, Right>;

const guide = readFileSync(new URL("../../docs/guides/connect.md", import.meta.url), "utf8");
const rows = [...guide.matchAll(/^\| `(\w+)`[^|]*\| (read) \| (read|write)[^|]*\|$/gm)];
const ofImport: Rights = new Map(rows.map(([, noun = "", right]) => [noun, right as Right]));
const ofBilling: Rights = new Map(rows.map(([, noun = "", , right]) => [noun, right as Right]));

/** `POST /v1/customers/cus_1/tax_ids` is of customers, and so is a tax id. */
function nounOf(path: string): string {
  const noun = /\/v1\/(\w+)/.exec(path)?.[1] ?? assert.fail(path);
  return noun === "tax_ids" ? "customers" : noun;
}

onEachDatabase<BillingTables>("an import reads what the guide says, and nothing else", async ({ url }) => {
  const world = await startWorld({ url, isStarted: false });
  await openAccount(world, 10);
  const before = world.requests.length;
  await world.run(world.billing.import({ idFrom: { metadata: "user_id" } }));
  const asked = world.requests.slice(before);
  assert.deepEqual(
    asked.filter((request) => !request.startsWith("GET ")),
    [],
  );
  const nouns = new Set(asked.filter((request) => request !== "GET /v1/account").map(nounOf));
  assert.deepEqual([...nouns].filter((noun) => !ofImport.has(noun)).sort(), []);
  await world.close();
});

test("billing reads every kind that it mirrors, and writes what its verbs are about, as the guide says", () => {
  const paths = manifests.flatMap(({ kinds }) =>
    kinds.flatMap(({ path, list, lists = [], ofCustomer }) => [
      path("id_1"),
      ...lists.map((paged) => paged.path("id_1")),
      ...(list ? [list.path] : []),
      ...(ofCustomer ? [ofCustomer] : []),
    ]),
  );
  const read = new Set(paths.map(nounOf));
  assert.deepEqual([...read].filter((noun) => !ofBilling.has(noun)).sort(), []);
  const written = new Set(Object.values(verbs).map(({ request }) => nounOf(request)));
  assert.deepEqual([...written].filter((noun) => ofBilling.get(noun) !== "write").sort(), []);
});
