// docs/reference/test-cards.md: what each test card and each test IBAN does, from the tables that the sandbox acts by.
import { methodDefaults } from "../../src/sandbox/resources/payment_methods/defaults.table.ts";
import {
  type CardBehaviour,
  type CardDecline,
  type TestCard,
  type ThreeDSecureMode,
  testCardTable,
} from "../../src/sandbox/resources/payment_methods/test_cards.table.ts";
import {
  type SepaOutcome,
  sepaOutcomeBySuffix,
  sepaOutcomeTable,
  type TestIban,
  testIbanTable,
} from "../../src/sandbox/resources/payment_methods/test_ibans.table.ts";
import { code, page, table } from "./markdown.ts";

export function testCardsPage(): string {
  return page(
    "Test cards and IBANs",
    "Any future date and any CVC fit (four digits for American Express). A name stands for `pm_card_NAME` and " +
      "`tok_NAME`. Other numbers are refused as live cards. Only those of Stripe's own range pay: `400000CCC…` " +
      "(credit) and `400005CCC…` (debit), with a country's ISO number for CCC " +
      `(${Object.keys(methodDefaults.countries.value).length} countries).`,
    ...sections.map(({ title, kinds }) => {
      const cards = testCardTable.filter(({ behaviour }) => kinds.includes(kindOf(behaviour)));
      return `## ${title}\n\n${cardTable(cards)}`;
    }),
    `## SEPA test IBANs\n\n${outcomeTable()}`,
    `An IBAN that is not listed is judged by its last digits (${suffixes()}); any other valid one pays.`,
    ibanTable(),
  );
}

const sections: readonly { title: string; kinds: readonly CardBehaviour["kind"][] }[] = [
  { title: "Cards that pay", kinds: ["approve", "pin", "bypassPending"] },
  { title: "Cards that are declined", kinds: ["decline"] },
  { title: "Cards that ask for 3-D Secure", kinds: ["threeDSecure"] },
  { title: "Cards that Radar looks at", kinds: ["radar", "captcha"] },
  { title: "Cards that are disputed", kinds: ["dispute"] },
  { title: "Cards whose refunds differ", kinds: ["refund"] },
];

/** A card that knows nothing of 3-D Secure is listed with those that just pay. */
function kindOf(behaviour: CardBehaviour): CardBehaviour["kind"] {
  return behaviour.kind === "threeDSecure" && behaviour.mode === "notSupported" ? "approve" : behaviour.kind;
}

function cardTable(cards: readonly TestCard[]): string {
  return table(
    ["Number", "Names", "Card", "What happens"],
    cards.map((card) => [
      code(card.number.replace(/(\d{4})(?=\d)/g, "$1 ")),
      card.suffixes.map(code).join(" "),
      [card.brand, card.coBrand && `with ${card.coBrand}`, card.funding, card.country].filter(Boolean).join(" "),
      [describe(card.behaviour), ...describeChecks(card)].join("; "),
    ]),
  );
}

function describe(behaviour: CardBehaviour): string {
  switch (behaviour.kind) {
    case "approve":
      return "pays";
    case "decline":
      return describeDecline(behaviour);
    case "threeDSecure": {
      const { mode, afterwards } = behaviour;
      return afterwards ? `${modes[mode]}; then ${describeDecline(afterwards)}` : modes[mode];
    }
    case "radar": {
      const { riskLevel, blocked, signal } = behaviour;
      return `risk level ${code(riskLevel)}, ${blocks[blocked]}${signal ? `, signal ${code(signal)}` : ""}`;
    }
    case "captcha":
      return "Radar would ask for a captcha";
    case "dispute": {
      const { reason, form, count, eligibleFor } = behaviour;
      const times = count > 1 ? `${count} times ` : "";
      return `pays, then ${times}${forms[form]}: ${code(reason)}${eligibleFor ? `, eligible for ${eligibleFor}` : ""}`;
    }
    case "refund":
      return refunds[behaviour.outcome];
    case "bypassPending":
      return "pays; the money is available at once";
    case "pin":
      return "pays; a terminal asks for a PIN";
  }
}

function describeDecline({ code: errorCode, declineCode, at }: CardDecline): string {
  const name = declineCode ? `${code(errorCode)}, ${code(declineCode)}` : code(errorCode);
  return `declined with ${name} ${at === "attach" ? "at attach, at setup and at each charge" : "at each charge"}`;
}

function describeChecks({ checks }: TestCard): string[] {
  return Object.entries(checks).map(([name, result]) => `${name} check: ${result}`);
}

const modes: Readonly<Record<ThreeDSecureMode, string>> = {
  onSetup: "asks on and off session, unless it was set up before",
  always: "asks at every payment, also after setup",
  setUpForOffSession: "asks on session; off session it pays",
  required: "asks, and is declined when nobody answers",
  optional: "asks only when the request wants it",
  onMandate: "asks when a mandate for later payments is made",
  challengeByRadar: "asks when Radar wants it",
  frictionless: "is authenticated without a question",
  notSupported: "does not know 3-D Secure and pays without a question",
  errorThenDecline: "the lookup fails; declined",
  errorThenApprove: "the lookup fails; pays",
};

const blocks = { always: "blocked", byDefaultRule: "blocked by the default rule", never: "pays" } as const;

const forms = {
  chargeback: "disputed",
  inquiry: "asked about (an inquiry)",
  earlyFraudWarning: "warned about (an early fraud warning)",
  visaCompliance: "disputed for Visa's compliance",
  mastercardCompliance: "disputed for Mastercard's compliance",
} as const;

const refunds = {
  pendingThenSucceeded: "pays; a refund is pending, then succeeds",
  succeededThenFailed: "pays; a refund succeeds, then fails",
} as const;

function outcomeTable(): string {
  return table(
    ["Outcome", "What happens"],
    Object.entries(sepaOutcomeTable).map(([outcome, { at, failureCode, isDelayed, isDisputed }]) => {
      const result = failureCode ? `fails with ${code(failureCode)}` : isDisputed ? "pays, then disputed" : "pays";
      const when = at === "creation" ? "when the payment method is created" : isDelayed ? "after three minutes" : "";
      return [outcome, [result, when].filter(Boolean).join(" ")];
    }),
  );
}

function suffixes(): string {
  return sepaOutcomeBySuffix.map(({ suffix, outcome }) => `\`…${suffix}\` ${outcome}`).join(", ");
}

function ibanTable(): string {
  const outcomes = Object.keys(sepaOutcomeTable) as SepaOutcome[];
  const rows: string[][] = [];
  for (const [country, ibans] of Map.groupBy<string, TestIban>(testIbanTable, (iban) => iban.country)) {
    for (const outcome of outcomes) {
      for (const { iban } of ibans.filter((one) => one.outcome === outcome)) rows.push([country, outcome, code(iban)]);
    }
  }
  return table(["Country", "Outcome", "IBAN"], rows);
}
