// How a schedule looked before each family, and what its parameters meant; newest first.
import type { VersionChange } from "../../kernel/versions/change.ts";
import type { Params } from "../../kernel/words/params.ts";
import type { Phase } from "./phases/phase.ts";

export const scheduleVersions: readonly VersionChange[] = [
  {
    family: "basil", // https://docs.stripe.com/changelog/basil
    down: ({ phases, ...schedule }) => ({
      ...schedule,
      phases: (phases as readonly Phase[]).map((phase) => ({ ...phase, coupon: phase.discounts[0]?.coupon ?? null })),
    }),
    up: [
      { since: "2025-03-31", operations: /^POST \/v1\/subscription_schedules(?:\/:id)?$/, lift: phasesLifted },
      {
        since: "2025-03-31",
        operations: /^POST \/v1\/invoices\/create_preview$/,
        lift: ({ schedule_details: details, ...params }) =>
          details === undefined ? params : { ...params, schedule_details: phasesLifted(details as Params) },
      },
    ],
  },
];

function phasesLifted(params: Params): Params {
  const { phases } = params;
  return Array.isArray(phases) ? { ...params, phases: phases.map(discountsLifted) } : params;
}

/** A phase had one coupon. */
function discountsLifted({ coupon, ...phase }: Params): Params {
  return coupon === undefined || coupon === null ? phase : { ...phase, discounts: [{ coupon }] };
}
