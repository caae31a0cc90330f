// The first thing that `bursar dev` says: what to open, what to pay with, what to call, and how to end it.
import { testCardLines } from "../test_cards.ts";

export interface Banner {
  readonly shop: string;
  readonly billing: string;
  readonly sandbox: string;
  readonly stripeKey: string;
  readonly database: string;
  readonly data: string;
  /** How REST is asked: with the key, or with where it lies. */
  readonly rest: { readonly key: string } | { readonly keysFile: string };
  /** How this was started, to be started again. */
  readonly command: string;
  /** What follows. */
  readonly below: string;
}

export function bannerText(banner: Banner): string {
  const { shop, billing, sandbox, stripeKey, database, data, command, below } = banner;
  return [
    "",
    `  Shop       ${shop}      buy something, or join its club`,
    `  Billing    ${billing}      REST, described in /v1/docs`,
    `  Sandbox    ${sandbox}      a local Stripe; its key: ${stripeKey}`,
    `             ${sandbox}/-/       its inside: objects, events`,
    `             ${sandbox}/-/time   moves time: the club renews`,
    `  Database   ${database}`,
    "",
    ...testCardLines(),
    "",
    ...restLines(banner),
    "",
    `Kept in ${data}: the next start goes on. \`${command} --fresh\` begins anew.`,
    `${below} Ctrl-C ends it.`,
    "",
  ].join("\n");
}

/** What a machine collects is read by others: the key stays out of it. */
function restLines({ billing, rest }: Banner): string[] {
  if ("keysFile" in rest) return [`  REST: ${billing}/v1, with the key in ${rest.keysFile} or of BURSAR_API_KEY`];
  return [`  REST: curl ${billing}/v1/orders \\`, `  -H "Authorization: Bearer ${rest.key}"`];
}
