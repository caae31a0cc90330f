// The import of an account that was at Stripe before. The folder's only door.
import type { Billing } from "../../api/index.ts";
import type { Manifest } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { importAccount } from "./run.ts";
import { importsTables } from "./tables.ts";

export function createImport(core: BillingCore): Billing["import"] {
  return (options) => importAccount(core, options);
}

export const importsManifest: Manifest = {
  name: "imports",
  tables: importsTables,
  facts: {},
  kinds: [],
  events: [],
  verbs: [],
  reactions: [],
  timers: [],
};
