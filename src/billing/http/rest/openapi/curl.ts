// A call as one types it: `curl`, the address, the key, and the example of the body.
export interface Called {
  readonly path: string;
  readonly method: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema?: object }[];
  /** The example of the body; undefined where there is none. */
  readonly body: unknown;
}

/** The key comes from a variable of the shell, so that nobody pastes one into a history. */
export function curlOf(base: string, { path, method, parameters, body }: Called): string {
  const isPlain = method === "get" || (method === "post" && body !== undefined);
  return [
    `curl ${isPlain ? "" : `-X ${method.toUpperCase()} `}${base}${withIds(path, parameters)}`,
    '-H "Authorization: Bearer $KEY"',
    ...(body === undefined ? [] : ['-H "Content-Type: application/json"', `-d ${quoted(JSON.stringify(body))}`]),
  ].join(" \\\n  ");
}

function withIds(path: string, parameters: Called["parameters"]): string {
  return path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const schema = parameters.find((one) => one.in === "path" && one.name === name)?.schema;
    return encodeURIComponent(String((schema as { example?: unknown } | undefined)?.example));
  });
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
