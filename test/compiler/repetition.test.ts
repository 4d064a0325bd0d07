import { expect, test } from "vitest";
import type { Arg, Schema } from "../../src/compiler/api.ts";
import {
  argsThatRepeat,
  isConvention,
  isUsualStart,
  repeats,
  withoutOwnName,
  withoutPaging,
  withoutRepeat,
} from "../../src/compiler/repetition.ts";

const string: Schema = { kind: "string" };
const integer: Schema = { kind: "number", integer: true };
const arg = (name: string, schema: Schema = string): Arg => ({
  name,
  in: "query",
  wireName: name,
  required: true,
  schema,
});

test.each<[text: string, name: string, schema: Schema, want: boolean]>([
  ["The user's email.", "userEmail", string, true],
  ["Issue number", "issue_number", integer, true],
  ["The number that identifies the issue.", "issue", integer, true],
  ["The id of the user", "user", integer, true],
  ["The id of the user", "user", string, false],
  ["The user name", "user", string, false],
  ["The repository's owner", "repo_owner", string, true],
  ["The customer who pays", "customer", string, false],
  ["Supported kinds", "kind", string, true],
  ["", "customer", string, false],
])("%j repeats %s: %o %s", (text, name, schema, want) => {
  expect(repeats(text, name, schema)).toBe(want);
});

test.each<[text: string, name: string, schema: Schema, want: string]>([
  ["Page number of the results to fetch", "page", integer, ""],
  ["Number of results per page (max 100)", "per_page", integer, "max 100"],
  ["Number of results per page (max 100)", "per_page", { ...integer, maximum: 100 }, ""],
  ["Number of results per page (max 100)", "per_page", { ...integer, maximum: 50 }, "max 100"],
  ["How many pages are skipped before the first", "page", integer, "How many pages are skipped before the first"],
  ["Number of tracks to return", "limit", integer, "Number of tracks to return"],
  ["Number of results per page", "amount", integer, "Number of results per page"],
  ["Property to sort the results by", "sort", string, ""],
])("%s of %s %o: %j", (text, name, schema, want) => {
  expect(withoutPaging(text, name, schema)).toBe(want);
});

test.each<[note: string, name: string, want: boolean]>([
  ["default 1", "page", true],
  ["default 2", "page", false],
  ["default 0", "offset", true],
  ["default 1", "limit", false],
])("%s of %s: %s", (note, name, want) => {
  expect(isUsualStart(note, name)).toBe(want);
});

test.each<[text: string, name: string, want: string]>([
  ["Name of the branch", "branch", "Name"],
  ["Slug of the team name", "team", "Slug"],
  ["Name of the repository without the .git extension", "repo", "Name without the .git extension"],
  ["Number of pages", "pages", "Number of pages"],
  ["Name of the project", "source", "Name of the project"],
  ["Name of the branch to delete", "branch", "Name of the branch to delete"],
])("%s, of %s: %s", (text, name, want) => {
  expect(withoutOwnName(text, name)).toBe(want);
});

test.each<[args: readonly (readonly [name: string, text: string])[], tool: string, want: readonly string[]]>([
  [[["id", "Id of the pet"]], "getPet", ["id"]],
  [[["id", "Id of the pet"]], "getOwner", []],
  [
    [
      ["name", "The pet's name"],
      ["petColor", "Color of the pet"],
    ],
    "createPet",
    ["name"],
  ],
  [[["pet_id", "Sold pet's id"]], "getSoldPet", ["pet_id"]],
  // Without their descriptions, nobody would know which is which.
  [
    [
      ["source_id", "Source user id"],
      ["target_id", "Target project id"],
    ],
    "copyUserToProject",
    [],
  ],
  [
    [
      ["source", "User"],
      ["target", "Project"],
    ],
    "copyUserToProject",
    [],
  ],
])("%j of %s: %j", (args, tool, want) => {
  const texts = args.map(([name, text]) => ({ arg: arg(name), text }));
  expect(argsThatRepeat(texts, tool).map(({ name }) => name)).toEqual(want);
});

test.each<[text: string, name: string, unsaid: number, want: boolean]>([
  ["Account owner of the repository", "owner", 1, true],
  ["Organization name", "org", 1, true],
  ["Organization slug", "org", 1, false],
  ["Name without the .git extension", "repo", 1, false],
  ["Name without the .git extension", "repo", 3, true],
])("%s, of %s, is a convention with %d new words: %s", (text, name, unsaid, want) => {
  expect(isConvention(text, arg(name), [arg("owner"), arg("repo")], unsaid)).toBe(want);
});

test.each<[sentences: readonly string[], tool: string, want: readonly string[]]>([
  [["Get a pet.", "Gets a pet by its id.", "More."], "getPet", ["Gets a pet by its id.", "More."]],
  [["Find pets by status.", "Gets pets."], "findPets", ["Find pets by status."]],
  [["List pets.", "Newest first."], "listPets", ["List pets.", "Newest first."]],
  [
    ["Reset a password.", "An email with a link to reset the password."],
    "reset",
    ["Reset a password.", "An email with a link to reset the password."],
  ],
  [
    ["Update a pet.", "Replaces all that is known of a pet."],
    "editPet",
    ["Update a pet.", "Replaces all that is known of a pet."],
  ],
  [["Get a pet."], "getPet", ["Get a pet."]],
  [
    ["Add a pet to a shop.", "Returns the sold pets of the shop."],
    "addPetToShop",
    ["Add a pet to a shop.", "Returns the sold pets of the shop."],
  ],
  [
    ["Creates a pet in a shop.", "Only for shops.", "Create a pet."],
    "add",
    ["Creates a pet in a shop.", "Only for shops."],
  ],
])("%j of %s: %j", (sentences, tool, want) => {
  expect(withoutRepeat(sentences, tool)).toEqual(want);
});
