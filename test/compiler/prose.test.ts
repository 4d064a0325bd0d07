import { expect, test } from "vitest";
import {
  explainsValues,
  isAboutList,
  isAboutTime,
  isIdle,
  isIdleStart,
  leansOnLast,
  listsValues,
  matters,
  mattersToValue,
  refersBack,
  withoutContainer,
  withoutEncoding,
  withoutInvitation,
  withoutPointers,
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
  "You can find it on the page of the shop.",
  "Prerequisites: - A pro plan.",
  "Fine-grained tokens are not supported by this endpoint.",
  "Owners with a permission to read pets can see them.",
  "Anyone who has one can use this endpoint.",
  "Note: This is available for shops with GitHub Free and for all on an enterprise plan.",
  "To add one, send a POST request to /pets.",
  "The name must be URL encoded.",
  "Any slashes in it must be replaced with %2F.",
  "The name is not case sensitive.",
  "Example adding a pet in two steps.",
  "Example request:",
  "Returns an empty object.",
  "You will receive a 202 Accepted response.",
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
  "Example: Tama.",
  "Names are not case sensitive, but labels must be in lower case.",
  "Encoded as base64.",
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
  ["May lead to data loss.", true],
  ["This cannot be reversed.", true],
  ["If one is sold, it goes.", true],
  ["Do not give both.", true],
  ["No more than ten.", true],
  ['Use "me" for oneself.', true],
  ["Pets are friends.", false],
])("%s matters: %s", (sentence, want) => {
  expect(matters(sentence)).toBe(want);
});

test.each<[sentence: string, want: boolean]>([
  ["In seconds.", true],
  ["Comma-separated names.", true],
  ["An RFC 3339 date.", true],
  ["Page 2 of the list.", true],
  ["Must be one of them.", true],
  ["Pets are friends.", false],
])("%s matters to a value: %s", (sentence, want) => {
  expect(mattersToValue(sentence)).toBe(want);
});

test.each<[sentence: string, leans: boolean, refers: boolean]>([
  ["For this reason, two come.", true, true],
  ["For example, Tama.", true, true],
  ["This is its number.", false, true],
  ["You can find this on its collar.", false, true],
  ["Must be given.", false, false],
])("%s leans on the sentence before: %s, speaks of it: %s", (sentence, leans, refers) => {
  expect([leansOnLast(sentence), refersBack(sentence)]).toEqual([leans, refers]);
});

test.each<[sentence: string, want: string]>([
  ["The name of the pet.", "Name of the pet."],
  ["A cursor", "Cursor"],
  ["A or B", "A or B"],
  ["(Optional) The name", "Name"],
  ["(optional) - the name", "Name"],
  ["An optional name", "Name"],
  ["Required. An id.", "Id."],
  ["Required.", ""],
  ["Required if kind is cat.", "Required if kind is cat."],
  ["Indicates whether it is sold.", "Whether it is sold."],
  ["Determines if it is sold.", "Whether it is sold."],
  ["A boolean value indicating whether it is sold", "Whether it is sold"],
  ["Gets or sets a value indicating whether it is sold.", "Whether it is sold."],
  ["Gets or sets the color.", "Color."],
  ["Specifies the color", "Color"],
  ["Specify a color to paint it in", "Color to paint it in"],
  ["This parameter specifies the color", "Color"],
  ["This is the color", "Color"],
  ["The pageSize to use", "pageSize to use"],
  ["The 'id' of it", "The 'id' of it"],
  ["The", "The"],
])("%s → %s", (sentence, want) => {
  expect(withoutPreamble(sentence)).toBe(want);
});

test.each<[sentence: string, want: string]>([
  ["Use this endpoint to list pets.", "List pets."],
  ["Allows you to add a pet.", "Add a pet."],
  ["This operation lets callers add a pet.", "Add a pet."],
  ["This operation adds a pet.", "Adds a pet."],
  ["This operation is new.", "This operation is new."],
  ["To list all pets of a shop, send a GET request to `/shops/$ID/pets`.", "List all pets of a shop."],
  ["To add a pet, give its name.", "To add a pet, give its name."],
])("%s → %s", (sentence, want) => {
  expect(withoutInvitation(sentence)).toBe(want);
});

test.each<[sentence: string, want: string]>([
  ["List of pets", "Pets"],
  ["Comma-separated list of pets", "Pets"],
  ["JSON-serialized array describing the pets", "Pets"],
  ["Pets to list", "Pets to list"],
])("of a list, %s → %s", (sentence, want) => {
  expect(withoutContainer(sentence)).toBe(want);
});

test.each<[sentence: string, want: boolean]>([
  ["This parameter accepts a comma-separated list.", true],
  ["To give several, provide an ampersand-separated list of ids.", true],
  ["For example, id=1&id=2.", true],
  ["A comma-separated list of a lower and an upper limit.", false],
])("%s says how a list is written: %s", (sentence, want) => {
  expect(isAboutList(sentence)).toBe(want);
});

test.each<[sentence: string, want: boolean]>([
  ["This is a timestamp in ISO 8601 format: YYYY-MM-DDTHH:MM:SSZ.", true],
  ["Uses the ISO 8601 format.", true],
  ["Only pets born before this RFC 3339 timestamp.", false],
])("%s only says how a time is written: %s", (sentence, want) => {
  expect(isAboutTime(sentence)).toBe(want);
});

test.each<[text: string, want: string]>([
  ["Kind of pet (see below), or all", "Kind of pet, or all"],
  ["Its path (see: https://docs.example/path). The root is /", "Its path. The root is /"],
  ["Its user, default is admin More info: https://docs.example/user#admin", "Its user, default is admin"],
  ["Where to see it (in short)", "Where to see it (in short)"],
])("%s → %s", (text, want) => {
  expect(withoutPointers(text)).toBe(want);
});

test.each<[sentence: string, want: string]>([
  ["ID or URL-encoded path of the shop", "ID or path of the shop"],
  ["Blocks as a URL-encoded string", "Blocks as a string"],
  ["Given as an URL encoded text", "Given as a text"],
  ["The encoded path", "The encoded path"],
])("%s → %s", (sentence, want) => {
  expect(withoutEncoding(sentence)).toBe(want);
});

test.each<[text: string, values: readonly unknown[] | undefined, want: boolean]>([
  ['Which. Possible values are: - "default" - A regular event. - "outOfOffice" - An absence.', undefined, true],
  ["Can include: - owner: Those one owns. - collaborator: Those one was added to.", undefined, true],
  ["1 - Figure, 2 - Media, 3 - Dataset", undefined, true],
  ["A date - or a time - of the event.", undefined, false],
  ['- "default" - A regular event.', undefined, false],
  ["new means not yet seen, old means seen.", ["new", "old"], true],
  ["- new Not yet seen. - old Seen.", ["new", "old"], true],
  ["When set to new, it is shown. When set to old, it is not.", ["new", "old"], true],
  ["One of: - new - old", ["new", "old"], false],
  ["new means not yet seen.", ["new", "old"], false],
])("%s tells what several of %j mean: %s", (text, values, want) => {
  expect(explainsValues(text, values)).toBe(want);
});
