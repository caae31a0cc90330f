// The shop pages of the browser tests, written as a shop would write them. Sources for esbuild.

const start = `
  const secret = new URLSearchParams(location.search).get("secret");
  const redirect = new URLSearchParams(location.search).get("redirect") ?? "if_required";
  const returnUrl = location.origin + "/thanks?order=9001";
  const say = (text) => { document.getElementById("said").textContent = text; };
  const tell = ({ error, paymentIntent }) =>
    say(error ? error.type + " " + (error.decline_code ?? error.code) + ": " + error.message : paymentIntent.status);
`;

/** @stripe/stripe-js and the Payment Element. */
const plain = `
  import { loadStripe } from "@stripe/stripe-js";
  ${start}
  const root = document.getElementById("root");
  root.innerHTML = '<form><div id="payment"></div><button>Pay</button></form>';
  window.heard = [];
  loadStripe("pk_test_browser").then((stripe) => {
    window.stripe = stripe;
    const elements = stripe.elements({ clientSecret: secret });
    window.elements = elements;
    const payment = elements.create("payment", { layout: "tabs" });
    window.payment = payment;
    window.secret = secret;
    for (const name of ["ready", "change", "focus", "blur", "escape"]) {
      payment.on(name, (event) => heard.push([name, event]));
    }
    payment.mount("#payment");
    root.querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      say("");
      tell(await stripe.confirmPayment({ elements, confirmParams: { return_url: returnUrl }, redirect }));
    });
  });
`;

/**
 * @stripe/react-stripe-js, the Payment Element in its usual layout and the deferred form: the intent is known only when
 * it is paid.
 */
const react = `
  import { loadStripe } from "@stripe/stripe-js";
  import { Elements, PaymentElement, useElements, useStripe } from "@stripe/react-stripe-js";
  import { createRoot } from "react-dom/client";
  ${start}
  const stripePromise = loadStripe("pk_test_browser");
  function Form() {
    const stripe = useStripe();
    const elements = useElements();
    async function pay(event) {
      event.preventDefault();
      say("");
      const { error } = await elements.submit();
      if (error) return tell({ error });
      const confirmParams = { return_url: returnUrl };
      tell(await stripe.confirmPayment({ elements, clientSecret: secret, confirmParams, redirect }));
    }
    return <form onSubmit={pay}><PaymentElement /><button disabled={!stripe}>Pay</button></form>;
  }
  const options = { mode: "payment", amount: 4900, currency: "eur", appearance: { theme: "stripe" } };
  createRoot(document.getElementById("root")).render(
    <Elements stripe={stripePromise} options={options}><Form /></Elements>
  );
`;

/** @stripe/react-stripe-js and the Card Element. */
const card = `
  import { loadStripe } from "@stripe/stripe-js";
  import { CardElement, Elements, useElements, useStripe } from "@stripe/react-stripe-js";
  import { createRoot } from "react-dom/client";
  import { StrictMode, useState } from "react";
  ${start}
  const stripePromise = loadStripe("pk_test_browser");
  function Form() {
    const stripe = useStripe();
    const elements = useElements();
    const [problem, setProblem] = useState("");
    async function pay(event) {
      event.preventDefault();
      say("");
      const element = elements.getElement(CardElement);
      const payment_method = { card: element, billing_details: { name: "Ada" } };
      tell(await stripe.confirmCardPayment(secret, { payment_method }));
    }
    return (
      <form onSubmit={pay}>
        <CardElement className="box" onChange={(event) => setProblem(event.error?.message ?? "")} />
        <p role="alert">{problem}</p>
        <button disabled={!stripe}>Pay</button>
      </form>
    );
  }
  createRoot(document.getElementById("root")).render(
    <StrictMode><Elements stripe={stripePromise}><Form /></Elements></StrictMode>
  );
`;

/** The three parts of a card, without a wrapper and without a bundle's modules. */
const split = `
  ${start}
  const root = document.getElementById("root");
  root.innerHTML = '<form><div id="n" class="box"></div><div id="e" class="box"></div><div id="c" class="box"></div>' +
    '<button>Pay</button></form>';
  const stripe = Stripe("pk_test_browser");
  const elements = stripe.elements();
  const number = elements.create("cardNumber", { showIcon: true });
  number.mount("#n");
  elements.create("cardExpiry").mount("#e");
  elements.create("cardCvc").mount("#c");
  root.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const { paymentMethod, error } = await stripe.createPaymentMethod({ type: "card", card: number });
    if (error) return tell({ error });
    tell(await stripe.confirmCardPayment(secret, { payment_method: paymentMethod.id }));
  });
`;

/** Nothing but the wrapper: tests make the elements they ask about in `#one` and `#two`. */
export const barePage = `
  import { loadStripe } from "@stripe/stripe-js";
  ${start}
  const root = document.getElementById("root");
  root.innerHTML = '<form><div id="one"></div><div id="two"></div><button>Pay</button></form>';
  window.heard = [];
  window.secret = secret;
  window.returnUrl = returnUrl;
  window.refusalOf = async (run) => { try { await run(); } catch (error) { return error.message; } };
  window.listenTo = (element) => {
    for (const name of ["ready", "change", "focus", "blur", "escape", "loaderstart", "loaderror"]) {
      element.on(name, (event) => heard.push(event));
    }
    return element;
  };
  root.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  loadStripe("pk_test_browser").then((stripe) => { window.stripe = stripe; say("loaded"); });
`;

/** @stripe/react-stripe-js with every element that can be typed into, in two groups, and one that comes and goes. */
export const reactElementsPage = `
  import { loadStripe } from "@stripe/stripe-js";
  import { AddressElement, CardCvcElement, CardExpiryElement, CardNumberElement, Elements, ExpressCheckoutElement,
    IbanElement, LinkAuthenticationElement, PaymentElement, useElements, useStripe } from "@stripe/react-stripe-js";
  import { createRoot } from "react-dom/client";
  import { useState } from "react";
  ${start}
  const stripePromise = loadStripe("pk_test_browser");
  window.ready = [];
  window.changed = [];
  const hear = (name) => ({
    onReady: () => ready.push(name),
    onChange: ({ complete }) => complete && changed.push(name),
  });
  function Payment() {
    window.elements = useElements();
    window.stripe = useStripe();
    const [isShown, show] = useState(true);
    window.show = show;
    return <>
      {isShown && <PaymentElement options={{ layout: "tabs" }} {...hear("payment")} />}
      <AddressElement options={{ mode: "shipping" }} {...hear("address")} />
      <LinkAuthenticationElement {...hear("linkAuthentication")} />
      <ExpressCheckoutElement onReady={({ availablePaymentMethods }) => ready.push(String(availablePaymentMethods))}
        onConfirm={() => {}} />
    </>;
  }
  function Single() {
    const [isOff, turnOff] = useState(false);
    window.turnOff = turnOff;
    return <>
      <CardNumberElement options={{ disabled: isOff }} {...hear("cardNumber")} />
      <CardExpiryElement {...hear("cardExpiry")} />
      <CardCvcElement {...hear("cardCvc")} />
      <IbanElement options={{ supportedCountries: ["SEPA"] }} {...hear("iban")} />
    </>;
  }
  function Page() {
    const [appearance, setAppearance] = useState({ theme: "stripe" });
    window.setAppearance = setAppearance;
    return <>
      <Elements stripe={stripePromise} options={{ clientSecret: secret, appearance }}><Payment /></Elements>
      <Elements stripe={stripePromise}><Single /></Elements>
    </>;
  }
  createRoot(document.getElementById("root")).render(<Page />);
`;

export const browserPages = { plain, react, card, split };
