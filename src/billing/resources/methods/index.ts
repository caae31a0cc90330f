// Methods: the cards and accounts of customers.
import { problem } from "#kit/problems.ts";
import { type Billing, methodIdPattern } from "../../api/index.ts";
import type { Manifest } from "../../kernel/contract/manifest.ts";
import type { BillingCore } from "../../kernel/core.ts";
import { checkId } from "../input.ts";
import { markReadIn } from "../read_once.ts";
import { onClockedCustomer } from "./clocks.ts";
import { expiringTimer, onCardChanged, onClockMoved } from "./expiring.ts";
import { methodsFacts } from "./facts.table.ts";
import { onDefaultChanged, onMethodChanged, onMethodGone } from "./follow.ts";
import { methodKind } from "./methods.ts";
import { listMethods } from "./read.ts";
import { remove, removeMethod } from "./remove.ts";
import { setDefault, setDefaultMethod } from "./set_default.ts";
import {
  collect,
  collectMethod,
  type OpenSetupLink,
  onSetupChanged,
  settledCollection,
  setupKind,
} from "./setup/index.ts";
import { methodsTables } from "./tables.ts";

export { chargeableMethod, defaultMethodOf } from "./chargeable.ts";
export { listMethods } from "./read.ts";
export { askSetup, type OpenSetupLink } from "./setup/index.ts";

export function createMethods(core: BillingCore, openLink: OpenSetupLink): Billing["methods"] {
  return {
    collect: (customerId, given) =>
      core.command(async () => collectMethod(core, openLink, { customerId: checkId("customerId", customerId), given })),
    settled: (customerId, id) =>
      core.command(async () =>
        settledCollection(core, { customerId: checkId("customerId", customerId), id: checkId("id", id) }),
      ),
    list: (customerId) => core.command(async () => listMethods(core, checkId("customerId", customerId))),
    setDefault: (customerId, methodId, options) =>
      core.command(async () => setDefaultMethod(core, checkNames(customerId, methodId), options)),
    remove: (customerId, methodId, options = {}) =>
      core.command(async () => removeMethod(core, checkNames(customerId, methodId), options)),
  };
}

/** Stripe's id goes into a path. */
function checkNames(customerId: string, methodId: string): { customerId: string; methodId: string } {
  if (typeof methodId === "string" && methodIdPattern.test(methodId)) {
    return { customerId: checkId("customerId", customerId), methodId };
  }
  throw problem("invalid_params", "methodId is Stripe's id of a method, such as pm_1TqK2mFzYw8rJd5v", {
    hint: "`methods.list()` shows them.",
    details: { field: "methodId" },
  });
}

export const methodsManifest: Manifest = {
  name: "methods",
  allRead: (tx, read) => markReadIn(tx, "methods_read", read),
  tables: methodsTables,
  facts: methodsFacts,
  kinds: [methodKind, setupKind],
  events: [
    "payment_method.attached",
    "payment_method.detached",
    "payment_method.updated",
    "payment_method.automatically_updated",
    "setup_intent.created",
    "setup_intent.requires_action",
    "setup_intent.setup_failed",
    "setup_intent.succeeded",
    "setup_intent.canceled",
  ],
  verbs: [collect, setDefault, remove],
  reactions: [
    onSetupChanged,
    onMethodChanged,
    onMethodGone,
    onDefaultChanged,
    onClockedCustomer,
    onCardChanged,
    onClockMoved,
  ],
  timers: [expiringTimer],
};
