// A database that refuses the units that a test names: PostgreSQL loses its connections, SQLite is always busy.
import { problem } from "#kit/problems.ts";
import type { Faults } from "#kit/sql/engine.ts";
import { cutConnections } from "#kit/sql/postgres/testing.ts";
import type { EngineName } from "#kit/sql/testing.ts";

/** What is heard of it. */
export const isAway = { code: /^(sql_busy|database_unreachable)$/ };

/** Whatever is in `refused` is refused. */
export function createRefusing({ engine, url }: { engine: EngineName; url: string }) {
  const refused = new Set<string>();
  const faults: Faults = async ({ point, label }) => {
    if (point !== "statement" || !refused.has(label)) return;
    if (engine === "sqlite") throw problem("sql_busy", "Somebody else is writing");
    await cutConnections(url);
  };
  return { refused, faults };
}
