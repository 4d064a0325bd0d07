import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { calls, says, startModel } from "../runtime/model-server.ts";
import { folderWith } from "../temporary-folder.ts";
import { fctool } from "./run.ts";

vi.setConfig({ testTimeout: 60_000 });

const pets = `openapi: 3.0.3
info: { title: Pets, version: "1" }
servers: [{ url: https://pets.example/v1 }]
security: [{ bearerAuth: [] }]
components:
  securitySchemes: { bearerAuth: { type: http, scheme: bearer }, door: { type: http, scheme: basic }, key: { type: apiKey, in: query, name: api_key } }
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{ name: type, in: query, schema: { type: string } }, { name: shop, in: header, schema: { type: string }, x-fctool: { inject: true } }]
      responses: { 200: { description: ok, content: { application/json: { schema: { type: array, items: { type: object } } } } } }
    post:
      operationId: addPet
      summary: Add a pet to the store, with a name.
      security: [{ door: [] }]
      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [name], properties: { name: { type: string } } } } } }
      responses: { 201: { description: ok } }
  /pets/{id}:
    delete:
      operationId: removePet
      security: [{ key: [] }]
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses: { 204: { description: ok } }
`;
const folder = () => folderWith({ "pets.yaml": pets });

/** An API on loopback, and what it was asked. */
async function startApi(status = 200, body = "[]") {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    asked.push(
      [request.method, request.url, request.headers.authorization ?? "-", request.headers.shop ?? "-", text].join(" "),
    );
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { asked, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe("fctool inspect", () => {
  test("is a table, with totals and hints", async () => {
    const { code, stdout, stderr } = await fctool(folder(), ["inspect", "pets.yaml"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^tool +operation +effect +strict +tokens +warnings\n/);
    expect(stdout).toMatch(/\nremovePet +DELETE \/pets\/\{id\} +destructive +strict +\d+ +1 hint\n/);
    expect(stdout).toMatch(/\n3 tools, all strict, \d+ tokens\n/);
    expect(stdout).toContain("hint: listPets has no description: the model has to guess from its name");
    expect(stdout).toContain("hint: listPets does not say what the argument type is");
    expect(stdout).toContain("hint: listPets gives a list of any length, and nothing limits it");
  });

  test("says why a tool is not strict, and which answers are too large", async () => {
    const fields = (number: number) =>
      Object.fromEntries(Array.from({ length: number }, (_, index) => [`f${index}`, { type: "string" }]));
    const content = (number: number) => ({
      content: { "application/json": { schema: { type: "object", properties: fields(number) } } },
    });
    const operation = {
      operationId: "wide",
      requestBody: content(5_001),
      responses: { 200: { description: "", ...content(101) } },
    };
    const document = { openapi: "3.0.3", info: { title: "a", version: "1" }, paths: { "/a": { post: operation } } };
    const { stdout } = await fctool(folderWith({ "a.json": JSON.stringify(document) }), ["inspect", "a.json"]);
    expect(stdout).toContain(
      "\nwide is not strict: it has too many properties, or their names and values too many characters\n",
    );
    expect(stdout).toContain(
      'hint: wide gives 101 fields, far more than a model needs\n  Say which it reads: result: { pick: ["id", "name"] }\n',
    );
  });

  test("shows one tool whole", async () => {
    const { code, stdout } = await fctool(folder(), ["inspect", "pets.yaml", "--tool", "listPets"]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      "GET https://pets.example/v1/pets\n  type: query, optional\n  shop: header, injected (shop)\n",
    );
    expect(stdout).toContain('"additionalProperties": false');
    expect(stdout).toMatch(/operation: pets\.yaml:9:\d+ \(#\/paths\/~1pets\/get\)/);
    expect(stdout).toMatch(
      / {2}type: pets\.yaml:11:\d+ \(#\/paths\/~1pets\/get\/parameters\/0\)\n {2}shop: pets\.yaml:11:\d+ /,
    );
  });

  test("tells names on the wire, approval, scopes, and warnings with their fix", async () => {
    const text = pets
      .replace("{ name: type, in: query,", "{ name: type, in: query, x-fctool: { name: kind },")
      .replace("operationId: listPets", "operationId: listPets\n      x-fctool: { approval: always, efect: read }")
      .replace("security: [{ bearerAuth: [] }]", "security: [{ bearerAuth: [read:pets] }]");
    const where = folderWith({ "pets.yaml": text });
    const { stdout } = await fctool(where, ["inspect", "pets.yaml", "--tool", "listPets"]);
    expect(stdout).toMatch(/^listPets {2}read, approval always, strict, \d+ tokens\n/);
    expect(stdout).toContain('\n  kind: query "type", optional\n');
    expect(stdout).toContain("\n  credentials: bearerAuth (read:pets)\n");
    const warning = /warning FC403 at pets\.yaml:11:\d+ .*x-fctool: efect is not known\n {2}It takes exclude, name/;
    expect(stdout).toMatch(warning);
    expect((await fctool(where, ["inspect", "pets.yaml"])).stdout).toMatch(warning);
  });

  test("is JSON for programs", async () => {
    const { stdout } = await fctool(folder(), ["inspect", "pets.yaml", "--reporter", "json", "--include", "addPet"]);
    expect(JSON.parse(stdout)).toMatchObject({
      tools: [{ name: "addPet", effect: "write" }],
      totals: { tools: 1, strict: 1 },
    });
  });
});

describe("fctool diff", () => {
  const next = pets.replace("/pets/{id}:\n    delete:", "/pets/{id}:\n    patch:").replace("name: type", "name: kind");

  test.for<[what: string, words: string[], code: number, stdout: RegExp]>([
    [
      "text",
      [],
      0,
      /^\d+ changes, \d+ of them breaking\n\nYour code stops compiling \(\d\)\n {2}listPets \(GET \/pets\) takes no argument type any more \(the model feels it too\)\n/,
    ],
    [
      "markdown",
      ["--format", "markdown"],
      0,
      /\n### Your code stops compiling \(\d\)\n\n- `listPets` \(`GET \/pets`\) takes no argument type any more \(the model feels it too\)\n/,
    ],
    [
      "markdown that folds up what is harmless",
      ["--format", "markdown"],
      0,
      /\n<details><summary>Harmless \(\d\)<\/summary>\n\n(- .+\n)+\n<\/details>\n$/,
    ],
    [
      "json",
      ["--format", "json"],
      0,
      /"felt": \[\s+"code",\s+"model"\s+\],\s+"message": ".*",\s+"places": \[\s+"type"\s+\]/,
    ],
    ["a failure", ["--fail-on-breaking"], 5, /breaking/],
  ])("%s", async ([, words, code, stdout]) => {
    const where = folderWith({ "old.yaml": pets, "new.yaml": next });
    const run = await fctool(where, ["diff", "old.yaml", "new.yaml", ...words]);
    expect(run).toEqual({ code, stdout: expect.stringMatching(stdout), stderr: "" });
  });

  test("kits and locks", async () => {
    const where = folderWith({
      "old.yaml": pets,
      "new.yaml": next,
      "fctool.config.json": '{"kits": {"a": {"input": "old.yaml"}, "b": {"input": "new.yaml"}}}',
    });
    await fctool(where, ["generate"]);
    const kits = await fctool(where, ["diff", "a.gen.ts", "b.gen.ts"]);
    expect(kits.stdout).toContain("listPets (GET /pets) takes no argument type any more");
    const elsewhere = readFileSync(join(where, "a.gen.ts"), "utf8").replace(
      "https://pets.example",
      "http://elsewhere.example",
    );
    writeFileSync(join(where, "elsewhere.ts"), elsewhere);
    expect((await fctool(where, ["diff", "a.gen.ts", "elsewhere.ts"])).stdout).toBe(
      "1 change, 0 of them breaking\n\nRisks change (1)\n  all 3 tools: sends its requests to http://elsewhere.example/v1, and did to https://pets.example/v1\n",
    );
    const mixed = await fctool(where, ["diff", "old.yaml", "a.gen.ts", "--fail-on-breaking"]);
    expect(mixed).toEqual({
      code: 0,
      stdout: "Nothing has changed.\n",
      stderr: expect.stringContaining("answers are not compared"),
    });
    const locks = await fctool(where, ["diff", "fctool.lock.json", "old.yaml", "-p", "a"]);
    expect(locks).toMatchObject({ code: 0, stdout: "Nothing has changed.\n" });
    for (const same of ["a", "a.gen.ts"]) {
      const run = await fctool(where, ["diff", "fctool.lock.json", same, "-p", "a"]);
      expect(run).toMatchObject({ code: 0, stdout: "Nothing has changed.\n" });
    }
    writeFileSync(join(where, "old.yaml"), pets.replace("name: type", "name: sort"));
    const changed = await fctool(where, ["diff", "fctool.lock.json", "a", "-p", "a", "--fail-on-breaking"]);
    expect(changed).toEqual({
      code: 5,
      stdout: expect.stringContaining(
        "(GET /pets) has changed in what the model sees; compare the documents for more\n",
      ),
      stderr: expect.stringContaining("compare it with its kit by name"),
    });
    expect(await fctool(where, ["diff", "fctool.lock.json", "old.yaml"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("locks several kits: a, b"),
    });
  });
});

describe("fctool call", () => {
  test.for<[words: string[], env: NodeJS.ProcessEnv, lines: string[]]>([
    [
      ["listPets", "--dry-run"],
      { FCTOOL_BEARER_AUTH: "s3cret" },
      [
        "GET https://pets.example/v1/pets",
        "accept: application/json, */*;q=0.8",
        "authorization: Bearer $FCTOOL_BEARER_AUTH",
      ],
    ],
    [
      ["addPet", "--args", '{"name":"a\'b"}', "--curl"],
      { FCTOOL_DOOR_USERNAME: "u", FCTOOL_DOOR_PASSWORD: "s3cret" },
      [
        "curl -X POST 'https://pets.example/v1/pets' \\",
        "  -H 'accept: application/json, */*;q=0.8' \\",
        '  -u "$FCTOOL_DOOR_USERNAME"\':\'"$FCTOOL_DOOR_PASSWORD" \\',
        "  -H 'content-type: application/json' \\",
        `  --data-raw '{"name":"a'\\''b"}'`,
      ],
    ],
    [
      ["removePet", "--args", '{"id":7}', "--curl", "--base-url", "https://x.example"],
      {},
      [
        "curl -X DELETE 'https://x.example/pets/7?api_key='\"$FCTOOL_KEY\" \\",
        "  -H 'accept: application/json, */*;q=0.8'",
      ],
    ],
  ])("%j is shown without secrets", async ([words, env, lines]) => {
    const { code, stdout, stderr } = await fctool(folder(), ["call", "pets.yaml", ...words], { env });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${lines.join("\n")}\n`, stderr: "" });
  });

  test("only its own credentials are variables of a command, and nothing else is for the shell or curl", async () => {
    const evil = `openapi: 3.1.0
info: { title: Evil, version: "1" }
servers: [{ url: "https://h.example/{v}/[1-9]", variables: { v: { default: $FCTOOL_OTHER } } }]
paths:
  "/$(id)/\`id\`":
    post:
      operationId: evil
      parameters: [{ name: "q[$(id)]", in: query, schema: { type: string } }]
      requestBody: { content: { text/plain: { schema: { type: string } } } }
      security: [{ "b'$(id)": [] }]
      responses: { 200: { description: ok } }
components: { securitySchemes: { "b'$(id)": { type: apiKey, in: header, name: X-Key } } }
`;
    const args = JSON.stringify({ "q[$(id)]": "$FCTOOL_OTHER", body: "$FCTOOL_OTHER'`id`" });
    const headers = ["--header", "Authorization: Bearer s3cret-token", "--header", "X-Trace: 1"];
    const words = ["call", "evil.yaml", "evil", "--args", args, ...headers];
    const curl = await fctool(folderWith({ "evil.yaml": evil }), [...words, "--curl"]);
    expect(curl.stdout.split("\n")).toEqual([
      "curl -g -X POST 'https://h.example/$FCTOOL_OTHER/[1-9]/$(id)/%60id%60?q%5B%24%28id%29%5D=%24FCTOOL_OTHER' \\",
      "  -H 'accept: application/json, */*;q=0.8' \\",
      "  -H 'authorization: [hidden]' \\",
      "  -H 'content-type: text/plain' \\",
      "  -H 'x-key: '\"$FCTOOL_B_ID\" \\",
      "  -H 'x-trace: 1' \\",
      "  --data-raw '$FCTOOL_OTHER'\\''`id`'",
      "",
    ]);
    const shown = await fctool(folderWith({ "evil.yaml": evil }), [...words, "--dry-run"]);
    expect(shown.stdout).toContain("authorization: [hidden]\ncontent-type: text/plain\nx-key: $FCTOOL_B_ID\n");
  });

  test.for<[words: string[], lines: string[]]>([
    [
      ["addPhoto", "--args", '{"photo":"data:image/png;base64,iVBORw==","title":"@home"}', "--curl"],
      ["-F 'photo=@photo.png;type=image/png' \\", "--form-string 'title=@home'"],
    ],
    [
      ["addPhoto", "--args", '{"photo":"data:image/png;base64,iVBORw==","title":"@home"}', "--dry-run"],
      ["content-type: multipart/form-data", "", "photo: (4 bytes, image/png)", "title: @home"],
    ],
    [["putPhoto", "--args", '{"body":"data:image/png;base64,iVBORw=="}', "--curl"], ["--data-binary @body"]],
    [
      ["putPhoto", "--args", '{"body":"data:image/png;base64,iVBORw=="}', "--dry-run"],
      ["", "(4 bytes)"],
    ],
    [
      ["/etc/passwd", "--args", '{"/etc/passwd":"AAAA","a":"b"}', "--curl"],
      ["-F '/etc/passwd=@etc_passwd;type=application/octet-stream' \\", "--form-string 'a=b'"],
    ],
  ])("a body that is no text: %j", async ([words, lines]) => {
    const photo = { type: "string", format: "binary" };
    const body = (type: string, schema: object) => ({ required: true, content: { [type]: { schema } } });
    const form = { type: "object", properties: { photo, title: { type: "string" } } };
    const paths = {
      "/photos": {
        post: { operationId: "addPhoto", requestBody: body("multipart/form-data", form), responses: {} },
        patch: {
          operationId: "/etc/passwd",
          requestBody: body("multipart/form-data", {
            type: "object",
            properties: { "/etc/passwd": { type: "string", format: "binary" }, a: { type: "string" } },
          }),
          responses: {},
        },
        put: { operationId: "putPhoto", requestBody: body("image/png", photo), responses: {} },
      },
    };
    const document = {
      openapi: "3.1.0",
      info: { title: "a", version: "1" },
      servers: [{ url: "https://a.example" }],
      paths,
    };
    const where = folderWith({ "a.json": JSON.stringify(document) });
    const { stdout } = await fctool(where, ["call", "a.json", ...words]);
    const last = stdout.trimEnd().split("\n").slice(-lines.length);
    expect(last.map((line) => line.trim())).toEqual(lines);
  });

  test("makes the call, with credentials and injected values from the environment", async () => {
    const { asked, baseUrl } = await startApi(200, '[{"id":7}]');
    const env = { FCTOOL_BEARER_AUTH: "s3cret", FCTOOL_INJECT_SHOP: "berlin", FCTOOL_BASE_URL: baseUrl };
    const run = await fctool(folder(), ["call", "pets.yaml", "listPets", "--args", '{"type":"cat"}'], { env });
    expect(run).toEqual({ code: 0, stdout: '[\n  {\n    "id": 7\n  }\n]\n', stderr: "" });
    expect(asked).toEqual(["GET /pets?type=cat Bearer s3cret berlin "]);
  });

  test("what is injected and required has to be there, and is shown as a variable where nothing is sent", async () => {
    const text = pets.replace("name: shop, in: header,", "name: shop, in: header, required: true,");
    const words = ["call", "pets.yaml", "listPets"];
    expect(await fctool(folderWith({ "pets.yaml": text }), words)).toMatchObject({
      code: 2,
      stderr: "error: listPets needs shop, which is injected\n  Set FCTOOL_INJECT_SHOP, or give it in --args.\n",
    });
    const { stdout } = await fctool(folderWith({ "pets.yaml": text }), [...words, "--curl"]);
    expect(stdout).toContain(`  -H 'shop: '"$FCTOOL_INJECT_SHOP"`);
    const given = await fctool(folderWith({ "pets.yaml": text }), [...words, "--args", '{"shop":"rome"}', "--dry-run"]);
    expect(given.stdout).toContain("shop: rome");
  });

  test("an answer that is nested without end is no bug of ours", async () => {
    const { baseUrl } = await startApi(200, "[".repeat(100_000) + "]".repeat(100_000));
    const run = await fctool(folder(), ["call", "pets.yaml", "listPets", "--base-url", baseUrl]);
    expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining("nested too deeply") });
  });

  test("fails with 6 where the API does", async () => {
    const { baseUrl } = await startApi(401, '{"why":"no token"}');
    const run = await fctool(folder(), ["call", "pets.yaml", "listPets", "--base-url", baseUrl]);
    expect(run).toEqual({
      code: 6,
      stdout: "",
      stderr: expect.stringMatching(
        /status 401\n {2}\{"why":"no token"\}\n {2}Credentials come from the environment: FCTOOL_BEARER_AUTH/,
      ),
    });
    const nobody = await addressOfNobody();
    expect(await fctool(folder(), ["call", "pets.yaml", "listPets", "--base-url", nobody])).toMatchObject({
      code: 6,
      stderr: expect.stringMatching(/could not be reached[^\n]*\n {2}ECONNREFUSED\n {2}Check the address/),
    });
  });

  test.for<[words: string[], message: RegExp]>([
    [["listPet"], /no tool "listPet"\n {2}Did you mean listPets\?/],
    [["addPet"], /addPet needs the argument name\n {2}Write it like --args '\{"name": "…"\}'/],
    [["addPet", "--args", "{name: 1}"], /--args is not valid JSON/],
    [["addPet", "--args", "[1]"], /--args must be a JSON object/],
    [["addPet", "--args", '{"nam":"a"}'], /takes no argument "nam"\n {2}Did you mean name\?/],
    [["listPets", "--header", "a"], /has no colon/],
    [
      ["removePet", "--args", '{"id":"seven"}'],
      /^error: id: got "seven"; expected an integer\n {2}See fctool inspect pets\.yaml --tool removePet\n$/,
    ],
    [["addPet", "--args", '{"name":7}', "--dry-run"], /name: got 7; expected a string/],
  ])("%j is wrong usage", async ([words, message]) => {
    expect(await fctool(folder(), ["call", "pets.yaml", ...words])).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(message),
    });
  });
});

describe("fctool chat", () => {
  test("streams an answer, shows calls, and makes no write that nobody approved of", async () => {
    const { asked, baseUrl } = await startApi(200, '[{"id":7}]');
    await using model = await startModel([
      calls(["listPets", { type: "cat" }], ["addPet", { name: "Tama" }]),
      says("One cat."),
    ]);
    const words = [
      "chat",
      "pets.yaml",
      "How many cats?",
      "--base-url",
      model.baseUrl,
      "--api-base-url",
      baseUrl,
      "--model",
      "m",
    ];
    const { code, stdout, stderr } = await fctool(folder(), words, { env: { OPENAI_API_KEY: "k" } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/One cat\.\n$/) });
    expect(stderr).toMatch(/→ listPets\(\{"type":"cat"\}\)[\s\S]*← listPets: \[\{"id":7\}\]/);
    expect(stderr).toContain("--yes allows it");
    expect(asked).toEqual(["GET /pets?type=cat - - "]);
  });

  test("--yes approves", async () => {
    const { asked, baseUrl } = await startApi();
    await using model = await startModel([calls(["addPet", { name: "Tama" }]), says("Done.")]);
    await fctool(folder(), [
      "chat",
      "pets.yaml",
      "Add Tama",
      "--yes",
      "--base-url",
      model.baseUrl,
      "--api-base-url",
      baseUrl,
    ]);
    expect(asked).toEqual(['POST /pets - - {"name":"Tama"}']);
  });

  test("a key that a model repeats is not shown", async () => {
    await using model = await startModel([{ status: 401, body: { error: "no such key: sk-S3cret, \x1b[2J" } }]);
    const words = ["chat", "pets.yaml", "Hi", "--base-url", model.baseUrl, "--model", "m"];
    const { code, stderr } = await fctool(folder(), words, { env: { OPENAI_API_KEY: "sk-S3cret" } });
    expect([code, stderr.split("\n")[0]]).toEqual([
      2,
      'error: the model\'s endpoint answers 401: {"error":"no such key: [hidden], \\u001b[2J"}',
    ]);
  });

  test.for<[words: string[], code: number, message: RegExp]>([
    [[], 2, /there is no prompt/],
    [["Hi", "--base-url", "http://127.0.0.1:1/v1"], 2, /127\.0\.0\.1:1\/v1\/chat\/completions cannot be reached/],
  ])("%j exits with %i", async ([words, code, message]) => {
    expect(await fctool(folder(), ["chat", "pets.yaml", ...words])).toMatchObject({
      code,
      stderr: expect.stringMatching(message),
    });
  });
});

test.for<[status: number, type: string, body: string, code: number, stdout: string, message: RegExp]>([
  [401, "application/json", "{}", 2, "", /answers 401: \{\}\n {2}Set OPENAI_API_KEY\./],
  [404, "application/json", "{}", 2, "", /answers 404: \{\}\n {2}Check --model and --base-url\./],
  [
    429,
    "application/json",
    "slow down",
    6,
    "",
    /answers 429: slow down\n {2}Try again later, or with another --model\./,
  ],
  [200, "text/html", "<html>", 2, "", /answers with text\/html, and not with a stream of events\n {2}Check --base-url/],
  [200, "text/event-stream", "data: {x\n\n", 6, "", /sends what is no JSON: \{x\n/],
  [200, "text/event-stream", 'data: {"error":{"message":"too long"}}\n\n', 6, "", /breaks off: too long\n/],
  [
    200,
    "text/event-stream",
    'data: {"choices":[{"index":0,"delta":{"content":"Hal"}}]}\n\n',
    6,
    "Hal\n",
    /^error: the model m did not answer: the stream ended before the answer did\n/,
  ],
])("a model's endpoint that answers %i %s %j", async ([status, type, body, code, stdout, message]) => {
  const server = createServer((_, response) => void response.writeHead(status, { "content-type": type }).end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const run = await fctool(folder(), ["chat", "pets.yaml", "Hi", "--base-url", url, "--model", "m"]);
  expect(run).toEqual({ code, stdout, stderr: expect.stringMatching(message) });
});

test("every command has examples", async () => {
  for (const command of ["generate", "init", "inspect", "diff", "call", "chat", "completion"]) {
    const examples = new RegExp(`Examples:\\n[\\s\\S]*fctool ${command}`);
    expect((await fctool(folder(), [command, "--help"])).stdout).toMatch(examples);
  }
  const { code, stdout } = await fctool(folder(), ["--help"]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/Examples:\n {2}fctool generate/) });
  expect((await fctool(folder(), ["help", "call"])).stdout).toMatch(/^fctool call <document> <tool>\n/);
});

/** The address of a server that has just been closed. */
async function addressOfNobody(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}
