// What was asked for and is not there yet is taken back: a schedule lets go of its subscription, or the invoice is
// voided that a change waits for. And the invoice of a change that was made and never paid is, before it is put back.
import { orNull, record, text } from "../../../../kernel/contract/shape.ts";
import { defineVerb, flagPromised } from "../../../../kernel/contract/verb.ts";
import { aboutIt, laneOf, ofSubscription } from "./change_verb.ts";
import { putBack } from "./put_back.ts";

export const release = defineVerb({
  name: "subscriptions.release",
  params: record({ ...ofSubscription, wish: text, scheduleId: text }),
  outcome: record({}),
  lane: laneOf,
  about: aboutIt,
  steps: [
    {
      name: "release",
      answer: record({ id: text }),
      touches: ({ params }) => params.scheduleId,
      request: ({ params }) => ({
        method: "POST",
        path: `/v1/subscription_schedules/${params.scheduleId}/release`,
        params: {},
      }),
      holds: ({ status }) => status === "released",
    },
  ],
  answered: async () => ({}),
  refused: flagPromised("subscriptions.release"),
});

export const drop = defineVerb({
  name: "subscriptions.drop",
  params: record({
    ...ofSubscription,
    wish: text,
    invoiceId: text,
    /** The change that was made and is to be put back: its operation. */
    unpaid: orNull(text),
  }),
  outcome: record({}),
  lane: laneOf,
  about: aboutIt,
  steps: [
    {
      name: "void",
      answer: record({ id: text }),
      touches: ({ params }) => params.invoiceId,
      request: ({ params }) => ({ method: "POST", path: `/v1/invoices/${params.invoiceId}/void`, params: {} }),
      holds: ({ status }) => status === "void",
    },
  ],
  answered: async (reacting, { params }) => {
    if (params.unpaid !== null) await putBack(reacting, params.unpaid);
    return {};
  },
  // It may have been paid at the last moment: then it stands.
  refused: flagPromised("subscriptions.drop"),
});
