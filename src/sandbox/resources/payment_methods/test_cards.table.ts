// Every test card of https://docs.stripe.com/testing as data: what it is (brand, funding, country) and what it does.
// Numbers outside this table (and outside Stripe's own 400000/400005 test range) are refused as live cards. Where real
// answers say more than the page, or something else, a row says "recorded".
import type { Known } from "../../kernel/words/evidence.ts";

export type CardBrand = "amex" | "diners" | "discover" | "jcb" | "mastercard" | "unionpay" | "visa" | "unknown";
export type CardFunding = "credit" | "debit" | "prepaid" | "unknown";
export type CheckResult = "pass" | "fail" | "unavailable" | "unchecked";

/** `at: "attach"`: refused at attach, at a SetupIntent and at each charge. `at: "charge"`: only at each charge. */
export interface CardDecline {
  readonly kind: "decline";
  readonly code: "card_declined" | "expired_card" | "incorrect_cvc" | "incorrect_number" | "processing_error";
  readonly declineCode: string | null;
  readonly at: "attach" | "charge";
}

/**
 * `onSetup` asks on session and off session unless it was set up before; `always` asks on every transaction;
 * `setUpForOffSession` asks on session only; `required` asks once and declines without it; `optional` asks only on
 * request; `onMandate` asks when a mandate for later payments is made; `challengeByRadar` asks when Radar wants it;
 * `frictionless` authenticates without a page; `notSupported` goes on without; `errorThenDecline` and
 * `errorThenApprove` fail at the lookup.
 */
export type ThreeDSecureMode =
  | "onSetup"
  | "always"
  | "setUpForOffSession"
  | "required"
  | "optional"
  | "onMandate"
  | "challengeByRadar"
  | "frictionless"
  | "notSupported"
  | "errorThenDecline"
  | "errorThenApprove";

export type CardBehaviour =
  | { readonly kind: "approve" }
  | CardDecline
  | { readonly kind: "threeDSecure"; readonly mode: ThreeDSecureMode; readonly afterwards?: CardDecline }
  | {
      readonly kind: "radar";
      readonly riskLevel: "normal" | "elevated" | "highest";
      readonly blocked: "always" | "byDefaultRule" | "never";
      readonly signal?: "fraudDisputeScore" | "earlyFraudWarningScore" | "dynamicThreshold" | "freeTrialAbuse";
    }
  | { readonly kind: "captcha" }
  | {
      readonly kind: "dispute";
      readonly reason: "fraudulent" | "product_not_received" | "noncompliant";
      readonly form: "chargeback" | "inquiry" | "earlyFraudWarning" | "visaCompliance" | "mastercardCompliance";
      readonly count: number;
      readonly eligibleFor?: "visaCompellingEvidence3" | "autoRepresentment";
    }
  | { readonly kind: "refund"; readonly outcome: "pendingThenSucceeded" | "succeededThenFailed" }
  | { readonly kind: "bypassPending" }
  | { readonly kind: "pin" };

export interface CardChecks {
  readonly cvc?: CheckResult;
  readonly addressLine1?: CheckResult;
  readonly addressPostalCode?: CheckResult;
}

export interface TestCard extends Known {
  readonly number: string;
  /** `pm_card_<suffix>` and `tok_<suffix>`; the first is the one that Stripe's documentation prints. */
  readonly suffixes: readonly string[];
  readonly brand: CardBrand;
  readonly funding: CardFunding;
  readonly country: string;
  readonly behaviour: CardBehaviour;
  readonly checks: CardChecks;
  readonly coBrand?: "cartes_bancaires" | "eftpos_au";
  /** Its bank answers for an address that nobody sent. */
  readonly isCheckedUnsent?: true;
}

type Traits = Partial<Omit<TestCard, "number" | "suffixes">>;

const approve: CardBehaviour = { kind: "approve" };

function card(number: string, suffixes: string, traits: Traits = {}): TestCard {
  const usual = { brand: "visa", funding: "credit", country: "US", behaviour: approve, checks: {} } as const;
  return { number, suffixes: suffixes.split(" ").filter(Boolean), ...usual, evidence: "documented", ...traits };
}

function declined(declineCode: string, at: CardDecline["at"] = "attach"): CardDecline {
  return { kind: "decline", code: "card_declined", declineCode, at };
}

function refused(code: CardDecline["code"]): CardDecline {
  return { kind: "decline", code, declineCode: null, at: "attach" };
}

function asks(mode: ThreeDSecureMode, afterwards?: CardDecline): Traits {
  return { behaviour: { kind: "threeDSecure", mode, ...(afterwards ? { afterwards } : {}) } };
}

