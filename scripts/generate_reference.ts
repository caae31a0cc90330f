// Writes docs/reference/*.md from the tables that the sandbox acts by. Run by `npm run generate:reference`.
import { writeReference } from "./reference/pages.ts";

const written = await writeReference();
process.stdout.write(written.length > 0 ? `written: ${written.join(", ")}\n` : "all fresh\n");
