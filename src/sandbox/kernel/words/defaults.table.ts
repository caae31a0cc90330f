// What holds for every call.
import { dayMs, hourMs } from "#kit/clock.ts";
import { type Defaults, usual } from "./defaults.ts";

const eurozone = "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK";
const others = {
  AE: "aed",
  AU: "aud",
  BR: "brl",
  CA: "cad",
  CH: "chf",
  CZ: "czk",
  DK: "dkk",
  GB: "gbp",
  GI: "gbp",
  HK: "hkd",
  HU: "huf",
  IN: "inr",
  JP: "jpy",
  LI: "chf",
  MX: "mxn",
  MY: "myr",
  NO: "nok",
  NZ: "nzd",
  PL: "pln",
  RO: "ron",
  SE: "sek",
  SG: "sgd",
  TH: "thb",
  US: "usd",
};

const currencyByCountry: Readonly<Record<string, string>> = {
  ...Object.fromEntries(eurozone.split(" ").map((country) => [country, "eur"])),
  ...others,
};

export const commonDefaults = {
  newestVersion: usual("the newest version", "2026-10-28.endive", "declared"),
  /**
   * Stripe sets it when an account is made, so that most accounts are older than the newest version; the official CLI
   * and calls by curl, which name none, expect one that is.
   */
  accountVersion: usual("version of an account that nobody gave another", "2026-08-26.dahlia", "inferred"),

  accountCountry: usual("country of an account that nobody gave another", "US", "inferred"),
  // https://stripe.com/global, https://docs.stripe.com/payouts#supported-accounts-and-settlement-currencies
  currencyOfCountry: usual("currency of an account in each country", currencyByCountry, "documented"),

  // https://docs.stripe.com/api/idempotent_requests: keys are kept "at least 24 hours".
  keyKeptMs: usual("milliseconds that an idempotency key is remembered", dayMs, "documented"),
  keyLength: usual("characters of an idempotency key", 255, "documented"),

  // https://docs.stripe.com/get-started/account/statement-descriptors
  descriptorLength: usual("characters of a statement descriptor", 22, "documented"),

  // https://docs.stripe.com/metadata
  metadataKeys: usual("keys of metadata", 50, "documented"),
  metadataKeyLength: usual("characters of a key of metadata", 40, "documented"),
  metadataValueLength: usual("characters of a value of metadata", 500, "documented"),

  /** `data.a.b.c`. https://docs.stripe.com/api/expanding_objects */
  expandDepth: usual("levels of an expansion", 4, "documented"),
  // https://docs.stripe.com/api/pagination
  pageSize: usual("objects of a page that nobody said a size of", 10, "documented"),
  pageSizeMax: usual("objects of a page at most", 100, "documented"),
  listedInside: usual("objects of a list inside an object", 10, "documented"),

  // https://docs.stripe.com/search
  searchableSince: usual("the first version that can search", "2020-08-27", "recorded"),
  searchClauses: usual("clauses of a search", 10, "documented"),
  searchPartLength: usual("characters of a part that is searched for at least", 3, "documented"),

  /** Stripe's front answers 414 above it. */
  requestLineBytes: usual("bytes of a request line", 16_384, "inferred"),

  /** What is handed in later than 10:30 in Central Europe counts as the next banking day's. */
  bankingDayCutOffMs: usual(
    "milliseconds after midnight UTC until banks close for SEPA debits",
    9.5 * hourMs,
    "documented",
  ),
} satisfies Defaults;
