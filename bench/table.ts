/** A Markdown table. The first column holds names, the others figures. */
export function table(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = heads.map((_, index) => (index === 0 ? "---" : "---:"));
  return [`### ${title}`, "", line(heads), line(rule), ...rows.map(line), ""].join("\n");
}

/** A figure with its unit's usual precision; a dash where there is none. */
export function figure(number: number | undefined, digits: number): string {
  if (number === undefined || !Number.isFinite(number)) return "–";
  return number.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
