// How many webhook endpoints there may be, and how long a secret lives on.
import { dayMs } from "#kit/clock.ts";
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

export const endpointDefaults = {
  endpoints: usual("webhook endpoints of an account and mode", 16, "documented"),
  /** https://docs.stripe.com/webhooks#roll-endpoint-secrets */
  rollTimeMs: usual("milliseconds that a secret which was rolled lives on at most", dayMs, "documented"),
  /** To know an endpoint again that was named with it. */
  secretsKept: usual("secrets of an endpoint that are remembered", 10, "own"),
} satisfies Defaults;
