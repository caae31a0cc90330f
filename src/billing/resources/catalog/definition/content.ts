// What a product, a price or a coupon says, to be compared.

/** By field, as Stripe names it, in words that a person reads. Two that say the same are the same. */
export type Content = Readonly<Record<string, string | null>>;
