import { expect, test } from "vitest";
import { fitSentences } from "../../src/compiler/fit.ts";

const isNeeded = (sentence: string) => sentence.includes("must");
const long = (start: string) => `${start} and words of this length, as many of them as one could want to read here.`;

test.each<[name: string, sentences: readonly string[], leading: number, want: string]>([
  ["all of what is short", ["One.", "Two."], 1, "One. Two."],
  ["what leads, however long", [long("First"), "Two."], 1, long("First")],
  ["what is needed, behind what is not", ["One.", long("Not this"), "It must be two."], 1, "One. It must be two."],
  ["an item without its list", ["One.", long("- Not this"), "- It must be two."], 1, "One. It must be two."],
  ["nothing that leans on what is left out", ["One.", long("Not"), "Otherwise it must be."], 1, "One."],
  [
    "two that lead",
    [long("First"), "Second, which is of some length."],
    2,
    `${long("First")} Second, which is of some length.`,
  ],
  [
    "the start of what is needed and too long, and what is brief behind it",
    ["One is a number.", `${long("You must read")} ${long("all")}`.replace(". ", ", "), "You must."],
    1,
    "One is a number. You must read and words of this length, as many of them as one could want to read here, all and words… You must.",
  ],
  ["no scraps", [long("The first"), long("It must")], 1, long("The first")],
])("%s", (_, sentences, leading, want) => {
  expect(fitSentences(sentences, leading, isNeeded, { plain: 60, most: 120 })).toBe(want);
});

test("where there is no room to spare, text is cut", () => {
  expect(fitSentences(["One two three.", "Four"], 1, isNeeded, { plain: 12, most: 12 })).toBe("One two…");
});
