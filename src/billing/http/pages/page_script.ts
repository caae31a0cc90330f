// The browser's half of the hosted pages, as text: it is served as a file of its own, because the page's policy admits
// no inline script. One confirm in flight at a time; what became of it is asked of the server, never believed here.
import { declineWords, declineWordsDefault } from "./declines.table.ts";

/** While the bank takes its time: every 3 s for two minutes, then the page says that it may be closed. */
const pollMs = 3_000;
const pollsMax = 40;

export const pageScript = `"use strict";
(() => {
  const words = ${JSON.stringify(declineWords)};
  const wordsDefault = ${JSON.stringify(declineWordsDefault)};
  const unanswered = {
    payment: {
      label: "Check the payment",
      next: "The payment may have gone through all the same. Check it before you try again.",
    },
    setup: {
      label: "Check what was saved",
      next: "It may have been saved all the same. Check before you try again.",
    },
  };
  const root = document.getElementById("checkout");
  if (root) pay(root);
  const waiting = document.getElementById("waiting");
  if (waiting) poll(waiting, ${pollsMax});

  function pay(root) {
    const { publishableKey, clientSecret, returnUrl, mode, intent } = root.dataset;
    const uncertain = unanswered[intent];
    const form = document.getElementById("form");
    const button = document.getElementById("pay");
    const spinner = document.getElementById("spinner");
    const label = document.getElementById("label");
    const message = document.getElementById("message");
    const idleLabel = label.textContent;
    const choices = [...form.querySelectorAll('input[name="method"]')];
    const newMethod = document.getElementById("new-method");
    const save = document.getElementById("save");
    const notLoaded = {
      what: "The payment form could not be loaded.",
      next: "Check your connection and load this page again.",
    };
    let inFlight = false;
    let isUncertain = false;

    function setBusy(isBusy) {
      inFlight = isBusy;
      button.disabled = isBusy;
      spinner.hidden = !isBusy;
      label.textContent = isBusy ? "One moment…" : idleLabel;
      form.setAttribute("aria-busy", String(isBusy));
    }
    function say({ what, next }) {
      message.replaceChildren();
      const strong = document.createElement("strong");
      strong.textContent = what;
      message.append(strong, document.createTextNode(next));
      message.className = "message";
      message.hidden = false;
      message.focus();
    }
    function sayError(error) {
      if (error.code === intent + "_intent_unexpected_state") return location.assign(returnUrl);
      const known = words[error.decline_code] || words[error.code];
      // The fields say it themselves, and the focus is in the first of them.
      if (error.type === "validation_error") return;
      if (error.type === "card_error" || known) return say(known || wordsDefault);
      // No answer is not a no: the money may have moved. The next click asks the server instead of paying again.
      isUncertain = true;
      label.textContent = uncertain.label;
      say({ what: "The payment service did not answer.", next: uncertain.next });
    }
    let stripe;
    let elements;
    try {
      start();
    } catch (error) {
      console.error(error);
      button.disabled = true;
      return say(notLoaded);
    }
    function start() {
      stripe = window.Stripe(publishableKey);
      if (mode !== "form") return;
      for (const choice of choices) choice.addEventListener("change", showChosen);
      showChosen();
    }
    // "" is another way to pay than what is saved.
    function chosenMethod() {
      const chosen = choices.find((choice) => choice.checked);
      return chosen ? chosen.value : "";
    }
    function showChosen() {
      const isNew = chosenMethod() === "";
      if (newMethod) newMethod.hidden = !isNew;
      if (isNew && !elements) mountElements();
    }
    function mountElements() {
      const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
      const fontFamily = 'system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif';
      const variables = { colorPrimary: isDark ? "#9db8ff" : "#1f4fd8", borderRadius: "8px", fontFamily };
      const appearance = { theme: isDark ? "night" : "stripe", variables };
      elements = stripe.elements({ clientSecret, locale: "en", appearance });
      const payment = elements.create("payment", { layout: "tabs" });
      payment.on("loaderror", () => say(notLoaded));
      // Cards alone are saved here.
      if (save) payment.on("change", ({ value }) => {
        document.getElementById("save-row").hidden = value.type !== "card";
      });
      payment.mount("#payment-element");
    }
    async function attempt() {
      if (mode === "action") return stripe.handleNextAction({ clientSecret });
      const method = chosenMethod();
      if (method) {
        const confirmParams = { payment_method: method, return_url: returnUrl };
        return stripe.confirmPayment({ clientSecret, confirmParams, redirect: "if_required" });
      }
      const submitted = await elements.submit();
      if (submitted.error) return submitted;
      const isSaved = Boolean(save && save.checked && submitted.selectedPaymentMethod === "card");
      const confirmParams = { return_url: returnUrl, ...(isSaved && { setup_future_usage: "off_session" }) };
      const confirm = intent === "setup" ? stripe.confirmSetup : stripe.confirmPayment;
      return confirm({ elements, confirmParams, redirect: "if_required" });
    }
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (inFlight) return;
      if (isUncertain) return location.assign(returnUrl);
      setBusy(true);
      message.hidden = true;
      let result;
      try {
        result = await attempt();
      } catch (error) {
        console.error(error);
        result = { error: { type: "api_error" } };
      }
      if (!result.error) return location.assign(returnUrl);
      if (mode === "action") return location.assign(returnUrl);
      setBusy(false);
      sayError(result.error);
    });
    window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
    button.disabled = false;
  }

  function poll(waiting, left) {
    if (left === 0) {
      document.getElementById("waiting-note").textContent = "You may close this page: the payment goes on without it.";
      return;
    }
    setTimeout(async () => {
      try {
        const answer = await fetch(waiting.dataset.stateUrl, { headers: { accept: "application/json" } });
        if (answer.status === 410) return location.reload();
        const { status } = await answer.json();
        if (status !== waiting.dataset.status) return location.reload();
      } catch (error) {
        console.warn(error);
      }
      poll(waiting, left - 1);
    }, ${pollMs});
  }
})();
`;
