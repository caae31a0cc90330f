// The rules of the house, in the order a finding matters.
import type { Rule } from "./house.ts";
import { ambient } from "./rules/ambient.ts";
import { arrows } from "./rules/arrows.ts";
import { comments, openingLines, unfinishedWork } from "./rules/comments.ts";
import { cycles } from "./rules/cycles.ts";
import { doors } from "./rules/doors.ts";
import { thrown } from "./rules/errors.ts";
import { kinds, testsAreTests } from "./rules/kinds.ts";
import { order } from "./rules/order.ts";
import { fewArguments, folderSizes, sizes } from "./rules/sizes.ts";
import { moduleState } from "./rules/state.ts";
import { noTenants, ownTables } from "./rules/tenants.ts";
import { machines, pageWaits, waits } from "./rules/tests.ts";
import { deadExports, unwantedFiles } from "./rules/unwanted.ts";
import { namesOfTheLibrary, oneWordOneType, plainNegation } from "./rules/words.ts";

export const rules: readonly Rule[] = [
  kinds,
  testsAreTests,
  arrows,
  doors,
  order,
  cycles,
  noTenants,
  ownTables,
  unwantedFiles,
  deadExports,
  sizes,
  folderSizes,
  fewArguments,
  ambient,
  moduleState,
  thrown,
  machines,
  waits,
  pageWaits,
  openingLines,
  comments,
  plainNegation,
  oneWordOneType,
  namesOfTheLibrary,
  unfinishedWork,
];
