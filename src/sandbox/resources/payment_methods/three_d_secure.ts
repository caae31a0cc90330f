// What 3-D Secure came to, and how charges and setup attempts show it. https://docs.stripe.com/payments/3d-secure

/** What 3-D Secure came to, when it was tried. */
export interface ThreeDSecure {
  readonly result: "authenticated" | "attempt_acknowledged" | "not_supported" | "processing_error";
  readonly flow: "challenge" | "frictionless" | null;
  /** As whoever carried it out says; else it was Stripe. */
  readonly told?: {
    readonly electronic_commerce_indicator: string | null;
    readonly exemption_indicator: string | null;
    readonly transaction_id: string | null;
    readonly version: string;
  };
}

/** The same as charges and setup attempts show it: how far the network was told that the payer is known. */
export function threeDSecureFields(tried: ThreeDSecure) {
  return {
    authentication_flow: tried.flow,
    electronic_commerce_indicator: commerceIndicators[tried.result],
    result: tried.result,
    result_reason: null,
    transaction_id: null,
    version: "2.2.0",
    ...tried.told,
  } as const;
}

const commerceIndicators = {
  authenticated: "05",
  attempt_acknowledged: "06",
  not_supported: null,
  processing_error: "07",
} as const satisfies Record<ThreeDSecure["result"], string | null>;
