// What tax ids look like: `9` is a digit, `A` a letter, `X` either; blanks, dots and dashes do not count. Of types that
// are not here any text is taken. https://docs.stripe.com/billing/customer/tax-ids#supported-tax-id
import { type Defaults, usual } from "../../kernel/words/defaults.ts";

const form = (type: string, ...forms: readonly string[]) => usual(`what a ${type} looks like`, forms, "documented");

/** The two that Stripe verifies are given without a country where a test asks for an outcome. */
const asked = "999999999";

export const taxIdForms = {
  ae_trn: form("ae_trn", "999999999999999"),
  au_abn: form("au_abn", "99999999999", asked),
  au_arn: form("au_arn", "999999999999"),
  bh_vat: form("bh_vat", "999999999999999"),
  ca_bn: form("ca_bn", "999999999"),
  ca_gst_hst: form("ca_gst_hst", "999999999RT9999"),
  ca_qst: form("ca_qst", "9999999999TQ9999"),
  es_cif: form("es_cif", "X9999999X"),
  eu_oss_vat: form("eu_oss_vat", "EU999999999"),
  eu_vat: form(
    "eu_vat",
    ...["ATU99999999", "BE9999999999", "BG999999999", "BG9999999999", "CY99999999A", "CZ99999999", "CZ999999999"],
    ...["CZ9999999999", "DE999999999", "DK99999999", "EE999999999", "EL999999999", "ESX9999999X", "FI99999999"],
    ...["FRXX999999999", "HR99999999999", "HU99999999", "IE9X99999A", "IE9999999A", "IE9999999AA", "IT99999999999"],
    ...["LT999999999", "LT999999999999", "LU99999999", "LV99999999999", "MT99999999", "NL999999999B99", "PL9999999999"],
    ...["PT999999999", "RO99", "RO999", "RO9999", "RO99999", "RO999999", "RO9999999", "RO99999999", "RO999999999"],
    ...["RO9999999999", "SE999999999999", "SI99999999", "SK9999999999", "XI999999999", asked],
  ),
  gb_vat: form("gb_vat", "GB999999999", "GB999999999999"),
  in_gst: form("in_gst", "99AAAAA9999AXXX", "99XXXXXXXXXXXXX"),
  jp_cn: form("jp_cn", "9999999999999"),
  jp_trn: form("jp_trn", "T9999999999999"),
  no_vat: form("no_vat", "999999999MVA"),
  sa_vat: form("sa_vat", "999999999999999"),
  th_vat: form("th_vat", "9999999999999"),
  tw_vat: form("tw_vat", "99999999"),
  us_ein: form("us_ein", "999999999"),
  za_vat: form("za_vat", "9999999999"),
} satisfies Defaults;
