// Who asks, and in which version of the API.
import { type Caller, identify, keyOfHeader, starred } from "../state/accounts.ts";
import { nounOfId } from "../state/noun.ts";
import type { World } from "../state/unit.ts";
import { assertVersion } from "../versions/families.ts";
import { common } from "../words/errors.table.ts";
import { beforeWork, refusal } from "../words/errors.ts";
import { type Call, header, treeOf } from "./call.ts";

export function authenticate(world: World, call: Call): Caller {
  const { request } = call;
  const fromHeader = keyOfHeader(header(request, "authorization"));
  // Stripe.js puts the publishable key among the parameters.
  const key = fromHeader || (treeOf(call).key as string | undefined);
  const caller = identify(world.accounts, key, () => clientSecretOf(world, call));
  const connected = header(request, "stripe-account");
  if (connected && connected !== caller.account.id) {
    throw refusal(common.accountUnknown, { key: starred(caller.account.key), account: connected }, beforeWork);
  }
  return caller;
}

/** From the parameter, or from the id in the path: `/v1/payment_intents/pi_x/confirm`. */
function clientSecretOf(world: World, call: Call): string | undefined {
  const sent = treeOf(call).client_secret;
  if (typeof sent === "string" && sent !== "") return sent;
  const ids = call.request.path.split("/");
  return ids.find((id) => nounOfId(world.nounByPrefix, id)?.hasSecret);
}

export function versionOf(world: World, call: Call, caller: Caller): string {
  const sent = header(call.request, "stripe-version");
  if (!sent) return caller.account.defaultVersion;
  assertVersion(sent, { tolerated: world.toleratesUnknownVersions });
  return sent;
}
