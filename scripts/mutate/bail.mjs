// A reporter for a run that is over with its first failure.
export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type !== "test:fail") continue;
    yield `${data.name}\n`;
    process.exit(1);
  }
}
