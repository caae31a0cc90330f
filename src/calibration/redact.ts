// What of an answer may be written down: Stripe's own words, amounts and yes or no. Texts that may be the account's
// (names, addresses, descriptors) are not kept at all: of any other text stands only that there is one, of an id its
// kind, of an instant that it is one. Both sides are treated alike, so that what differs by nature does not count.

/** Fields whose texts are Stripe's words, whoever asks. */
const wordFields = new Set(
  `object status type code param decline_code advice_code network_decline_code network_advice_code network_status
  country currency reason risk_level brand display_brand funding network available capture_method confirmation_method
  cancellation_reason setup_future_usage usage allow_redisplay allow_redirects payment_method_types reporting_category
  failure_code failure_reason request_three_d_secure cvc_check address_line1_check address_postal_code_check
  regulated_status tax_exempt pending_reason reference_status reference_type method`.split(/\s+/),
);

/** What an account pays and counts, and what chance decides. */
const ownNumbers = new Set(["exchange_rate", "fee", "net", "next_invoice_sequence", "risk_score"]);

/** Ids of what was made, by name: some are not of Stripe's form. */
type Made = ReadonlyMap<string, string>;

/** `shownOf("customer", "cus_NffrFeUfNV2Hib", new Map())` is `cus_…`. */
export function shownOf(path: string, value: unknown, made: Made): string {
  const field = (path.split(".").at(-1) ?? "").replace(/\[\d+\]$/, "");
  if (typeof value === "number")
    return isInstant(field) ? "an instant" : ownNumbers.has(field) ? "a number" : `${value}`;
  if (typeof value !== "string") return isEmptyOrPlain(value) ? JSON.stringify(value) : "a map";
  if (field === "message") return masked(value, made);
  if (isId(value)) return kindOf(value);
  return wordFields.has(field) && /^[\w.[\]-]{1,100}$/.test(value) ? value : "a text";
}

function isInstant(field: string): boolean {
  const isNamed = /^(?:created|updated|start|end|capture_before|exp_month|exp_year)$/.test(field);
  return isNamed || /_(?:at|on|by|date|time|start|end|after)$/.test(field);
}

function isEmptyOrPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null || Object.keys(value).length === 0;
}

/** Words of Stripe's have underscores too, but neither digits nor capitals at their end. */
function isId(text: string): boolean {
  return /^[a-z]+(?:_[a-z]+)*_(?=\w*[A-Z\d])[A-Za-z\d]{6,}(?:_secret_\w+)?$/.test(text);
}

function kindOf(id: string): string {
  return `${id.replace(/_[A-Za-z\d]+(?:_secret_\w+)?$/, "")}_…`;
}

/** A refusal's sentence is Stripe's; what it quotes may be the account's. */
function masked(message: string, made: Made): string {
  const named = [...made].reduce((text, [name, id]) => text.replaceAll(id, `{${name}}`), message);
  return named
    .replace(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, "…")
    .replace(/\b[a-z]+(?:_[a-z]+)*_[\w*]*[A-Z\d*][\w*]*/g, (text) => `${/^[a-z]+(?:_[a-z]+)*?(?=_)/.exec(text)?.[0]}_…`)
    .replace(/https?:\/\/\S+/g, (address) => (/^https:\/\/(?:\w+\.)?stripe\.com\//.test(address) ? address : "…"));
}