function radar(
  riskLevel: "normal" | "elevated" | "highest",
  blocked: "always" | "byDefaultRule" | "never",
  signal?: "fraudDisputeScore" | "earlyFraudWarningScore" | "dynamicThreshold" | "freeTrialAbuse",
): CardBehaviour {
  return { kind: "radar", riskLevel, blocked, ...(signal ? { signal } : {}) };
}

function disputed(
  reason: "fraudulent" | "product_not_received" | "noncompliant",
  form: "chargeback" | "inquiry" | "earlyFraudWarning" | "visaCompliance" | "mastercardCompliance",
  more: { count?: number; eligibleFor?: "visaCompellingEvidence3" | "autoRepresentment" } = {},
): Traits {
  return { behaviour: { kind: "dispute", reason, form, count: 1, ...more } };
}

const brandCards: readonly TestCard[] = [
  card("4242424242424242", "visa us"),
  card("4000056655665556", "visa_debit", { funding: "debit" }),
  card("5555555555554444", "mastercard", { brand: "mastercard" }),
  card("2223003122003222", "mastercard_2series", { brand: "mastercard" }),
  card("5200828282828210", "mastercard_debit", { brand: "mastercard", funding: "debit" }),
  card("5105105105105100", "mastercard_prepaid", { brand: "mastercard", funding: "prepaid" }),
  card("378282246310005", "amex_threeDSecureNotSupported", { brand: "amex", ...asks("notSupported") }),
  // Its ready-made names stand for this number, as real answers show; and Discover's for the one that ends in 9424.
  card("371449635398431", "amex", { brand: "amex", evidence: "recorded" }),
  card("6011111111111117", "", { brand: "discover" }),
  card("6011000990139424", "discover", { brand: "discover", evidence: "recorded" }),
  card("6011981111111113", "discover_debit", { brand: "discover", funding: "debit" }),
  card("3056930009020004", "diners", { brand: "diners", ...asks("notSupported"), evidence: "recorded" }),
  card("36227206271667", "diners_14digits", { brand: "diners", ...asks("notSupported"), evidence: "recorded" }),
  card("6555900000604105", "bccard dinacard", { brand: "discover" }),
  card("3566002020360505", "jcb", { brand: "jcb", country: "JP", evidence: "recorded" }),
  card("6200000000000005", "unionpay", { brand: "unionpay", country: "CN", evidence: "recorded" }),
  card("6200000000000047", "unionpay_debit", {
    brand: "unionpay",
    funding: "debit",
    country: "CN",
    evidence: "recorded",
  }),
  card("6205500000000000004", "unionpay_19digits", { brand: "unionpay", funding: "debit", evidence: "recorded" }),
  card("4000002500001001", "visa_cartesBancaires", { country: "FR", coBrand: "cartes_bancaires" }),
  card("5555552500001001", "mastercard_cartesBancaires", {
    brand: "mastercard",
    country: "FR",
    coBrand: "cartes_bancaires",
  }),
  card("4000050360000001", "visa_debit_eftposAuCoBranded", { funding: "debit", country: "AU", coBrand: "eftpos_au" }),
  card("5555050360000080", "mastercard_debit_eftposAuCoBranded", {
    brand: "mastercard",
    funding: "debit",
    country: "AU",
    coBrand: "eftpos_au",
  }),
  card("4000051230000072", "debit_visaFsaProductCode debit_visaHsaProductCode", { funding: "debit" }),
  card("5200828282828897", "mastercard_debit_mastercardFsaProductCode", { brand: "mastercard", funding: "debit" }),
];

const countryCards: readonly TestCard[] = [
  ...`AR 4000000320000021,BR 4000000760000002,CA 4000001240000000,CL 4000001520000001,CO 4000001700000003,
  CR 4000001880000005,EC 4000002180000000,MX 4000004840008001,PA 4000005910000000,PY 4000006000000066,
  PE 4000006040000068,UY 4000008580000003,AE 4000007840000001,AT 4000000400000008,BE 4000000560000004,
  BG 4000001000000000,BY 4000001120000005,HR 4000001910000009,CY 4000001960000008,CZ 4000002030000002,
  DK 4000002080000001,EE 4000002330000009,FI 4000002460000001,FR 4000002500000003,DE 4000002760000016,
  GI 4000002920000005,GR 4000003000000030,HU 4000003480000005,IE 4000003720000005,IT 4000003800000008,
  LV 4000004280000005,LI 4000004380000004,LT 4000004400000000,LU 4000004420000006,MT 4000004700000007,
  NL 4000005280000002,NO 4000005780000007,PL 4000006160000005,PT 4000006200000007,RO 4000006420000001,
  SA 4000006820000007,SI 4000007050000006,SK 4000007030000001,ES 4000007240000007,SE 4000007520000008,
  CH 4000007560000009,GB 4000008260000000,AU 4000000360000006,CN 4000001560000002,HK 4000003440000004,
  IN 4000003560000008,JP 4000003920000003,MY 4000004580000002,NZ 4000005540000008,SG 4000007020000003,
  TW 4000001580000008`
    .split(",")
    .map((row) => row.trim().split(" ") as [country: string, number: string])
    .map(([country, number]) => card(number, country.toLowerCase(), { country })),
  card("4000007640000003", "th_credit th", { country: "TH" }),
  card("4000057640000008", "th_debit", { country: "TH", funding: "debit" }),
  card("4000058260000005", "gb_debit", { country: "GB", funding: "debit" }),
  card("5555558265554449", "gb_mastercard", { country: "GB", brand: "mastercard" }),
  card("5200007840000022", "ae_mastercard", { country: "AE", brand: "mastercard" }),
  card("5062210000000009", "mx_carnet", { country: "MX", brand: "unknown" }),
  card("3530111333300000", "jp_jcb", { country: "JP", brand: "jcb" }),
];

