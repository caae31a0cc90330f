// One text for readers on several surfaces. Messages and hints call things what the TypeScript API calls them, in
// backticks: `publicUrl`, `orders.checkout()`. Each surface says those that it has a word of its own for: the command
// line its flags and variables, REST its routes.

/** What a surface calls it; undefined where it has no other word. */
export type Words = (name: string) => string | undefined;

/**
 * The text as a surface says it; a name without a word of the surface's own stays as it is.
 * @example inWords("Set `secret`", (name) => ({ secret: "BURSAR_SECRET" })[name]) // "Set BURSAR_SECRET"
 */
export function inWords(text: string, words: Words): string {
  return text.replace(/`([^`]+)`/g, (whole, name: string) => words(name) ?? whole);
}
