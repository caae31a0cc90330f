// What a subscription that runs is paid with, and what is taken off. The folder's only door.
export { activeCode } from "./code.ts";
export { discount, discountSubscription } from "./discount.ts";
export { setMethod, setSubscriptionMethod } from "./set_method.ts";
