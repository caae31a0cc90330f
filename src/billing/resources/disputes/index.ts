// Disputes: seen and flagged. The folder's only door.
import type { Manifest } from "../../kernel/contract/manifest.ts";
import { disputeKind, heldDisputes, onDisputeChanged, onDisputeClaims, onDisputeInvoice } from "./disputes.ts";

export type { DisputeMirror } from "./disputes.ts";

export const disputesManifest: Manifest = {
  name: "disputes",
  tables: { migrations: [], columns: {} },
  facts: {},
  kinds: [disputeKind],
  events: ["charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed"],
  verbs: [],
  reactions: [onDisputeChanged, onDisputeClaims, onDisputeInvoice],
  timers: [heldDisputes],
};
