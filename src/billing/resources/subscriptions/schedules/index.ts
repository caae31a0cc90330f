// Schedules of subscriptions: what these are to become, and when. The folder's only door.
export { onScheduleSeen } from "./follow.ts";
export { scheduleEvents, scheduleKind } from "./kind.ts";
export { isSameSold, type Quantity, quantityOf } from "./schedules.ts";
