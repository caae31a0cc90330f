export { createRefunds } from "./commands.ts";
export { refundsManifest } from "./refunds.ts";
