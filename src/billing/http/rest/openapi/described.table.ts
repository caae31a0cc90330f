// What OpenAPI says of each noun beside its routes.

export interface DescribedNoun {
  readonly description: string;
  /** An id, as one looks. */
  readonly example: string;
}

export const describedNouns: Readonly<Record<string, DescribedNoun>> = {
  catalog: { description: "What is sold: plans, add-ons and their prices", example: "bursar" },
  customers: { description: "Your own users, by your own ids", example: "user_42" },
  orders: { description: "What one person buys, paid by one payment", example: "order_9001" },
  refunds: { description: "Money on its way back", example: "refund_1" },
  subscriptions: { description: "What customers pay again and again, as Stripe knows it", example: "sub_1TqK2mFzYw8r" },
  invoices: { description: "What customers are asked for, as Stripe knows it", example: "in_1TqK2mFzYw8r" },
  access: { description: "What customers may use, by what is paid", example: "gift_1" },
  receipts: { description: "Stripe's events as they were received", example: "evt_1TqK2mFzYw8rJd5vXh0c" },
  operations: { description: "The journal of what is wished at Stripe", example: "op_4Zc8Nq1sVb7LxT0yKe2w" },
  flags: { description: "What waits for a human", example: "flag_8bT2kPz5Qn" },
  deliveries: { description: "Facts on their way to handlers", example: "fact_5xJ2pQ" },
  endpoints: { description: "Addresses of yours that facts are sent to", example: "ep_2Rk9WmZt6Hd1XcV4uB8s" },
  keys: { description: "Keys of this API", example: "key_7Jd3LqPv0Yx5NzC9gS1t" },
  audit: { description: "Who did what through this API", example: "aud_3Hf6KwMb2Tq8RzX4nV0y" },
  facts: { description: "What an endpoint of yours receives, one webhook for each fact", example: "fact_5xJ2pQ" },
};

/** The refusals that an operation may answer with, and what each means there. */
export const refusals: Readonly<Record<string, string>> = {
  400: "The request cannot be read",
  401: "The key is missing, unknown or revoked",
  403: "The key lacks the scope",
  404: "There is nothing with this id",
  409: "The same command was given before with other content, or the state does not admit it",
  413: "The body is too large",
  415: "The body is not JSON",
  422: "A field or parameter is not acceptable; it is named",
  429: "Too many wrong keys came from this address",
};
