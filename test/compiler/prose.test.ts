import { expect, test } from "vitest";
import {
  explainsValues,
  isIdle,
  isIdleStart,
  listsValues,
  matters,
  withoutInvitation,
  withoutPreamble,
} from "../../src/compiler/prose.ts";

test.each([
  "For more information about teams, see the guide.",
  'See "Searching topics" for a list of qualifiers.',
  "To format the text, see the Markdown reference.",
  "Learn more about pets.",
  "https://docs.example/pets",
  "The authenticated user must be an owner of the organization.",
  "You must have admin access to the shop to use this endpoint.",
  "OAuth app tokens need the repo scope to use this endpoint.",
  "Permissions required: Browse projects.",
  "This operation can be accessed anonymously.",
  "This endpoint is in public preview and is subject to change.",
  "Closing down notice: use the new endpoint.",
  "This endpoint supports the following custom media types.",
  "Creating content too quickly may result in secondary rate limiting.",
  "The response includes the owner.",
])("idle: %s", (sentence) => {
  expect(isIdle(sentence)).toBe(true);
});

test.each([
  "To get full details, set expand to all.",
  "Use the list of scopes to narrow the search.",
  "Returns 404 if the pet is not in the store.",
  "Deletes the pet, and all of its visits.",
  "When true, sold pets are included in the response.",
  "The response has 100 pets at most, unless limit is given.",
  "You must give either id or name.",
  "Starts closing down the shop.",
])("not idle: %s", (sentence) => {
  expect(isIdle(sentence)).toBe(false);
});

test("who may call is told where nothing else is", () => {
  expect(isIdleStart("The authenticated user must be an owner.")).toBe(false);
  expect(isIdleStart("This API is in beta.")).toBe(true);
});

test.each<[sentence: string, values: readonly unknown[], want: boolean]>([
  ["Can be one of: open, closed, all.", ["open", "closed", "all"], true],
  ["Either `asc` or `desc`.", ["asc", "desc"], true],
  ["Valid values are 1, 2.", [1, 2], true],
  ["Can be true or false.", [true, false], true],
  ["The default is open.", ["open", "closed"], false],
  ["open means not yet closed.", ["open", "closed"], false],
  ["Can be open.", ["open", "closed"], false],
  ["One of the types that are allowed.", ["open", "closed"], false],
])("%s of %j", (sentence, values, want) => {
  expect(listsValues(sentence, values)).toBe(want);
});

test.each<[sentence: string, want: boolean]>([
  ["One of red, green or blue.", true],
  ["Mapping: 1 - Figure, 2 - Media, 3 - Dataset.", true],
  ["If omitted, all pets come.", true],
  ["Cannot be combined with offset.", true],
  ["Warning: its files go as well.", true],
  ["Overwrites what is there.", true],
  ["Pets are friends.", false],
])("%s matters: %s", (sentence, want) => {
  expect(matters(sentence)).toBe(want);
});

test.each<[text: string, want: string]>([
  ["The name of the pet. The second sentence.", "Name of the pet. The second sentence."],
  ["A cursor", "Cursor"],
  ["A or B", "A or B"],
  ["(Optional) The name", "Name"],
  ["Required. An id.", "Id."],
  ["Required if kind is cat.", "Required if kind is cat."],
  ["Indicates whether it is sold.", "Whether it is sold."],
  ["Determines if it is sold.", "Whether it is sold."],
  ["A boolean value indicating whether it is sold", "Whether it is sold"],
  ["Specifies the color", "Color"],
  ["This is the color", "Color"],
  ["The pageSize to use", "pageSize to use"],
  ["The 'id' of it", "The 'id' of it"],
  ["The", "The"],
])("%s → %s", (text, want) => {
  expect(withoutPreamble(text)).toBe(want);
});

test.each<[sentence: string, want: string]>([
  ["Use this endpoint to list pets.", "List pets."],
  ["Allows you to add a pet.", "Add a pet."],
  ["This operation lets callers add a pet.", "Add a pet."],
  ["This operation adds a pet.", "This operation adds a pet."],
])("%s → %s", (sentence, want) => {
  expect(withoutInvitation(sentence)).toBe(want);
});

test.each<[text: string, want: boolean]>([
  ['Which. Possible values are: - "default" - A regular event. - "outOfOffice" - An absence.', true],
  ["Can include: - owner: Those one owns. - collaborator: Those one was added to.", true],
  ["A date - or a time - of the event.", false],
  ['- "default" - A regular event.', false],
])("%s: values and their meanings, %s", (text, want) => {
  expect(explainsValues(text)).toBe(want);
});
