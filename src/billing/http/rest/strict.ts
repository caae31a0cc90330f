// The body of a request: an object with these fields and no others, at each depth.
import { z } from "@hono/zod-openapi";
import { namesHint } from "#kit/options/names.ts";

/** A name that is none of them is refused with what was meant: errors.ts says it as the hint. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: ({ code, keys }) =>
      code === "unrecognized_keys" ? namesHint(String((keys as readonly string[])[0]), Object.keys(shape)) : undefined,
  });
}
