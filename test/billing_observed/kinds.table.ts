// What Stripe was seen to bill and to say, by kind: how many observations there are of each, and what becomes of those
// that no play here plays. They are held by another test, wait for a noun, or are not believed.

/** By what or why, how many. */
export type Counts = Readonly<Record<string, number>>;

export interface Kind {
  readonly seen: number;
  /** By the test that holds them. */
  readonly elsewhere?: Counts;
  /** By what they wait for. */
  readonly waits?: Counts;
  /** By why the sandbox answers otherwise. */
  readonly otherwise?: Counts;
}

const shapes = "test/shapes.test.ts";
const observed = "test/observed.test.ts";
const backdated = "src/sandbox/resources/subscriptions/backdated.test.ts";

export const kinds: Readonly<Record<string, Kind>> = {
  "add-invoice-items": { seen: 3 },
  anchor: { seen: 1 },
  "anchor-config": { seen: 1 },
  "anchor-reset-flexible": { seen: 1 },
  backdate: { seen: 2, elsewhere: { [backdated]: 2 } },
  "backdate-coupon": { seen: 1, elsewhere: { [backdated]: 1 } },
  "cancel-prorate": { seen: 2 },
  catalog: { seen: 6, elsewhere: { "src/sandbox/kernel/answer/json_text.test.ts": 1 } },
  checkout: { seen: 1, waits: { Checkout: 1 } },
  "checkout-open": { seen: 4, waits: { Checkout: 4 } },
  "credit-note": { seen: 3, elsewhere: { "src/sandbox/resources/credit_notes/credit_notes.test.ts": 3 } },
  "credit-note-paid-invoice": { seen: 4, elsewhere: { "src/sandbox/resources/credit_notes/families.test.ts": 4 } },
  discount: { seen: 4 },
  "draft-window": { seen: 3 },
  error: { seen: 11, elsewhere: { [observed]: 8 }, waits: { Checkout: 2 } },
  "error-billing": { seen: 36, elsewhere: { [observed]: 12 } },
  "field-set": {
    seen: 23,
    elsewhere: { [shapes]: 16 },
    waits: {
      meters: 1,
      "the customer portal": 3,
      Checkout: 1,
      "payment links": 1,
      quotes: 1,
    },
  },
  "first-invoice-paid": { seen: 5 },
  "first-invoice-unpaid": { seen: 5 },
  "id-time": { seen: 1, otherwise: { "ids do not tell when they were made": 1 } },
  "invoice-delete": { seen: 1 },
  "invoice-finalize": { seen: 1 },
  "invoice-item": { seen: 1 },
  "invoice-lifecycle": { seen: 5 },
  "invoice-line": { seen: 2 },
  "invoice-pay": { seen: 1 },
  "minimum-charge": { seen: 2 },
  "mixed-interval": { seen: 3 },
  "negative-cycle-invoice": { seen: 1 },
  "portal-session": { seen: 1, waits: { "the customer portal": 1 } },
  "proration-discount": { seen: 3 },
  "proration-doc": { seen: 4 },
  "proration-line": { seen: 1 },
  "proration-none": { seen: 1 },
  "proration-roll": { seen: 2 },
  "proration-settlement": { seen: 1 },
  "proration-tie": { seen: 2 },
  "proration-update": { seen: 5 },
  "renewal-timing": { seen: 3 },
  resume: { seen: 1 },
  "send-invoice-first": { seen: 1 },
  "subscription-item": { seen: 2 },
  "subscription-lifecycle": { seen: 6 },
  "subscription-state": { seen: 13 },
  tax: { seen: 1 },
  "tax-discount": { seen: 2 },
  "tax-doc": { seen: 3 },
  "tax-effective-rates": { seen: 1 },
  "tax-rounding": { seen: 2 },
  "test-clock-limit": { seen: 1 },
  tiers: { seen: 3 },
  "tiers-line": { seen: 4 },
  transform: { seen: 1 },
  "trial-add-to-active": { seen: 1 },
  "trial-anchor": { seen: 1 },
  "trial-end": { seen: 3 },
  "trial-first-invoice": { seen: 5 },
  "trial-price-default": { seen: 1 },
  "trial-to-shift": { seen: 1 },
  usage: { seen: 2, waits: { meters: 2 } },
  "version-keys": { seen: 3 },
  wording: {
    seen: 3,
    otherwise: { "one note writes `2 Users` where all recordings write `2 × Users`": 1 },
  },
};
