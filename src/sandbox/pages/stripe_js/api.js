// The way to the sandbox's HTTP API, as Stripe.js goes it: publishable key, forms, and every failure as a value.
import { encodeForm } from "./form.js";

/**
 * @typedef {{ type: string, code?: string, message?: string, [key: string]: unknown }} ApiError
 * @typedef {{ body: Record<string, any>, error?: undefined } | { body?: undefined, error: ApiError }} ApiAnswer
 * @typedef {{ base: string, key: string, version: string, account?: string }} ApiOptions
 */

/** The caller's mistake in the page's code: Stripe.js throws these, while everything the API says is a value. */
export class IntegrationError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "IntegrationError";
  }
}

/** @param {ApiOptions} options */
export function createApi(options) {
  /** @type {Record<string, string>} */
  const headers = { Authorization: `Bearer ${options.key}`, "Stripe-Version": options.version };
  if (options.account) headers["Stripe-Account"] = options.account;

  /**
   * @param {"GET" | "POST"} method @param {string} path @param {Record<string, unknown>} params
   * @returns {Promise<ApiAnswer>}
   */
  async function send(method, path, params) {
    const form = encodeForm(params);
    const isGet = method === "GET";
    const url = `${options.base}${path}${isGet && form !== "" ? `?${form}` : ""}`;
    const sent = isGet ? headers : { ...headers, "Content-Type": "application/x-www-form-urlencoded" };
    const response = await fetch(url, { method, headers: sent, credentials: "omit", ...(isGet ? {} : { body: form }) });
    const body = await response.json();
    return response.ok ? { body } : { error: body.error ?? unreadable(response.status) };
  }

  return {
    base: options.base,
    /**
     * @param {"GET" | "POST"} method @param {string} path @param {Record<string, unknown>} params
     * @returns {Promise<ApiAnswer>}
     */
    request: (method, path, params) =>
      send(method, path, params).catch((cause) => {
        // The page's console is the only place where a developer can see why nothing arrived (CORS, CSP, port).
        console.error(`Stripe.js (sandbox): ${method} ${options.base}${path} failed`, cause);
        return { error: unreachable() };
      }),
  };
}

/** @param {number} status @returns {ApiError} */
function unreadable(status) {
  return { type: "api_error", message: `The sandbox answered HTTP ${status} without an error object.` };
}

/** @returns {ApiError} */
function unreachable() {
  return {
    type: "api_connection_error",
    message:
      "We are experiencing issues connecting to our payments provider. You have not been charged. " +
      "Please check your internet connection and try again.",
  };
}
