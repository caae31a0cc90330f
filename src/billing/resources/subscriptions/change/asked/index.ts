// What is asked of a subscription: the wish, how it stands, what it is to become, and what that is billed. The folder's
// only door.
export { amountsOf, type Bill, billOf, billShape, isImmediate, isSameBill, saysOf } from "./bill.ts";
export {
  periodOf,
  readMirrored,
  refused,
  refuseSchedule,
  refuseState,
  refuseUnpayable,
  type Standing,
  standingOf,
} from "./standing.ts";
export { type Target, targetOf, wayBack } from "./target.ts";
export { type ChangeWish, changeFields, checkChange, invalid, readWish, wishText } from "./wish.ts";
