// Which plans a customer has: one in a group at a time, and one trial in it ever. The folder's only door.
export { bind, giveBack, settleSlots, takeSlot, takeTrial } from "./settle.ts";
export { movesSlots } from "./slots.ts";
