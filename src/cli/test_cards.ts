// The few cards one needs in the first five minutes; the sandbox knows all of Stripe's.

const cards: readonly (readonly [number: string, result: string])[] = [
  ["4242 4242 4242 4242", "pays"],
  ["4000 0025 0000 3155", "asks for authentication (3-D Secure), then pays"],
  ["4000 0000 0000 0002", "is declined"],
  ["4000 0000 0000 9995", "is declined: insufficient funds"],
  ["4000 0000 0000 0341", "is saved, and declined when charged"],
];

/** The table as lines of text, indented by two. */
export function testCardLines(): string[] {
  return ["  Test cards (any future date, any CVC)", ...cards.map(([number, result]) => `    ${number}   ${result}`)];
}
