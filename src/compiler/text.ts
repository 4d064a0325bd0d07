const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " ", "#39": "'" };

/** What is no tag of HTML, such as `<branch>`, stands for something. */
const tags =
  /<\/?(?:a|abbr|b|blockquote|br|code|dd|del|details|div|dl|dt|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|s|script|section|small|span|strong|style|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul|var)(?=[\s/>])[^<>]*>/gi;

/** Examples in a programming language: the model does not write the request. */
const programs = /^[ \t]*(```|~~~)[ \t]*(?!json|ya?ml|text|txt)\w+[ \t]*\n[\s\S]*?^[ \t]*\1[ \t]*$/gm;

/** What nobody sees, and a model reads all the same. Joiners are part of words and of emoji. */
const unseen = /(?![\u200c\u200d])\p{Cf}|[\u{e0100}-\u{e01ef}]/gu;

/** No more than this is looked at: what a model reads is a quarter of it at most. */
const MOST_MARKUP = 5000;

/** Markdown and HTML reduced to the text that a model needs, on one line. */
export function plainText(markup: string): string {
  if (/^[\p{L}\p{N} .,;:'"()/-]*$/u.test(markup)) return markup.trim();
  return markup
    .slice(0, MOST_MARKUP)
    .replaceAll(unseen, "")
    .replaceAll(programs, "\n\n")
    .replaceAll(/\s*\n\s*\n\s*/g, "\n\n")
    .replaceAll(/<(?:br|p|li|tr|div|h[1-6])\b[^<>]*>/gi, "\n")
    .replaceAll(tags, "")
    .replaceAll(/&(amp|lt|gt|quot|apos|nbsp|#39);/g, (_, name: string) => entities[name] as string)
    .replaceAll(/!?\[([^\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+"[^"]*")?\)/g, "$1")
    .replaceAll(/^[ \t]*>[ \t]*(?=[[\p{L}*_`])/gmu, "")
    .replaceAll(/\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]/g, "")
    .replaceAll(/^[ \t]{0,3}#{1,6}[ \t]+/gm, "")
    .replaceAll(/^[ \t]*(?:```|~~~)\w*[ \t]*$/gm, "")
    .replaceAll(/\*\*([^*\n]+)\*\*/g, "$1")
    .replaceAll(/(?<!\w)__([^_\n]+)__(?!\w)/g, "$1")
    .replaceAll(/(?<![\w*])\*(\p{L}(?:[^*\n]*[\p{L}\p{N}.,:)])?)\*(?![\w*])/gu, "$1")
    .replaceAll(/`([^`\n]*)`/g, "$1")
    .replaceAll(/^[ \t]*[*+-][ \t]+/gm, "- ")
    .replaceAll(/^[ \t]*\|.*\|[ \t]*$/gm, "")
    .replaceAll(/\\([\\`*_{}[\]()#+.!|<>-])/g, "$1")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** The start of a text that has at most `most` characters, cut after a sentence, or else after a word. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const start = text.slice(0, most);
  const sentence = Math.max(...[...start.matchAll(/[.!?。！？](?=\s|$)|[。！？]/g)].map(({ index }) => index + 1), 0);
  if (sentence > most / 2) return start.slice(0, sentence);
  const word = start.lastIndexOf(" ");
  const end = start.slice(0, word > most / 2 ? word : most - 1);
  return `${end.replace(/[\ud800-\udbff]$/, "")}…`;
}

/** Ends a text with a full stop where it has no end of its own, in the script that it is written in. */
export function asSentence(text: string): string {
  if (text === "" || /[.!?:;。！？：；…]$/.test(text)) return text;
  return /[\u3040-\u30ff\u3400-\u9fff]$/.test(text) ? `${text}。` : `${text}.`;
}

/** The sentences of a text; what follows the last full stop is one too. "1. " numbers a list. */
export function sentencesOf(text: string): readonly string[] {
  return (
    text
      .match(/[^。！？]*?(?:(?<!(?:^|\s)\d\d?)[.!?](?=\s+[^a-z\s])|[。！？]|$)/gsu)
      ?.map((sentence) => sentence.trim())
      .filter((sentence) => sentence !== "") ?? []
  );
}

/** By code units: the same order on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