const declineCards: readonly TestCard[] = [
  card("4000000000000002", "visa_chargeDeclined chargeDeclined", { behaviour: declined("generic_decline") }),
  card("4000000000009995", "visa_chargeDeclinedInsufficientFunds chargeDeclinedInsufficientFunds", {
    behaviour: declined("insufficient_funds"),
  }),
  card("4000000000009987", "visa_chargeDeclinedLostCard chargeDeclinedLostCard", { behaviour: declined("lost_card") }),
  card("4000000000009979", "visa_chargeDeclinedStolenCard chargeDeclinedStolenCard", {
    behaviour: declined("stolen_card"),
  }),
  card("4000000000000069", "chargeDeclinedExpiredCard visa_chargeDeclinedExpiredCard", {
    behaviour: refused("expired_card"),
  }),
  card("4000000000000127", "chargeDeclinedIncorrectCvc visa_chargeDeclinedIncorrectCvc", {
    behaviour: refused("incorrect_cvc"),
    checks: { cvc: "fail" },
  }),
  card("4000000000000119", "chargeDeclinedProcessingError visa_chargeDeclinedProcessingError", {
    behaviour: refused("processing_error"),
  }),
  card("4242424242424241", "", { behaviour: refused("incorrect_number") }),
  card("4000000000006975", "visa_chargeDeclinedVelocityLimitExceeded chargeDeclinedVelocityLimitExceeded", {
    behaviour: declined("card_velocity_exceeded"),
  }),
  card("4000000000000341", "chargeCustomerFail visa_chargeCustomerFail", {
    behaviour: declined("generic_decline", "charge"),
  }),
  // These two have a token and no published number; by number alone the row above is found.
  card("4000000000000341", "visa_chargeCustomerFailLostCard chargeCustomerFailLostCard", {
    behaviour: declined("lost_card", "charge"),
  }),
  card("4000000000000341", "visa_chargeCustomerFailStolenCard chargeCustomerFailStolenCard", {
    behaviour: declined("stolen_card", "charge"),
  }),
];

const radarCards: readonly TestCard[] = [
  card("4100000000000019", "radarBlock chargeDeclinedFraudulent", { behaviour: radar("highest", "always") }),
  card("4000000000004954", "riskLevelHighest", { behaviour: radar("highest", "byDefaultRule") }),
  card("4000000000009235", "riskLevelElevated", { behaviour: radar("elevated", "never") }),
  card("4000008400000407", "highFraudDisputeScore", { behaviour: radar("normal", "never", "fraudDisputeScore") }),
  card("4000008400000159", "highEfwScore", { behaviour: radar("normal", "never", "earlyFraudWarningScore") }),
  card("4000008400001017", "radarDynamicRiskThreshold", { behaviour: radar("normal", "never", "dynamicThreshold") }),
  card("4001858821843804", "freeTrialAbuseBlock", { behaviour: radar("highest", "always", "freeTrialAbuse") }),
  card("4000008405600003", "adaptive3dsChallenge", asks("challengeByRadar")),
  card("4000000000000101", "cvcCheckFail", { checks: { cvc: "fail" } }),
  card("4000000000000036", "avsZipFail", { checks: { addressPostalCode: "fail" } }),
  card("4000058400307872", "cvcCheckFailElevatedRisk", {
    funding: "debit",
    behaviour: radar("elevated", "never"),
    checks: { cvc: "fail" },
  }),
  card("4000058400306072", "avsZipFailElevatedRisk", {
    funding: "debit",
    behaviour: radar("elevated", "never"),
    checks: { addressPostalCode: "fail" },
  }),
  card("4000000000000028", "avsLine1Fail", { checks: { addressLine1: "fail" } }),
  // Also where no address was sent: https://github.com/activemerchant/active_merchant, its remote tests.
  card("4000000000000010", "avsFail", {
    checks: { addressLine1: "fail", addressPostalCode: "fail" },
    isCheckedUnsent: true,
  }),
  card("4000000000000044", "avsUnchecked", {
    checks: { addressLine1: "unavailable", addressPostalCode: "unavailable" },
  }),
  card("4000000000001208", "", { behaviour: { kind: "captcha" } }),
  card("4000000000003725", "", { behaviour: { kind: "captcha" } }),
];

