// What can be paid with in a group: what its intent takes, or what an intent of its settings would take.
import { IntegrationError } from "../api.js";
import { playedTypes } from "../entry/method_entries.js";

/**
 * @typedef {import("../api.js").ApiError} ApiError
 * @typedef {Record<string, any>} Settings
 */

/** @param {Settings} settings what a page gives to stripe.elements() */
export function checkSettings(settings) {
  const secret = settings.clientSecret;
  if (secret !== undefined && !/^[a-z]+_.+_secret_/.test(String(secret))) {
    throw new IntegrationError(
      "Invalid value for elements(): clientSecret should be a client secret of the form {id}_secret_{secret}. " +
        `You specified: ${String(secret)}.`,
    );
  }
  if (secret !== undefined && settings.mode !== undefined) {
    throw new IntegrationError("Invalid value for elements(): pass either clientSecret or mode, not both.");
  }
  if (settings.mode === undefined) return;
  if (!["payment", "setup", "subscription"].includes(settings.mode)) {
    throw new IntegrationError("Invalid value for elements(): mode should be one of payment, setup, subscription.");
  }
  if (settings.mode !== "setup" && !Number.isInteger(settings.amount)) {
    throw new IntegrationError(
      "Invalid value for elements(): amount should be an integer, in the smallest currency unit.",
    );
  }
  if (settings.mode !== "setup" && !/^[a-z]{3}$/.test(String(settings.currency))) {
    throw new IntegrationError(
      "Invalid value for elements(): currency should be a lower-case ISO code, such as 'eur'.",
    );
  }
}

/**
 * What the intent takes; a client secret that leads nowhere is an error.
 * @param {ReturnType<typeof import("../api.js").createApi>} api @param {Settings} settings
 * @returns {Promise<{ types: string[], error?: ApiError }>}
 */
export async function offeredTypes(api, settings) {
  /** @type {string | undefined} */
  const secret = settings.clientSecret;
  if (!secret) return { types: typesOfMode(settings) };
  const path = secret.startsWith("seti_") ? "setup_intents" : "payment_intents";
  const id = secret.split("_secret_")[0];
  const { body, error } = await api.request("GET", `/v1/${path}/${id}`, { client_secret: secret });
  return error ? { types: ["card"], error } : { types: body.payment_method_types };
}

const euroTypes = ["bancontact", "ideal", "sepa_debit"];

/** What an account has on that nobody has set up: what it has on by now, only an intent tells. */
const usualTypes = ["card", ...euroTypes];

/** Without an intent: what an intent of these settings would take. @param {Settings} settings */
export function typesOfMode(settings) {
  const listed = settings.paymentMethodTypes ?? settings.payment_method_types ?? settings.allowedPaymentMethodTypes;
  const isEuro = settings.currency === "eur" || (settings.mode === "setup" && !settings.currency);
  const isManual = (settings.captureMethod ?? settings.capture_method) === "manual";
  const excluded = settings.excludedPaymentMethodTypes ?? [];
  return (listed ?? usualTypes).filter(
    (/** @type {string} */ type) => !excluded.includes(type) && (!euroTypes.includes(type) || (isEuro && !isManual)),
  );
}

/** The page's own order first. @param {string[]} types @param {string[]} [order] */
export function inOrder(types, order = []) {
  const known = playedTypes.filter((type) => types.includes(type));
  return [...order.filter((type) => known.includes(type)), ...known.filter((type) => !order.includes(type))];
}
