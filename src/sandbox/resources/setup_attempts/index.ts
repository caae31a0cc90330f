// Setup attempts: each try to make a method usable later. The folder's only door.
import { list } from "../../kernel/answer/lists.ts";
import { referred } from "../../kernel/state/embeds.ts";
import { defineResource } from "../../kernel/state/resource.ts";
import { missingParameter } from "../../kernel/words/errors.ts";
import { text } from "../../kernel/words/params.ts";
import { paymentMethods } from "../payment_methods/index.ts";
import { type SetupAttempt, setupAttemptMachine, setupAttempts } from "./setup_attempt.ts";

export {
  beginSetupAttempt,
  finishSetupAttempt,
  nameGenerated,
  type SetupAttempt,
  setupAttempts,
} from "./setup_attempt.ts";

const path = "/v1/setup_attempts";

export const setupAttemptResource = defineResource<SetupAttempt>({
  noun: setupAttempts,
  machine: setupAttemptMachine,
  embeds: [referred(setupAttempts, "setup_error.payment_method", paymentMethods)],
  routes: [
    {
      method: "GET",
      path,
      run: (unit, params) => {
        const setup_intent = text(params, "setup_intent");
        if (!setup_intent) throw missingParameter("setup_intent");
        return list(unit, setupAttempts, params, { url: path, filters: { setup_intent } });
      },
    },
  ],
});
