// Holds the sandbox against Stripe. The folder's only door.
export { differencesBetween, type Paths, shapeOf } from "./compare.ts";
export { type Played, playAll, type Sides } from "./play.ts";
export { plays } from "./plays/all.ts";
export { callLines } from "./plays/play.ts";
