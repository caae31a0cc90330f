// Setups: how a way to pay is collected. The folder's only door.
export { askSetup, collect, collectMethod, type OpenSetupLink, settledCollection } from "./collect.ts";
export { onSetupChanged } from "./follow.ts";
export { setupKind } from "./setups.ts";
