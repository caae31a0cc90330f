// The rules of the house, in the order a finding matters.
import type { Rule } from "./house.ts";
import { ambient } from "./rules/ambient.ts";
import { arrows } from "./rules/arrows.ts";
import { comments, openingLines, unfinishedWork } from "./rules/comments.ts";
import { cycles } from "./rules/cycles.ts";
import { doors } from "./rules/doors.ts";
import { kinds } from "./rules/kinds.ts";
import { order } from "./rules/order.ts";
import { sizes } from "./rules/sizes.ts";
import { moduleState } from "./rules/state.ts";
import { unwantedFiles } from "./rules/unwanted.ts";
import { plainNegation } from "./rules/words.ts";

export const rules: readonly Rule[] = [
  kinds,
  arrows,
  doors,
  order,
  cycles,
  unwantedFiles,
  sizes,
  ambient,
  moduleState,
  openingLines,
  comments,
  plainNegation,
  unfinishedWork,
];
