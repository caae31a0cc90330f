// Stripe's form encoding: nested keys in brackets, lists by index, null as the empty string, undefined left out.

const depthMax = 12; // Stripe's deepest parameter has six levels; a cycle must end in an error, not in a dead page.

/** @param {unknown} value @param {string} key @param {number} depth @returns {[string, string][]} */
function formEntries(value, key, depth) {
  if (depth > depthMax) throw new TypeError(`The parameter ${key} is nested too deeply.`);
  if (value === undefined || typeof value === "function") return [];
  if (value === null) return [[key, ""]];
  if (typeof value !== "object") return [[key, String(value)]];
  if (value instanceof Date) return [[key, String(Math.floor(value.getTime() / 1000))]];
  return Object.entries(value).flatMap(([name, inner]) => formEntries(inner, `${key}[${name}]`, depth + 1));
}

/**
 * `{ card: { number: "42" }, tags: ["a"] }` becomes `card[number]=42&tags[0]=a`.
 * @param {Record<string, unknown>} params
 */
export function encodeForm(params) {
  return Object.entries(params)
    .flatMap(([key, value]) => formEntries(value, key, 0))
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
    .join("&");
}
