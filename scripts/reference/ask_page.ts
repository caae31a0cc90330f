// What a page of a running sandbox says, from its JSON twin.
import { testPorts } from "#kit/create_ports.ts";
import { createSandbox } from "../../src/sandbox/index.ts";

/** `askPage("/-/coverage.json")`; the type is what the page is known to show. */
export async function askPage<Shown>(path: string): Promise<Shown> {
  const sandbox = createSandbox(testPorts({ seed: 1 }));
  const answer = await sandbox.fetch(new Request(`http://sandbox${path}`));
  await sandbox.close();
  return (await answer.json()) as Shown;
}
