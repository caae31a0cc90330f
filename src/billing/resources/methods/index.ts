// Methods: the cards and accounts of customers.
import type { Billing } from "../../api/index.ts";
import type { Manifest } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { checkId } from "../input.ts";
import { methodKind } from "./methods.ts";
import { listMethods } from "./read.ts";
import { methodsTables } from "./tables.ts";

export function createMethods(core: BillingCore): Billing["methods"] {
  return {
    list: (customerId) => core.command(async () => listMethods(core, checkId("customerId", customerId))),
  };
}

export const methodsManifest: Manifest = {
  name: "methods",
  tables: methodsTables,
  facts: {},
  kinds: [methodKind],
  events: [
    "payment_method.attached",
    "payment_method.detached",
    "payment_method.updated",
    "payment_method.automatically_updated",
  ],
  verbs: [],
  reactions: [],
  timers: [],
};
