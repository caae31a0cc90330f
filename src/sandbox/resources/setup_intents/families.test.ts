// Setups, debits and redirects as every family of versions sees them, held against its own SDK's declarations.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { VersionFamily } from "../../kernel/versions/families.ts";
import { responseProblems, startWorld } from "../../testing.ts";

const versions: Readonly<Record<VersionFamily, string>> = {
  endive: "2026-10-28.endive",
  dahlia: "2026-08-26.dahlia",
  clover: "2025-09-30.clover",
  basil: "2025-03-31.basil",
  acacia: "2024-09-30.acacia",
  "2024-06-20": "2024-06-20",
  "2022-11-15": "2022-11-15",
  "2020-08-27": "2020-08-27",
};

const consent = "mandate_data[customer_acceptance][type]=offline";
const confirmed = "confirm=true&return_url=https://shop.test";
/** Older accounts list their methods; endive refuses the list. */
const listed = ["card", "sepa_debit", "ideal", "bancontact"].map((type) => `&payment_method_types[]=${type}`).join("");

function speaking(family: VersionFamily) {
  const world = startWorld();
  const headers = { "stripe-version": versions[family] };
  return async (operation: string, form = "", id = "") => {
    const [method = "", path = ""] = operation.split(" ");
    const { status, json } = await world.call(method, path.replace(":id", id), { form, headers });
    assert.equal(status, 200, `${operation}: ${JSON.stringify(json)}`);
    if (!path.includes("3ds2")) assert.deepEqual(responseProblems(operation, json, family), [], operation);
    return json;
  };
}

suite("setups, debits and redirects in every family", () => {
  for (const family of Object.keys(versions) as VersionFamily[]) {
    const types = family === "endive" ? "" : listed;

    test(`${family}: a card and an account are set up`, async () => {
      const say = speaking(family);
      for (const [method, more] of [
        ["pm_card_visa", ""],
        ["pm_sepaDebit_success_de", `&${consent}`],
      ] as const) {
        const form = `${confirmed}&payment_method=${method}${more}${types}`;
        const intent = await say("POST /v1/setup_intents", form);
        assert.equal(intent.status, "succeeded");
        await say("GET /v1/setup_attempts", `setup_intent=${intent.id}`);
        await say("GET /v1/payment_methods/:id", "", String(intent.payment_method));
        if (intent.mandate) await say("GET /v1/mandates/:id", "", String(intent.mandate));
      }
    });

    test(`${family}: an account is debited, and a redirect pays`, async () => {
      const say = speaking(family);
      const payment = `amount=1000&currency=eur&${confirmed}${types}`;
      const debited = await say(
        "POST /v1/payment_intents",
        `${payment}&payment_method=pm_sepaDebit_success_de&${consent}`,
      );
      assert.equal(debited.status, "processing");
      await say("GET /v1/charges", `payment_intent=${debited.id}`);
      for (const type of ["ideal", "bancontact"]) {
        const method = `payment_method_data[type]=${type}&payment_method_data[billing_details][name]=Jenny`;
        const intent = await say("POST /v1/payment_intents", `${payment}&${method}`);
        const outcome = `source=${intent.id}&client_secret=${intent.client_secret}&outcome=succeeded`;
        await say("POST /v1/3ds2/authenticate", outcome);
        await say("GET /v1/charges", `payment_intent=${intent.id}`);
        await say("GET /v1/payment_methods/:id", "", String(intent.payment_method));
      }
    });
  }
});
