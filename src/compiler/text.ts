const entities: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ndash: "–",
  mdash: "—",
  hellip: "…",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
};

/** What is no tag of HTML, such as `<branch>`, stands for something. */
const tags =
  /<\/?(?:a|abbr|aside|b|blockquote|br|code|dd|del|details|div|dl|dt|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|s|script|section|small|span|strong|style|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul|var)(?=[\s/>])[^<>]*>/gi;

/** Examples in a programming language, and long ones in any: the model does not write the request. */
const programs =
  /^[ \t]*(```|~~~)(?:[ \t]*(?!json|ya?ml|text|txt)\w+[ \t]*\n[\s\S]*?|[^\n]*\n(?:(?!^[ \t]*\1)[\s\S]){200,}?)^[ \t]*\1[ \t]*$/gm;

/** A line that begins with a value and goes on with its meaning: an item of a list, however it is written. */
const valueLines = /^[ \t]*(?=(?:`[^`\n]{1,40}`|"[^"\n]{1,40}"|'[^'\n]{1,40}'|\d{1,4})\s*(?:[-–—:=]|-->?|=>)\s)/gm;

/** What nobody sees, and a model reads all the same. Joiners are part of words and of emoji. */
const unseen = /(?![\u200c\u200d])\p{Cf}|[\u{e0100}-\u{e01ef}]/gu;

/** No more than this is looked at: what a model reads is a quarter of it at most. */
const MOST_MARKUP = 5000;

/**
 * Markdown and HTML reduced to the text that a model needs, on one line. Where an expression looks back, it does so from
 * the first sign that it wants: looked for at each character, it would take ten times as long.
 */
export function plainText(markup: string): string {
  if (/^[\p{L}\p{N} .,;:'"()/-]*$/u.test(markup) && !/ [ .,;:]|\.\.|^-/.test(markup)) return markup.trim();
  const written = markup.slice(0, MOST_MARKUP).replaceAll(unseen, "");
  const blocks = /```|~~~/.test(written) ? written.replaceAll(programs, "\n\n") : written;
  const tagless = /[<&]/.test(blocks) ? withoutHtml(blocks) : blocks;
  const text = /[*_`[\\|>#~+\n-]/.test(tagless) ? withoutMarkdown(tagless) : tagless;
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ([,;])(?<=[\p{L}\p{N})] .)(?= )/gu, "$1")
    .replaceAll(/ [.,;:](?<=[.!?] .)(?= )|\.(?<=[^.]\.\.)(?= |$)/g, "")
    .replace(/^- (?!.* - )/s, "")
    .trim();
}

function withoutHtml(markup: string): string {
  return markup
    .replaceAll(/<!--.*?-->/gs, "")
    .replaceAll(/<(?:div|dt|h[1-6]|p)\b[^<>]*>/gi, "\n\n")
    .replaceAll(/<(?:br|dd|tr)\b[^<>]*>/gi, "\n")
    .replaceAll(/<li\b[^<>]*>\s*/gi, "\n- ")
    .replaceAll(/<t[dh]\b[^<>]*>/gi, " ")
    .replaceAll(tags, "")
    .replaceAll(/&(?:#(\d{1,6})|(\w+));/g, (whole, code?: string, name?: string) =>
      code === undefined ? (entities[name as string] ?? whole) : String.fromCodePoint(Number(code)),
    );
}

function withoutMarkdown(markup: string): string {
  return markup
    .replaceAll(/\s*\n\s*\n\s*/g, "\n\n")
    .replaceAll(/!?\[([^\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+"[^"]*")?\)/g, "$1")
    .replaceAll(/\[(?<!\w\[)([^[\]]+)\]\[(?:\d+|[a-z][\w -]*)?\]/gi, "$1")
    .replaceAll(/^[ \t]*>[ \t]*(?=[[\p{L}*_`])/gmu, "")
    .replaceAll(/\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]/g, "")
    .replaceAll(/^[ \t]{0,3}#{1,6}[ \t]+(.*)$/gm, "$1\n\n")
    .replaceAll(/^[ \t]*(?:```|~~~)\w*[ \t]*$/gm, "")
    .replaceAll(valueLines, "- ")
    .replaceAll(/\*\*((?:[^*\n]|\n(?!\n))+)\*\*/g, "$1")
    .replaceAll(/__(?<!\w__)([^_\n]+)__(?!\w)/g, "$1")
    .replaceAll(/\*(?<![\w*]\*)(\p{L}(?:[^*\n]*[\p{L}\p{N}.,:)])?)\*(?![\w*])/gu, "$1")
    .replaceAll(/_(?<![\w`]_)(\p{L}(?:[^_\n]*[\p{L}\p{N}.,:)])?)_(?![\w`])/gu, "$1")
    .replaceAll(/`((?:[^`\n]|\n(?!\n))*)`/g, "$1")
    .replaceAll(/^[ \t]*[*+-][ \t]+/gm, "- ")
    .replaceAll(/^[ \t]*\|.*\|[ \t]*$(\n[ \t]*\|[ \t:|-]+\|[ \t]*$)?/gm, rowOf)
    .replaceAll(/\\([\\`*_{}[\]()#+.!|<>-])/g, "$1")
    .replaceAll(/\n(?<=[\p{L}\p{N}"'’”)]\n)\s*\n\s*(?=[\p{Lu}\p{N}"“])/gu, ". ");
}

/** A row of a table as an item of a list; its head says nothing without the rest. */
function rowOf(row: string, rule: string | undefined): string {
  const [first, ...others] = row
    .split("|")
    .map((cell) => cell.trim())
    .filter((cell) => cell !== "");
  if (rule !== undefined || first === undefined) return "";
  return `- ${first}${others.length > 0 ? `: ${others.join(", ")}` : ""}`;
}

/** Where a sentence ends: not after "e.g.", nor after the "1." of a list. */
const end =
  /(?<!(?:^|\s)\d\d?|\b(?:[Ee]\.g|[Ii]\.e|approx|cf|eg|[Ee]x|ie|incl|[Mm]ax|[Mm]in|resp|vs))[.!?]["'’”)]*(?=\s+[^a-z\s]|\s*$)|[。！？]/gu;

/** The start of a text that has at most `most` characters, cut after a sentence, or else after a word. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const ends = Array.from(text.matchAll(end), (found) => found.index + found[0].length).filter((at) => at <= most);
  const sentence = ends.at(-1) ?? 0;
  if (sentence > most / 2) return text.slice(0, sentence);
  const start = text.slice(0, most);
  const word = start.lastIndexOf(" ");
  const cut = start.slice(0, word > most / 2 ? word : most - 1);
  return `${cut.replace(/(?:[\ud800-\udbff]|[\s([{,;:–-]+)$/, "")}…`;
}

/** Ends a text with a full stop where it has no end of its own, in the script that it is written in. */
export function asSentence(text: string): string {
  if (text === "" || /[.!?:;。！？：；…]["'’”)]*$/.test(text)) return text;
  return /[\u3040-\u30ff\u3400-\u9fff]$/.test(text) ? `${text}。` : `${text}.`;
}

/** The sentences of a text; what follows the last full stop is one too. */
export function sentencesOf(text: string): readonly string[] {
  const ends = Array.from(text.matchAll(end), (found) => found.index + found[0].length);
  return [0, ...ends].map((start, index) => text.slice(start, ends[index]).trim()).filter((each) => each !== "");
}

/** By code units: the same order on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
