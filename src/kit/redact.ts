// What must never reach a log: keys, client secrets, card numbers, e-mail addresses, IBANs. Redaction looks at the
// names of fields and at the values themselves, because the dangerous string usually arrives inside another one
// (an error's message, a URL, a body). Whoever finds a leak adds its spelling here and a line to log.test.ts.

const redacted = "[redacted]";
const depthMax = 6; // deeper than any of our fields; a cycle ends here
const itemsMax = 100; // a log line is a line
const textMax = 4_000; // characters; a longer one is a body that should not be logged

const secretNames = [
  /(^|_|-)(secret|password|passwd|authorization|cookie|api_?key|secret_?key|cvc|cvv|e_?mail|iban|pan)$/i,
  /^(card_?number|account_?number|client_?secret|raw_?body)$/i,
];

/** A copy of `fields` that is safe to write down. */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redactObject(fields, 0);
}

/** `text` without the secrets in it; the id before a client secret stays, so that the line can be followed. */
function redactText(text: string): string {
  return text
    .slice(0, textMax)
    .replace(/\b((?:sk|rk|bk)_(?:test|live)|whsec|pk_live|ek_(?:test|live))_[A-Za-z0-9+/=_-]+/g, `$1_${redacted}`)
    .replace(/_secret_[A-Za-z0-9]+/g, `_secret_${redacted}`)
    .replace(/\b(Bearer|Basic) +[A-Za-z0-9+/=._~-]{8,}/gi, `$1 ${redacted}`)
    .replace(/[A-Za-z0-9._+'-]+(?:@|%40)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g, redacted)
    .replace(/\b[A-Za-z]{2}\d{2}(?:[ ]?[A-Za-z0-9]){11,30}/g, redactIban)
    .replace(/(?<![\d.])[2-6](?:(?:[ -]|%20|\+)?\d){12,18}(?!\d)/g, redactCard);
}

function redactValue(name: string, value: unknown, depth: number): unknown {
  if (value === null || value === undefined || typeof value === "boolean") return value;
  const spelling = snake(name);
  if (secretNames.some((names) => names.test(spelling))) return redacted;
  if (typeof value === "string") return redactText(value);
  if (typeof value === "number" || typeof value === "bigint") return redactNumber(value);
  if (typeof value !== "object") return `[${typeof value}]`;
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (depth >= depthMax) return "[deep]";
  if (Array.isArray(value)) return value.slice(0, itemsMax).map((item) => redactValue("", item, depth + 1));
  return redactObject(value as Record<string, unknown>, depth + 1);
}

function redactObject(object: Record<string, unknown>, depth: number): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object).slice(0, itemsMax)) {
    out[redactText(name)] = redactValue(name, value, depth);
  }
  return out;
}

/** A failure with a code says enough; a bug is found by its stack. */
function redactError(error: Error, depth: number): Record<string, unknown> {
  const code = (error as Error & { code?: unknown }).code;
  return {
    name: error.name,
    ...(code === undefined ? {} : { code: redactValue("", code, depth + 1) }),
    message: redactText(error.message),
    ...(error.name === "Problem" ? {} : { stack: redactText(error.stack ?? "") }),
    ...(error.cause === undefined || depth >= depthMax ? {} : { cause: redactValue("cause", error.cause, depth + 1) }),
  };
}

function redactNumber(value: number | bigint): number | string {
  const text = String(value);
  const safe = redactText(text);
  return safe === text && typeof value === "number" ? value : safe;
}

function redactCard(match: string): string {
  const digits = match.replaceAll("%20", "").replace(/\D/g, "");
  return passesLuhn(digits) ? redacted : match;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

/** ISO 7064: the four first characters go to the end, letters become numbers, the rest by 97 is 1. */
function redactIban(match: string): string {
  // The words after an IBAN look like more of it, so every length that a country uses is tried, longest first.
  for (let end = match.length; end >= 15; end--) {
    const plain = match.slice(0, end).replaceAll(" ", "").toUpperCase();
    if (plain.length < 15 || plain.length > 34) continue;
    let rest = 0;
    for (const character of plain.slice(4) + plain.slice(0, 4)) {
      for (const digit of String(Number.parseInt(character, 36))) rest = (rest * 10 + Number(digit)) % 97;
    }
    if (rest === 1) return redacted + match.slice(end);
  }
  return match;
}

function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2");
}
