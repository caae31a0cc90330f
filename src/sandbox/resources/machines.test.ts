// Every machine of the manifests: each status against each action is taken, or refused in words that are whole.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { AnyMachine, Machine } from "../kernel/state/machine.ts";
import { StripeError } from "../kernel/words/errors.ts";
import { resources } from "./index.ts";

const machines = resources.flatMap(({ machine }) => (machine ? [machine as AnyMachine & Machine] : []));

suite("machines", () => {
  for (const { noun, actions, refuse } of machines) {
    const rows = Object.entries(actions);
    const statuses = new Set(rows.flatMap(([, { from, to }]) => [...from, ...Object.keys(to)]));
    statuses.delete("new");

    test(`${noun.object}: every status is reached, and every refusal of ${rows.length} actions is whole`, () => {
      for (const status of statuses) {
        assert.ok(
          rows.some(([, { to }]) => status in to),
          `nothing leads to ${status}`,
        );
        for (const [action, { from }] of rows) {
          if (from.includes(status) || from.includes("new")) continue;
          const refused = refuse({ id: "x_1", object: noun.object, status }, action, from);
          assert.ok(refused instanceof StripeError && refused.message.length > 0, `${status} × ${action}`);
          assert.doesNotMatch(refused.message, /undefined|\{|\}/, `${status} × ${action}`);
        }
      }
    });
  }

  test("a noun whose objects have a status by themselves says so in its manifest", () => {
    assert.ok(machines.length >= 12);
    assert.equal(new Set(machines.map(({ noun }) => noun.object)).size, machines.length);
  });
});
