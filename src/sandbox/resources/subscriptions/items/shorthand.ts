// `plan` and `quantity` of a subscription itself, from before there were items. They speak of its only item.
import type { Params } from "../../../kernel/state/resource.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { given } from "../../../kernel/words/params.ts";
import type { SubscriptionItem } from "../../subscription_items/index.ts";
import { rows } from "../refusals.table.ts";

/** The same as `items`. `held`: those of a subscription that is there already. */
export function inItems(params: Params, held: readonly SubscriptionItem[] = []): Params {
  const { plan, quantity, ...others } = params;
  const said = given({ plan, quantity });
  const [name] = Object.keys(said);
  if (name === undefined) return params;
  if (params.items !== undefined) throw refusal(rows.itemsTwice, { name });
  if (held.length > 1) throw refusal(rows.itemUnnamed, { name }, { param: name });
  return { ...others, items: [{ ...given({ id: held[0]?.id }), ...said }] };
}
