// Setup intents: a method made usable later, without a payment. The folder's only door.

import { list } from "../../kernel/answer/lists.ts";
import { referred } from "../../kernel/state/embeds.ts";
import { prefixOf } from "../../kernel/state/noun.ts";
import { onSignal } from "../../kernel/state/reactions.ts";
import { defineResource, type Params } from "../../kernel/state/resource.ts";
import type { Unit } from "../../kernel/state/unit.ts";
import { customers } from "../customers/index.ts";
import { authenticatePayment } from "../payment_intents/index.ts";
import { paymentMethods } from "../payment_methods/index.ts";
import {
  authenticate,
  cancelIntent,
  cancelOpenIntents,
  confirmIntent,
  createIntent,
  requiredSource,
  retrieveIntent,
  updateIntent,
} from "./actions.ts";
import { endDeposits } from "./attempt.ts";
import { verifyDeposits } from "./deposits.ts";
import { setupIntentExtras } from "./extras.table.ts";
import { rows } from "./refusals.table.ts";
import { reducedIntent, revivedIntent, type SetupIntent, setupIntentMachine, setupIntents } from "./setup_intent.ts";
import { setupIntentVersions } from "./versions.ts";

export { createIntent as createSetupIntent } from "./actions.ts";
export { setUp } from "./set_up.ts";
export { type SetupIntent, setupIntentMachine } from "./setup_intent.ts";

const path = "/v1/setup_intents";

export const setupIntentResource = defineResource<SetupIntent>({
  noun: setupIntents,
  extras: setupIntentExtras,
  machine: setupIntentMachine,
  refusals: rows,
  jobs: {
    endDeposits: { run: endDeposits, says: "microdeposits lapse" },
  },
  reduced: reducedIntent,
  embeds: [referred(setupIntents, "last_setup_error.payment_method", paymentMethods)],
  versions: setupIntentVersions,
  revived: revivedIntent,
  routes: [
    { method: "POST", path, run: createIntent },
    {
      method: "GET",
      path,
      run: (unit, params) => {
        const { attach_to_self, customer, payment_method } = params;
        const where = (intent: SetupIntent) => attach_to_self === undefined || intent.attach_to_self === attach_to_self;
        return list(unit, setupIntents, params, { url: path, filters: { customer, payment_method }, where });
      },
    },
    { method: "GET", path: `${path}/:id`, publishable: true, run: retrieveIntent },
    { method: "POST", path: `${path}/:id`, inlines: setupIntents, run: updateIntent },
    { method: "POST", path: `${path}/:id/confirm`, publishable: true, inlines: setupIntents, run: confirmIntent },
    { method: "POST", path: `${path}/:id/verify_microdeposits`, publishable: true, run: verifyDeposits },
    { method: "POST", path: `${path}/:id/cancel`, inlines: setupIntents, run: cancelIntent },
    {
      method: "POST",
      path: "/v1/3ds2/authenticate",
      publishable: true,
      undeclared: {
        why: "Stripe.js tells about the browser; the sandbox's own pages tell which button the payer has pressed",
        evidence: "recorded",
        params: {
          object: {
            source: "string",
            "client_secret?": "string",
            "outcome?": { enum: ["failed", "succeeded"] },
            "browser?": "any",
            "fingerprint?": "any",
          },
        },
      },
      run: authenticateEither,
    },
  ],
  reactions: [onSignal(customers, "delete", (unit, { id }) => cancelOpenIntents(unit, id))],
});

/** `POST /v1/3ds2/authenticate`: what the two buttons of the pages send, for a payment or for a setup. */
function authenticateEither(unit: Unit, params: Params): object {
  const source = requiredSource(params);
  return prefixOf(source) === setupIntents.prefixes[0]
    ? authenticate(unit, params, source)
    : authenticatePayment(unit, params, source);
}
