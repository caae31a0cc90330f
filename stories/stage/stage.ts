// READ FIRST: the stage on which a story is played. It gives the story its actors and writes down every word that
// crosses between shop, browser, billing and Stripe; the transcript in docs/stories/ is what was said.
import { type Fact, factTypes, subjectOf } from "bursar";
import { type Crossing, createTestbed, sandboxUrl, type Testbed } from "bursar/testing";
import type Stripe from "stripe";
import { transcriptOf } from "./transcript.ts";

export interface Story {
  /** The name of its file, and of its transcript. */
  readonly name: string;
  /** The folder of its file, where it has one of its own. */
  readonly room?: string;
  readonly title: string;
  /** One sentence: what it proves. */
  readonly proves: string;
  readonly seed: number;
  /** How long banks take: as in Stripe's test mode, or as in life. */
  readonly settlement?: "test" | "real";
  /** Told are the facts alone, and not each request: what a year looks like to the host. */
  readonly isToldByHost?: true;
  /** Kills billing at its first await of that name, or at the nth of all. */
  readonly killAt?: number | string;
  play(stage: Stage): Promise<void>;
}

export interface Stage extends Pick<Testbed, "billing" | "stripe" | "advance"> {
  readonly testbed: Testbed;
  /** A line of the narrator. */
  say(text: string): void;
  /** The customer's browser confirms the payment; answers its status, or the code of the refusal. */
  pay(clientSecret: string, paymentMethod: string): Promise<string>;
  /** The customer presses a button of the bank's page. */
  authenticate(clientSecret: string, outcome: "succeeded" | "failed"): Promise<void>;
  /** Stripe's webhooks do not get through while it is false. */
  setWebhooks(isOpen: boolean): void;
  /** Delivers the last webhook of that type once more, byte for byte. */
  deliverAgain(type: string): Promise<number>;
  /** The facts the shop was given, "order.paid order_9001", each with its id. */
  readonly fulfilled: readonly { readonly id: string; readonly what: string }[];
}

/** Two bags of coffee, 25.00 EUR. */
export const coffee = (id: string, more: { capture?: "manual" } = {}) => ({
  id,
  currency: "eur",
  lines: [{ description: "Coffee beans", quantity: 2, unitAmount: 1250 }],
  ...more,
});

export interface Performance {
  readonly transcript: string;
  readonly testbed: Testbed;
  readonly fulfilled: Stage["fulfilled"];
}

/** Plays a story to its end. The caller closes the testbed. */
export async function perform(
  story: Story,
  options: { database?: string; killAt?: number | string } = {},
): Promise<Performance> {
  const fulfilled: { id: string; what: string }[] = [];
  const transcript = transcriptOf(story);
  const webhooks: Crossing[] = [];
  const testbed: Testbed = await createTestbed({
    seed: story.seed,
    settlement: story.settlement ?? "test",
    database: options.database,
    killAt: options.killAt ?? story.killAt,
    watch: (crossing) => {
      transcript.crossing(crossing);
      if (crossing.from === "stripe") webhooks.push(crossing);
    },
    handlers: (billing) => {
      for (const type of factTypes) {
        const handler = (fact: Fact) => {
          const subject = "orderId" in fact.data ? fact.data.orderId : subjectOf(fact);
          fulfilled.push({ id: fact.id, what: `${type} ${subject}` });
          transcript.fact(type, fact.data, testbed.clock.now());
        };
        billing.on(type, handler, { id: "shop" });
      }
    },
  });
  transcript.begin(testbed.clock.now());
  await story.play(stageOf(testbed, { fulfilled, webhooks, say: (text) => transcript.say(text) }));
  return { transcript: transcript.end(), testbed, fulfilled };
}

function stageOf(
  testbed: Testbed,
  kept: { fulfilled: Stage["fulfilled"]; webhooks: readonly Crossing[]; say: (text: string) => void },
): Stage {
  const browserFetch = testbed.fetchAs("browser");
  return {
    testbed,
    billing: testbed.billing,
    stripe: testbed.stripe,
    advance: testbed.advance,
    say: kept.say,
    fulfilled: kept.fulfilled,
    setWebhooks: (isOpen) => testbed.plug("stripe", isOpen),
    async pay(clientSecret, paymentMethod) {
      try {
        const params = { client_secret: clientSecret, payment_method: paymentMethod, use_stripe_sdk: true };
        return (await testbed.browser.paymentIntents.confirm(intentOf(clientSecret), params)).status;
      } catch (error) {
        const refusal = error as Stripe.errors.StripeError;
        if (!refusal.code) throw error;
        return refusal.decline_code ?? refusal.code;
      }
    },
    async authenticate(clientSecret, outcome) {
      const form = { source: intentOf(clientSecret), client_secret: clientSecret, outcome, key: "pk_test_testbed" };
      const body = new URLSearchParams(form);
      await browserFetch(`${sandboxUrl}/v1/3ds2/authenticate`, { method: "POST", body });
    },
    async deliverAgain(type) {
      const last = kept.webhooks.findLast((crossing) => JSON.parse(crossing.body).type === type);
      if (!last) throw new Error(`No webhook of type ${type} yet`);
      const { url, headers } = last.request;
      const answer = await testbed.fetchAs("stripe")(url, { method: "POST", headers, body: last.body });
      return answer.status;
    },
  };
}

function intentOf(clientSecret: string): string {
  return clientSecret.split("_secret_")[0] as string;
}
