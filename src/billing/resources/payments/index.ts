// Payments: the mirror of PaymentIntents and charges. The folder's only door.
export {
  type ChargeMirror,
  type Failure,
  type PaymentIntentMirror,
  paymentIntentRow,
  paymentsManifest,
} from "./payments.ts";
