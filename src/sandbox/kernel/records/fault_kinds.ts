// What can go wrong on purpose, by where it strikes: the name of each fault, and what it does.

export const callFaults = {
  timeout_before_commit: "No answer, and nothing happened. The connection ends after the milliseconds, else at once.",
  timeout_after_commit: "No answer, but it did happen, and is kept under its key: only a second look shows it.",
  connection_reset: "It did happen; the connection breaks off in the middle of the answer.",
  rate_limit: "429 rate_limit. Not kept under the key.",
  lock_timeout: "429 lock_timeout. Not kept under the key.",
  server_error: "500, also when asked again with the same key.",
  slow: "The answer comes later, by the milliseconds.",
} as const;

export const deliveryFaults = {
  delivery_dropped: "Never sent; the event stays pending. A draft whose invoice.created it was waits for three days.",
  delivery_duplicated: "Sent twice.",
  delivery_delayed: "Sent later, by the milliseconds.",
  deliveries_shuffled: "Sent at any instant within the milliseconds, so that neighbours change places.",
  deliveries_bunched: "Held and sent together, at each full number of milliseconds.",
} as const;

export const chargeFaults = {
  charge_declined: "The bank declines a card that it would have charged, also where nobody calls: at a renewal.",
} as const;

export const clockFaults = {
  clock_failure: "The test clock ends in internal_failure where it began, and nothing on it has happened.",
} as const;
