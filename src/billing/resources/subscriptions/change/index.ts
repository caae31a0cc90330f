// Changing a subscription: previewed, made now or planned, and taken back. The folder's only door.
import type { ChangingSubscriptions } from "../../../api/index.ts";
import type { BillingCore } from "../../../kernel/core.ts";
import { checkKey } from "../../input.ts";
import type { OpenInvoiceLink } from "../../invoices/index.ts";
import { changeSubscription } from "./change.ts";
import {
  change,
  drop,
  onChangeBilled,
  onChangeOverdue,
  onPlanThrough,
  onSubscriptionChanged,
  plan,
  release,
} from "./made/index.ts";
import { previewChange } from "./preview.ts";
import { undoChange } from "./undo.ts";

export const changeVerbs = [change, plan, release, drop];
export const changeReactions = [onSubscriptionChanged, onChangeBilled, onChangeOverdue, onPlanThrough];

export function changing(core: BillingCore, openLink: OpenInvoiceLink): ChangingSubscriptions {
  const named = (id: string) => checkKey("subscriptionId", id);
  return {
    preview: (id, wish) => core.command(async () => previewChange(core, named(id), wish)),
    change: (id, wish) => core.command(async () => changeSubscription(core, openLink, { id: named(id), wish })),
    undoChange: (id, wish) => core.command(async () => undoChange(core, named(id), wish)),
  };
}
