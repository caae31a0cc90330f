// What the sandbox is held to, on whatever machine: ratios to a bare node:http server of the same run, and what a start
// may take. Only growth is a gate (`npm run bench` ends with 1): it says that an index is missing; a very
// busy machine comes to 1.2. The others say where to look; docs/decisions/0025-what-a-request-costs.md has the figures behind them.

export const aims = {
  /** CPU of a request, times that of a bare server. */
  ratio: {
    "GET customer": 1,
    "POST customer": 1.7,
    "PaymentIntent, confirm=true": 4.1,
    "PaymentIntent, create + confirm": 7.5,
  },
  /** CPU of a request with many objects stored, times that with few. */
  growth: 1.25,
  start: { readyMs: 500, idleBytes: 90 * 2 ** 20 },
  /** Until all that was due has happened. */
  dueSeconds: 5,
} as const;

/** `npm run bench -- ingest`, in one run on two cores. */
const ingest = { cpuToBare: 3, p99ToBare: 2.5, foreignPerSecond: 4_000, ownToPeer: 1 };
export const ingestAims = {
  postgres: { ...ingest, toPeer: 2, toBare: 0.3 },
  sqlite: { ...ingest, toPeer: 2.5, toBare: 0.4 },
} as const;

/** `npm run bench -- commands`: through the journal, of one core. */
export const commandAims = { perCore: 450 } as const;

/** `npm run bench -- year`: ten thousand subscriptions for a year in half a minute, under Node's own limit of memory. */
export const yearAims = {
  tenThousandYearSeconds: 30,
  heldBytes: 12_000,
  ratio: { "POST subscriptions": 20, "POST create_preview": 15 },
} as const;

/** `npm run bench -- access`: times a prepared select, and of what a bare Hono route answers in a second. */
export const accessAims = { toSelect: 3, toHono: 0.5 } as const;
