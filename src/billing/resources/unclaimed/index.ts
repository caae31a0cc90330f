// What was paid and is not of an order: which invoice claims it, or a human. The folder's only door.
import type { Manifest } from "../../kernel/contract/manifest.ts";
import { onClaims, onDisputed, onInvoicePayment, onPaid, onRefunded, unclaimed } from "./follow.ts";
import { claimsKind } from "./unclaimed.ts";

export const unclaimedManifest: Manifest = {
  name: "unclaimed",
  tables: { migrations: [], columns: {} },
  facts: {},
  kinds: [claimsKind],
  events: [],
  verbs: [],
  reactions: [onInvoicePayment, onPaid, onRefunded, onDisputed, onClaims],
  timers: [unclaimed],
};
