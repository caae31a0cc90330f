// Schedules of subscriptions, as the kernel follows them.
import { mirrorKind } from "../../../kernel/contract/manifest.ts";
import { hangsOnClock } from "../../remote_fields.ts";
import { belongsTo, type ScheduleMirror, scheduleNews, scheduleRow } from "./schedules.ts";

export const scheduleKind = mirrorKind<ScheduleMirror>({
  kind: "subscription_schedule",
  path: (id) => `/v1/subscription_schedules/${id}`,
  // Those on test clocks are in the list of their customer alone.
  // https://docs.stripe.com/api/subscription_schedules/list
  list: { path: "/v1/subscription_schedules", byCustomer: true, hidesTestClocks: true },
  belongsTo,
  isOnClock: hangsOnClock,
  row: scheduleRow,
  facts: scheduleNews,
});

export const scheduleEvents: readonly string[] = [
  "subscription_schedule.created",
  "subscription_schedule.updated",
  "subscription_schedule.released",
  "subscription_schedule.canceled",
  "subscription_schedule.completed",
  "subscription_schedule.aborted",
];
