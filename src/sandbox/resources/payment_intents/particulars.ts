// What a caller says of a payment that no field of the intent shows: it decides what the bank does, or stands on the
// charge.
import type { Params } from "../../kernel/state/resource.ts";
import { boolean, hash, text, texts } from "../../kernel/words/params.ts";
import { type CardTerms, cardTermsOf, plainTerms } from "../payment_methods/index.ts";

export interface Particulars {
  readonly terms: CardTerms;
  /** What was bought, for the buyer's bank. No SDK declares that it is taken. */
  readonly level3: Params | null;
  readonly radarSession: string | null;
  readonly skipsRules: boolean;
  /** `save_payment_method`, from before `setup_future_usage`. */
  readonly savesMethod: boolean;
}

export const noParticulars: Particulars = {
  terms: plainTerms,
  level3: null,
  radarSession: null,
  skipsRules: false,
  savesMethod: false,
};

/** What is said now, over what was said before. */
export function particularsOf(params: Params, before: Particulars = noParticulars): Particulars {
  const radar = hash(params, "radar_options") ?? {};
  return {
    terms: cardTermsOf(params, before.terms),
    level3: hash(params, "level3") ?? before.level3,
    radarSession: text(radar, "session") ?? before.radarSession,
    skipsRules: texts(radar, "skip_rules") ? true : before.skipsRules,
    savesMethod: boolean(params, "save_payment_method") ?? before.savesMethod,
  };
}
