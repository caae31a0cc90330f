// Subscriptions that end, and whose end is taken back. The folder's only door.
export { cancelSubscription } from "./cancel.ts";
export { cancel } from "./cancel_verb.ts";
export { ofSchedule, releasing } from "./schedule.ts";
export { undo, undoCancel } from "./undo.ts";
