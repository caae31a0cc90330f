import { test } from "node:test";
import { assertMoves } from "../../testing.ts";
import { templateMachine } from "./template.ts";

test("a template in every status takes or refuses every action", () => {
  assertMoves(templateMachine, {
    new: { create: "active", archive: "refused", unarchive: "refused" },
    active: { create: "refused", archive: "archived", unarchive: "refused" },
    archived: { create: "refused", archive: "refused", unarchive: "active" },
  });
});
