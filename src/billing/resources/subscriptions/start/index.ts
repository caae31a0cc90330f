// How a subscription begins. The folder's only door.
export { onSlotGone, onSlotsMoved, onStartSeen } from "./follow.ts";
export { startSubscription } from "./start.ts";
export { endUnpaid } from "./unpaid.ts";
export { start } from "./verb.ts";
