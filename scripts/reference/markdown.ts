// Just enough Markdown: a table with escaped cells, and the line on top of each generated page.

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

/** `page("Coverage", "What there is.", table(…))` */
export function page(title: string, ...blocks: readonly string[]): string {
  const note = "<!-- Written by `npm run generate:reference`; edit the tables that it is made from. -->";
  return `${[note, `# ${title}`, ...blocks].join("\n\n")}\n`;
}
