// What Stripe takes and answers although its SDKs do not declare it. Each noun says it of its own operations, in a
// table beside it that a reader sees as a whole, with the sources; what holds for all of them stands here.
import type { Known, Sure } from "../words/evidence.ts";
import type { Refusal } from "../words/refusals.ts";
import type { Schema, VersionFamily } from "./schema.ts";

export interface Extras {
  readonly params?: readonly ExtraParams[];
  readonly retired?: readonly RetiredParam[];
  /**
   * Addresses from before the oldest SDK here that Stripe still serves. Those that no route serves answer 501 and say
   * so.
   */
  readonly oldAddresses?: Sure<readonly string[]>;
  /** Operations of Stripe.js and old addresses that take and answer what the SDKs declare of another one. */
  readonly declaredAs?: Sure<Readonly<Record<string, string>>>;
  /** Where an empty text unsets nothing, whatever the rule of unsettable.ts says. */
  readonly unsetsNothing?: Sure<RegExp>;
  /**
   * What its objects answer although no SDK declares it there, and in every version: `charge.order`; or as null where
   * none says that it may be.
   */
  readonly answers?: Sure<readonly string[]>;
  /** What its objects never answer although SDKs declare it there: `line_item.subscription`. */
  readonly leavesOut?: Sure<readonly string[]>;
}

export interface ExtraParams extends Known {
  readonly operations: RegExp;
  /** By full name as in messages: `payment_method_data[card]`. */
  readonly params?: Readonly<Record<string, Schema>>;
  /** Values that a declared enum lacks. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /** In which order Stripe names the values of an enum, where it is not that of the alphabet. */
  readonly orders?: Readonly<Record<string, readonly string[]>>;
  /** What the declarations of some family require, and Stripe does not. */
  readonly optional?: readonly string[];
  /** What the empty text unsets although neither the declarations nor the rule of unsettable.ts say so. */
  readonly unsettable?: readonly string[];
}

/** A parameter that a change took away: unknown from that family on, or refused in words of its own. */
export interface RetiredParam extends Known {
  readonly family: VersionFamily;
  readonly operations: RegExp;
  /** By full name, without the places in lists. */
  readonly param: string;
  readonly refusal?: Refusal;
}

/** What Stripe.js tells about the browser; looked at by nobody here. */
export const browserFacts: Readonly<Record<string, Schema>> = {
  guid: "any",
  muid: "any",
  sid: "any",
  payment_user_agent: "any",
  referrer: "any",
  time_on_page: "any",
  pasted_fields: "any",
  client_attribution_metadata: "any",
};

/**
 * Any operation answers an object that can be expanded, deletions too. Servers that stand behind Stripe.js send on what
 * it says of the browser: ActiveMerchant names itself in `payment_user_agent` with each call.
 */
export const everywhere: ExtraParams = {
  operations: /^/,
  params: { expand: { list: "string" }, ...browserFacts },
  evidence: "recorded",
};

/** Stripe.js sends the key and the version as parameters. */
export const ofStripeJs: Readonly<Record<string, Schema>> = {
  key: "any",
  _stripe_version: "any",
  _stripe_account: "any",
  ...browserFacts,
};

/** `inside("payment_method_data", { guid: "any" })` is `{ "payment_method_data[guid]": "any" }`. */
export function inside(name: string, params: Readonly<Record<string, Schema>>): Record<string, Schema> {
  return Object.fromEntries(Object.entries(params).map(([key, schema]) => [`${name}[${key}]`, schema]));
}
