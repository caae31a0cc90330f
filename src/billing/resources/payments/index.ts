export {
  type ChargeMirror,
  type Failure,
  type PaymentIntentMirror,
  paymentIntentRow,
  paymentsManifest,
} from "./payments.ts";
