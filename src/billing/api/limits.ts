// What may be handed in: the one place for the checks of this API, the schemas of REST, and OpenAPI.
import { currencies, maximumAmount } from "#kit/money.ts";

/** Ids of yours go into URLs, metadata and log lines. Stripe's metadata values hold 500 characters. */
export const idPattern = /^[A-Za-z0-9_.:@-]{1,200}$/;
export const idSays = "1 to 200 of A-Z a-z 0-9 _ . : @ -";
/** Of Stripe's: `pm_…`, and of older ones `card_…`, `ba_…`, `src_…`. */
export const methodIdPattern = /^[A-Za-z0-9_]{1,200}$/;
/** Stripe's: `in_…`. */
export const invoiceIdPattern = /^in_[A-Za-z0-9_]{1,100}$/;
export const emailPattern = /^[^\s@]{1,64}@[^\s@]{1,255}$/;
/** As at Stripe. */
export const nameMax = 256;
/** Longer than any number there is; Stripe takes as much. */
export const phoneMax = 20;
/** A language, and where it is spoken: `de`, `pt-BR`, `zh-Hant-TW`. */
export const localePattern = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;
export const countryPattern = /^[A-Z]{2}$/;
/** A reason, a description, a value in metadata: as at Stripe. */
export const textMax = 500;
/** Stripe takes 50 keys of 40 characters; some are ours. */
export const metadataKeysMax = 40;
export const metadataKeyMax = 40;
/** How often something is paid. */
export const everyPattern = /^(?:[1-9][0-9]{0,3} )?(?:day|week|month|year)s?$/;
/** An order is something a person bought: Stripe's own limit for what one payment lists is lower. */
export const linesMax = 100;
/** As at Stripe: https://docs.stripe.com/changelog/2016-02-22/no-more-than-250-invoice-items */
export const invoiceLinesMax = 250;
export const quantityMax = 1_000_000;
/** The most Stripe charges in any currency; each has its own, which is checked with the total. */
export const amountMax = Math.max(...currencies.map(maximumAmount));
/** More attempts than this at one wish are a loop. */
export const attemptMax = 1_000;
/** Browsers and proxies take as much. */
export const urlMax = 2_000;
/** What a list is asked for: an id, a verb, a handler. */
export const filterMax = 500;
/** A wish to take money: shorter than a second is over before it leaves; a month later it is another wish. */
export const validForMsMin = 1_000;
export const validForMsMax = 30 * 86_400_000;
export const cursorMax = 1_000;
export const pageLimitDefault = 20;
export const pageLimitMax = 100;
