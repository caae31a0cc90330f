// A subscription that a schedule changes later takes its end from that alone, and Stripe refuses any other. So the
// subscription is let go of it first: what it planned is dropped, and what is subscribed to now stays as it is.
// https://docs.stripe.com/billing/subscriptions/subscription-schedules#managing

import type { Remote } from "../../../kernel/contract/reacting.ts";
import { orNull, text } from "../../../kernel/contract/shape.ts";
import { itsId, type OperationView } from "../../../kernel/contract/verb.ts";

/** A parameter of a verb with this step: the schedule, where there is one. */
export const ofSchedule = { schedule: orNull(text) };

interface OfSchedule {
  readonly schedule: string | null;
}

const idOfSchedule = ({ params }: OperationView<OfSchedule>) => params.schedule ?? "";

export const releasing = {
  name: "release",
  answer: itsId,
  isWanted: ({ params }: OperationView<OfSchedule>) => params.schedule !== null,
  touches: idOfSchedule,
  request: (operation: OperationView<OfSchedule>) =>
    ({
      method: "POST",
      path: `/v1/subscription_schedules/${idOfSchedule(operation)}/release`,
      params: {},
    }) as const,
  holds: ({ status }: Remote) => status === "released",
  kept: true,
} as const;
