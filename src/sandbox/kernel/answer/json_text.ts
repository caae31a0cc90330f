// Answers and events as the text that leaves. Stripe has two kinds of numbers and writes `10.0` where a fraction might
// stand (recorded), so that programs which tell the two apart read the kind that they read from Stripe.

/** What Stripe's SDKs declare to be fractions, of what is built here. */
const fractions = ["effective_percentage", "height", "length", "percent_off", "percentage", "weight", "width"];

// A quotation mark inside a text has a backslash before it, so nothing that a caller has written looks like this.
const wholeFraction = new RegExp(`("(?:${fractions.join("|")})": )(\\d+)(?=[,\\n])`, "g");

/** `jsonText({ percent_off: 10 })` has `"percent_off": 10.0`. */
export function jsonText(value: object): string {
  return JSON.stringify(value, null, 2).replace(wholeFraction, "$1$2.0");
}
