// Payments: the mirror of PaymentIntents and charges. The folder's only door.
export {
  type Failure,
  type Offer,
  offers,
  offersIn,
  type PaymentIntentMirror,
  paymentsManifest,
} from "./payments.ts";
