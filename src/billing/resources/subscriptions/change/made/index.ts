// How changes are made at Stripe, and what becomes of those that wait for their money. The folder's only door.
export { type ChangeParams, change, discountSubject, type SentDiscount } from "./change_verb.ts";
export { onChangeBilled, onChangeOverdue, onPlanThrough, onSubscriptionChanged } from "./follow.ts";
export { type PlanParams, plan } from "./plan_verb.ts";
export { drop, release } from "./take_back.ts";
