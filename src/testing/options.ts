// What createTestbed and its methods are given, checked before anything is made.
import * as option from "#kit/options/options.ts";
import type { TestbedOptions } from "./testbed.ts";
import type { WebhookOptions } from "./webhook.ts";

const killAt = option.either(option.integer(0), option.text);

const testbedOptions: option.OptionTable<TestbedOptions> = {
  seed: option.required(option.integer()),
  database: option.text,
  start: option.integer(0, 8_640_000_000_000_000),
  settlement: option.oneOf("test", "real"),
  billing: option.object,
  isStarted: option.flag,
  handlers: option.callable,
  watch: option.callable,
  killAt,
};

const webhookOptions: option.OptionTable<WebhookOptions> = {
  secret: option.text,
  ageMs: option.number(-8_640_000_000_000_000, 8_640_000_000_000_000),
  header: { says: "what a header may hold", isGood: (value) => typeof value === "string" && /^[ -~]*$/.test(value) },
};

const faultKind = option.either(option.oneOf("lost", "unheard", "slow", "replayed_500"), {
  ...option.integer(200, 599),
  says: "a status from 200 to 599",
});

export const check = {
  testbed: (options: unknown) => option.checkOptions("createTestbed", options, testbedOptions),
  text: (name: string, value: unknown) => option.checkOption(name, value, option.required(option.text)),
  flag: (name: string, value: unknown) => option.checkOption(name, value, option.required(option.flag)),
  killAt: (value: unknown) => option.checkOption("killAt", value, killAt),
  fault(request: unknown, kind: unknown, times: unknown): void {
    option.checkOption("request", request, option.required(option.text));
    option.checkOption("kind", kind, option.required(faultKind));
    option.checkOption("times", times, option.integer(1));
  },
  webhook(event: unknown, options: unknown): void {
    option.checkOption("event", event, { isRequired: true, says: "an object or a text", isGood: isBody });
    option.checkOptions("deliver", options, webhookOptions);
  },
};

/** What JSON can say. */
function isBody(event: unknown): boolean {
  if (typeof event === "string") return true;
  try {
    return typeof event === "object" && event !== null && typeof JSON.stringify(event) === "string";
  } catch {
    return false;
  }
}
