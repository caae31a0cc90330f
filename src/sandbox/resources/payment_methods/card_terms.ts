// What a caller says of one payment by card: under which circumstances it is made, which decides what the bank does.
import type { Params } from "../../kernel/state/resource.ts";
import { boolean, hash, text } from "../../kernel/words/params.ts";
import type { ThreeDSecure } from "./three_d_secure.ts";

export interface CardTerms {
  /** Ordered by mail or by phone, or under an agreement that somebody else has seen: there is nobody to be asked. */
  readonly isExempt: boolean;
  /**
   * 3-D Secure that was carried out elsewhere. https://docs.stripe.com/payments/payment-intents/three-d-secure-import
   */
  readonly imported: ThreeDSecure | null;
  readonly usesNetworkToken: boolean;
  /** Of a mandate for payments to come, which India's banks ask about. */
  readonly hasMandate: boolean;
}

export const plainTerms: CardTerms = {
  isExempt: false,
  imported: null,
  usesNetworkToken: false,
  hasMandate: false,
};

/** What `payment_method_options[card]` says, over what was said before. */
export function cardTermsOf(params: Params, before: CardTerms = plainTerms): CardTerms {
  const card = hash(hash(params, "payment_method_options") ?? {}, "card");
  if (!card) return before;
  const moto = boolean(card, "moto");
  const agreement = hash(card, "mit_exemption");
  const imported = hash(card, "three_d_secure");
  return {
    isExempt: agreement ? true : (moto ?? before.isExempt),
    imported: imported ? importedFrom(imported) : before.imported,
    usesNetworkToken: hash(card, "network_token") ? true : before.usesNetworkToken,
    hasMandate: hash(card, "mandate_options") ? true : before.hasMandate,
  };
}

function importedFrom(sent: Params): ThreeDSecure {
  return {
    result: text(sent, "ares_trans_status") === "A" ? "attempt_acknowledged" : "authenticated",
    flow: null,
    told: {
      electronic_commerce_indicator: text(sent, "electronic_commerce_indicator") ?? null,
      exemption_indicator: text(sent, "exemption_indicator") ?? null,
      transaction_id: text(sent, "transaction_id") ?? null,
      version: text(sent, "version") ?? "2.2.0",
    },
  };
}
