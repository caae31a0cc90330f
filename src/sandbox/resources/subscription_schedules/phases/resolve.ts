// The phases that a caller names, as they are stored: each with its beginning and its end.
import type { Params } from "../../../kernel/state/resource.ts";
import { secondOf, type Unit } from "../../../kernel/state/unit.ts";
import { mustRead } from "../../../kernel/state/writes.ts";
import { checkedCurrency } from "../../../kernel/words/amounts.ts";
import { refusal } from "../../../kernel/words/errors.ts";
import { refuseFractions } from "../../../kernel/words/fractions.ts";
import { integer, text } from "../../../kernel/words/params.ts";
import { customers } from "../../customers/index.ts";
import { intervalOf, type NamedItem, type Subscription, shortestOf, usualCurrency } from "../../subscriptions/index.ts";
import { chosenRates } from "../../tax_rates/index.ts";
import { scheduleDefaults } from "../defaults.table.ts";
import { rows } from "../refusals.table.ts";
import { periodOfPhase, trialEndOf } from "./dates.ts";
import { besideOf, discountsOf, itemsOf, listAt, metadataOf, namedIn } from "./items.ts";
import type { Phase } from "./phase.ts";
import { phaseSettings } from "./settings.ts";

export interface Resolving {
  readonly customer: string;
  /** That of the phases that are there; else that of the first one. */
  readonly currency: string | undefined;
  readonly mode: Subscription["billing_mode"]["type"];
  /** The second at which the first one begins. */
  readonly start: number;
  /** By which its subscription is billed, where that is known already. */
  readonly anchor?: number;
}

export function resolvePhases(
  unit: Unit,
  params: Params,
  { customer, mode, start, anchor = start, ...known }: Resolving,
): Phase[] {
  const sent = listAt(params, "phases");
  const limit = scheduleDefaults.phasesMax.value;
  if (sent.length === 0) throw refusal(rows.phasesMissing);
  if (sent.length > limit) throw refusal(rows.phasesTooMany, { limit });
  const phases: Phase[] = [];
  for (const [nth, one] of sent.entries()) {
    const at = `phases[${nth}]`;
    const named = namedIn(unit, one, at);
    const currency = currencyOf(unit, one, { customer, named, known: phases[0]?.currency ?? known.currency });
    const begin = phases.at(-1)?.end_date ?? start;
    if (nth > 0 && startOf(unit, one, begin) !== begin)
      throw refusal(rows.phaseGap, {}, { param: `${at}[start_date]` });
    phases.push(phaseOf(unit, one, { anchor, at, begin, currency, customer, mode, named }));
  }
  return phases;
}

/** A second, or now. */
export function startOf(unit: Unit, sent: Params, usual: number): number {
  return text(sent, "start_date") === "now" ? secondOf(unit) : (integer(sent, "start_date") ?? usual);
}

interface Paying {
  readonly customer: string;
  readonly named: readonly NamedItem[];
  readonly known: string | undefined;
}

function currencyOf(unit: Unit, sent: Params, { customer, named, known }: Paying): string {
  const asked = sent.currency === undefined ? undefined : checkedCurrency(sent);
  const currency = asked ?? known ?? usualCurrency(unit, named, mustRead(unit, customers, customer));
  if (known !== undefined && currency !== known) throw refusal(rows.phaseCurrency, { currency: known });
  return currency;
}

interface Making extends Omit<Paying, "known">, Pick<Resolving, "mode"> {
  readonly anchor: number;
  readonly at: string;
  readonly begin: number;
  readonly currency: string;
}

function phaseOf(unit: Unit, sent: Params, { anchor, at, begin, currency, customer, mode, named }: Making): Phase {
  refuseFractions(sent, currency, at);
  const interval = shortestOf(named.map(({ price }) => intervalOf(price))) ?? { interval: "month", interval_count: 1 };
  const timing = { anchor, at, interval, now: secondOf(unit), start: begin };
  const period = periodOfPhase(sent, timing);
  return {
    ...phaseSettings(unit, sent, { at, customer }),
    add_invoice_items: besideOf(unit, sent, { at, currency }),
    currency,
    default_tax_rates: chosenRates(unit, sent, "default_tax_rates") ?? [],
    discounts: discountsOf(unit, sent, { at, currency }),
    end_date: period.end,
    items: itemsOf(unit, named, currency, mode),
    metadata: metadataOf(sent),
    proration_behavior: text(sent, "proration_behavior") ?? "create_prorations",
    start_date: period.start,
    trial_end: trialEndOf(sent, period, timing),
  };
}
