// Schedules of subscriptions: what these are to become, and when. The folder's only door.
export { onScheduleSeen } from "./follow.ts";
export { scheduleEvents, scheduleKind } from "./kind.ts";
export {
  isSameSold,
  isThrough,
  type Planned,
  plannedOf,
  type Quantity,
  quantityOf,
  type ScheduleMirror,
} from "./schedules.ts";
