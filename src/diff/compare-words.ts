import type { SurfaceTool } from "./surface.ts";

/** A text of which less than this share of words is left means something else. What is only added to it does not. */
const LEAST_COMMON = 0.5;

/** Words that turn what stands around them into its opposite, or narrow it. */
const turning =
  /\b(not|no|never|without|cannot|only|except|unless|instead|always|must|deletes?|remove[ds]?|deprecated|irreversibly)\b/g;

/** Whether two texts are the same, but for what their links lead to. */
export function isSameText(old: string, next: string): boolean {
  return old === next || withoutLinks(old) === withoutLinks(next);
}

function withoutLinks(text: string): string {
  return text.replaceAll(/https?:\/\/[^\s)>\]"']+/g, "");
}

/** Whether two texts say the same, in words that are alike. */
export function meansTheSame(old: string, next: string): boolean {
  if (turns(old) !== turns(next)) return false;
  const [before, after] = [words(old), words(next)];
  const common = [...before].filter((word) => after.has(word)).length;
  return common / Math.max(1, Math.min(before.size, after.size)) >= LEAST_COMMON;
}

/** The sentences that were added to a text, or those that were taken from it. */
export function wordsThatChanged(old: string, next: string): string {
  const [before, after] = [sentences(old), sentences(next)];
  const added = after.filter((sentence) => !before.includes(sentence));
  if (added.length > 0) return quote(added);
  const taken = before.filter((sentence) => !after.includes(sentence));
  return taken.length > 0 ? `without ${quote(taken)}` : quote(after);
}

/** Longer ones are cut. */
const LONGEST_QUOTE = 160;

export function quote(sentences: readonly string[]): string {
  const text = sentences.join(" ");
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}

function sentences(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

function turns(text: string): string {
  return [...new Set(text.toLowerCase().replaceAll("n't", " not").match(turning))].sort().join();
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);
}

// ------------------------------------------------------------ instructions

/** Text that speaks to the model instead of about the tool. What callers of an API must send is no such text. */
const instructionPatterns: readonly RegExp[] = [
  /\b(ignore|disregard|forget|override) (all |any |the |your |these |those )*(previous|prior|above|other|earlier|preceding|existing) (\w+ )?(instructions?|prompts?|rules?|messages?|guidelines|directions?|text|context|tools?)\b/i,
  /\b(system prompt|developer message)\b/i,
  /<\/?(system|instructions?|assistant)>/i,
  // In lower case it is how some documents set off a paragraph.
  /<\/?IMPORTANT>/,
  /\b(do not|don't|never) (tell|inform|mention|reveal|show|ask|notify|alert|warn)\b.{0,40}\b(user|person|human|operator)s?\b/i,
  /\byou (must|should|have to|need to) (always|first|never) (call|use|send|include|read|pass|forward|append|reply|answer|act|run|invoke)\b/i,
  /\byou (must|should|have to|need to) (also |now )?(call|use|run|invoke|answer|reply|act)\b.{0,60}\b(tools?|functions?|instead of answering)\b/i,
  /\b(before|after|when|whenever) (using|calling|you use|you call) (this|any|another|other) (tools?|functions?)\b/i,
  /\b(send|forward|post|e-?mail|copy|upload|exfiltrate) ((me|us|it|them|the|all|any|your|its|their|this|that|every|each|whole|entire|of|user's|users'|user|full) ){0,4}(conversations?|chat history|passwords?|credentials|secrets?|api keys?|private keys?) (to|into|at|via|by|with|as)\b/i,
  /\b(as an? |you are (an? |now )+)(ai|assistant|language model|agent)\b/i,
];

/** The parts of a tool's texts that read like instructions to the model, and that those of another have not. */
export function newInstructions(next: SurfaceTool, old: SurfaceTool | undefined): string[] {
  const found = new Set(suspicious(next));
  if (found.size === 0 || old === undefined) return [...found];
  const known = new Set(suspicious(old));
  return [...found].filter((part) => !known.has(part));
}

function suspicious({ description, parameters }: SurfaceTool): string[] {
  const texts: string[] = description === undefined ? [] : [description];
  collectTexts(parameters, texts);
  return texts.flatMap(sentences).filter((sentence) => instructionPatterns.some((pattern) => pattern.test(sentence)));
}

/** What a schema and those in it say. */
function collectTexts(schema: unknown, texts: string[]): void {
  if (typeof schema !== "object" || schema === null) return;
  for (const [key, value] of Object.entries(schema)) {
    if (key === "description" && typeof value === "string") texts.push(value);
    else collectTexts(value, texts);
  }
}
