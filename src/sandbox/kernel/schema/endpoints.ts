// Tells a path of Stripe's that the sandbox lacks (501, said aloud) from one that does not exist (404).
import { type SchemaFiles, schemaFiles } from "./files.ts";

/** True when one of Stripe's SDKs can make this request: `isStripeOperation("GET", "/v1/customers/cus_1")`. */
export const isStripeOperation: (method: string, path: string) => boolean = createEndpointMatcher(schemaFiles);

/** Each operation of Stripe's newest SDK as "METHOD /v1/path/:id", for the page of what is covered. */
export function listStripeOperations(): readonly string[] {
  return schemaFiles.endpoints();
}

/** Each operation that only older SDKs make. */
export function listOlderOperations(): readonly string[] {
  return schemaFiles.olderEndpoints();
}

function createEndpointMatcher(files: SchemaFiles): (method: string, path: string) => boolean {
  let byLength: Map<string, string[][]> | undefined;
  return (method, path) => {
    byLength ??= indexEndpoints([...files.endpoints(), ...files.olderEndpoints()]);
    const segments = path.split("/");
    const candidates = byLength.get(`${method} ${segments.length}`) ?? [];
    return candidates.some((pattern) =>
      pattern.every((part, at) => part === segments[at] || isFilled(part, segments[at])),
    );
  };
}

function isFilled(part: string, segment: string | undefined): boolean {
  return part === ":id" && segment !== undefined && segment !== "";
}

function indexEndpoints(endpoints: readonly string[]): Map<string, string[][]> {
  const byLength = new Map<string, string[][]>();
  for (const endpoint of endpoints) {
    const [method = "", path = ""] = endpoint.split(" ");
    const pattern = path.split("/");
    const key = `${method} ${pattern.length}`;
    byLength.set(key, [...(byLength.get(key) ?? []), pattern]);
  }
  return byLength;
}