const disputeAndRefundCards: readonly TestCard[] = [
  card("4000000000000259", "createDispute", disputed("fraudulent", "chargeback")),
  card("4000000000002685", "createDisputeProductNotReceived", disputed("product_not_received", "chargeback")),
  card("4000000000001976", "createDisputeInquiry", disputed("fraudulent", "inquiry")),
  card("4000000000005423", "createIssuerFraudRecord", disputed("fraudulent", "earlyFraudWarning")),
  card("4000000404000079", "createMultipleDisputes", disputed("fraudulent", "chargeback", { count: 2 })),
  card(
    "4000000404000038",
    "createCe3EligibleDispute",
    disputed("fraudulent", "chargeback", { eligibleFor: "visaCompellingEvidence3" }),
  ),
  card("4000008400000779", "createComplianceDispute", disputed("noncompliant", "visaCompliance")),
  card("5105008400000002", "createMastercardComplianceDispute", {
    brand: "mastercard",
    ...disputed("noncompliant", "mastercardCompliance"),
  }),
  card(
    "4000000001000043",
    "createAutoRepresentmentEligibleDispute",
    disputed("fraudulent", "chargeback", { eligibleFor: "autoRepresentment" }),
  ),
  card("4000000000007726", "pendingRefund", { behaviour: { kind: "refund", outcome: "pendingThenSucceeded" } }),
  card("4000000000005126", "refundFail", { behaviour: { kind: "refund", outcome: "succeededThenFailed" } }),
  card("4000000000000077", "bypassPending", { behaviour: { kind: "bypassPending" } }),
  card("4000003720000278", "bypassPendingInternational", { country: "IE", behaviour: { kind: "bypassPending" } }),
];

const threeDSecureCards: readonly TestCard[] = [
  card("4000002500003155", "authenticationRequiredOnSetup", { country: "FR", ...asks("onSetup") }),
  card("4000002760003184", "authenticationRequired", { country: "DE", ...asks("always") }),
  card("4000003800000446", "authenticationRequiredSetupForOffSession", {
    country: "IT",
    ...asks("setUpForOffSession"),
  }),
  card("4000008260003178", "authenticationRequiredChargeDeclinedInsufficientFunds", {
    country: "GB",
    ...asks("onSetup", declined("insufficient_funds", "charge")),
  }),
  card("4000000000003220", "threeDSecure2Required", asks("required")),
  card("4000008400000027", "threeDSecure2RequiredUs", asks("required")),
  card("4000000000003063", "threeDSecureRequired", asks("required")),
  card(
    "4000008400001629",
    "threeDSecureRequiredChargeDeclined",
    asks("required", declined("generic_decline", "charge")),
  ),
  card("4000008400001280", "threeDSecureRequiredProcessingError", asks("errorThenDecline")),
  card("4000000000003055", "threeDSecureOptional", asks("optional")),
  card("4000000000003097", "threeDSecureOptionalProcessingError", asks("errorThenApprove")),
  // https://docs.stripe.com/india-recurring-payments?integration=paymentIntents-setupIntents#testing
  card("4000003560000123", "", { country: "IN", ...asks("onMandate"), evidence: "recorded" }),
  card("4000000032200000", "", asks("frictionless")),
  card("4000582600000094", "", asks("required")),
  card("4000582600000045", "", asks("required")),
  card("4000582600000102", "", asks("required")),
  card("4000582600000110", "", asks("required")),
  card("4001007020000002", "", { country: "SG", behaviour: { kind: "pin" } }),
  card("4000008260000075", "", { country: "GB", behaviour: { kind: "pin" } }),
  card("4001000360000005", "", { country: "AU", behaviour: { kind: "pin" } }),
  card("4000002760000008", "", { country: "DE", behaviour: { kind: "pin" } }),
];

/** All test cards. A number may stand twice (the second is found by its suffix only); a suffix never does. */
export const testCardTable: readonly TestCard[] = [
  ...brandCards,
  ...countryCards,
  ...declineCards,
  ...radarCards,
  ...disputeAndRefundCards,
  ...threeDSecureCards,
];
