// Cards of customers, under the name they had before payment methods. The folder's only door.
import { defineResource } from "../../kernel/state/resource.ts";
import { type Card, cards } from "./card.ts";
import { cardExtras } from "./extras.table.ts";

export {
  adoptCard,
  cardFromNumber,
  deleteCard,
  lookedAt,
  methodFromNumber,
  readyMadeCard,
  renamed,
  updateCard,
} from "./actions.ts";
export { type Card, cards, type DeletedCard } from "./card.ts";

/** Cards have no address of their own: they are reached through their customer and through tokens. */
export const cardResource = defineResource<Card>({ noun: cards, extras: cardExtras, routes: [] });
