// `npm run stories [name]`: plays one story, or all, and prints what was said.
import { stories } from "../all.ts";
import { perform } from "./stage.ts";

const asked = process.argv[2];
for (const story of stories.filter(({ name }) => !asked || name === asked)) {
  const { transcript, testbed } = await perform(story);
  await testbed.close();
  process.stdout.write(`${transcript}\n`);
}
