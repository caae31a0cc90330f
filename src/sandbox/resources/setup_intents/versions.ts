// What a setup intent's parameters meant before each family of versions; newest first. They are those of a payment.
import type { VersionChange } from "../../kernel/versions/change.ts";
import { cardsByDefault, refuseTypesInPreview } from "../payment_intents/index.ts";

export const setupIntentVersions: readonly VersionChange[] = [
  {
    family: "endive",
    up: [{ since: "2026-09-30", operations: /^POST \/v1\/setup_intents(?:\/:id)?$/, lift: refuseTypesInPreview }],
  },
  {
    family: "2024-06-20",
    up: [{ since: "2023-08-16", operations: /^POST \/v1\/setup_intents$/, lift: cardsByDefault }],
  },
];
