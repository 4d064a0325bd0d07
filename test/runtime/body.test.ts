import { describe, expect, test } from "vitest";
import type { RunOptions } from "../../src/runtime/kit-types.ts";
import type { Body } from "../../src/runtime/types.ts";
import { httpServer, type Seen } from "./http-server.ts";
import { operation } from "./operation.ts";

const server = httpServer();

async function post(body: Body, args: object, options: RunOptions = {}): Promise<Seen> {
  await operation({ method: "POST", body }).run(args as never, { baseUrl: server.origin, ...options });
  return server.last;
}

const text = ({ body }: Seen) => body.toString("utf8");
const parts = ({ body, headers }: Seen) =>
  new Response(new Uint8Array(body), { headers: { "content-type": headers["content-type"] ?? "" } }).formData();

describe("JSON", () => {
  const json = "application/json";
  test.each<[body: Body, args: object, want: string, type?: string]>([
    [{ mediaType: json, args: ["a", "b"] }, { a: 1, b: null, c: 2 }, '{"a":1,"b":null}', json],
    [{ mediaType: json, args: ["a", "b"], names: { b: "user id" } }, { b: "名" }, '{"user id":"名"}', json],
    [{ mediaType: json, args: ["a"] }, {}, ""],
    [{ mediaType: json, args: ["a"], required: true }, {}, "{}", json],
    [{ mediaType: json, arg: "body" }, {}, ""],
    [{ mediaType: json, arg: "body", required: true }, {}, "{}", json],
    [{ mediaType: json, arg: "body" }, { body: [1, 2] }, "[1,2]", json],
    [{ mediaType: json, arg: "body" }, { body: null }, "null", json],
    [{ mediaType: json, arg: "body" }, { body: "a" }, '"a"', json],
    [
      { mediaType: "application/merge-patch+json", args: ["a"] },
      { a: null },
      '{"a":null}',
      "application/merge-patch+json",
    ],
    [
      { mediaType: "application/json; charset=utf-8", args: ["a"] },
      { a: 1 },
      '{"a":1}',
      "application/json; charset=utf-8",
    ],
    [{ mediaType: "application/vnd.acme", arg: "body" }, { body: { a: 1 } }, '{"a":1}', "application/vnd.acme"],
    [{ mediaType: json, args: ["constructor", "toString"] }, {}, ""],
    [{ mediaType: json, args: ["__proto__"] }, JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}', json],
  ])("%j of %j", async (body, args, want, type) => {
    const seen = await post(body, args);
    expect(text(seen)).toBe(want);
    expect(seen.headers["content-type"]).toBe(type);
  });
});

describe("forms", () => {
  const mediaType = "application/x-www-form-urlencoded";
  test.each<[body: Partial<Body>, args: object, want: string]>([
    [{ args: ["a", "b"] }, { a: "x y&z", b: true }, "a=x%20y%26z&b=true"],
    [{ args: ["a"] }, { a: ["x", "y"] }, "a=x&a=y"],
    [{ args: ["a"] }, { a: { b: { c: 1 }, d: ["e"] } }, "a%5Bb%5D%5Bc%5D=1&a%5Bd%5D%5B0%5D=e"],
    [{ args: ["a"] }, { a: [{ b: 1 }, { b: 2 }] }, "a%5B0%5D%5Bb%5D=1&a%5B1%5D%5Bb%5D=2"],
    [{ args: ["a"], encoding: { a: { explode: false } } }, { a: ["x", "y"] }, "a=x,y"],
    [{ args: ["a"], encoding: { a: { style: "deepObject", explode: true } } }, { a: { b: 1 } }, "a%5Bb%5D=1"],
    [{ args: ["a"], encoding: { a: { contentType: "application/json" } } }, { a: { b: 1 } }, "a=%7B%22b%22%3A1%7D"],
    [{ args: ["a"], encoding: { a: { allowReserved: true } } }, { a: "x/y,z&" }, "a=x/y,z%26"],
    [{ args: ["a"], names: { a: "user[id]" } }, { a: 1 }, "user%5Bid%5D=1"],
    [{ args: ["a"], required: true }, {}, ""],
    [{ arg: "body" }, { body: { a: 1, b: null, c: ["x", null] } }, "a=1&c=x"],
    [{ arg: "body" }, { body: "a=1&b=2" }, "a=1&b=2"],
  ])("%j of %j", async (body, args, want) => {
    const seen = await post({ mediaType, ...body }, args);
    expect(text(seen)).toBe(want);
    expect(seen.headers["content-type"]).toBe(mediaType);
  });
});

describe("multipart", () => {
  const mediaType = "multipart/form-data";
  const png = "data:image/png;base64,iVBORw0KGgo=";

  test("fields, lists, objects and files", async () => {
    const args = ["title", "tags", "meta", "picture", "pages", "none"];
    const body: Body = { mediaType, args, files: ["picture", "pages"], names: { picture: "picture" } };
    const given = {
      title: "名",
      tags: ["a", "b"],
      meta: { b: 1 },
      picture: png,
      pages: ["aGk=", "data:,a%20b"],
      none: null,
    };
    const form = await parts(await post(body, given));
    expect([form.get("title"), form.getAll("tags"), form.get("meta"), form.has("none")]).toEqual([
      "名",
      ["a", "b"],
      '{"b":1}',
      false,
    ]);
    const picture = form.get("picture") as File;
    expect([picture.name, picture.type, picture.size]).toEqual(["picture.png", "image/png", 8]);
    const pages = (await Promise.all(form.getAll("pages").map((page) => (page as File).text()))) as string[];
    expect(pages).toEqual(["hi", "a b"]);
  });

  test("files under names that the document does not know", async () => {
    const body: Body = { mediaType, arg: "body", files: { except: ["title"] } };
    const form = await parts(await post(body, { body: { title: "aGk=", file: "aGk=" } }));
    expect(form.get("title")).toBe("aGk=");
    expect(await (form.get("file") as File).text()).toBe("hi");
  });

  test("the encoding of a field", async () => {
    const encoding = {
      meta: { contentType: "application/json" },
      file: { contentType: "text/csv" },
      ids: { style: "form", explode: false },
    } as const;
    const body: Body = { mediaType, arg: "body", encoding, files: ["file"] };
    const seen = await post(body, { body: { meta: { a: 1 }, file: "YSxi", ids: [1, 2] } });
    const form = await parts(seen);
    expect((form.get("meta") as File).type).toBe("application/json");
    expect(await (form.get("meta") as File).text()).toBe('{"a":1}');
    expect((form.get("file") as File).type).toBe("text/csv");
    expect(form.get("ids")).toBe("1,2");
  });

  test("its kin have the same syntax", async () => {
    const seen = await post({ mediaType: "multipart/mixed", args: ["a"] }, { a: "b" });
    expect(seen.headers["content-type"]).toMatch(/^multipart\/mixed; boundary=./);
    const asForm = {
      ...seen,
      headers: { "content-type": seen.headers["content-type"]?.replace("mixed", "form-data") ?? "" },
    };
    expect((await parts(asForm)).get("a")).toBe("b");
  });

  test("a field cannot break out of its part", async () => {
    const form = await parts(await post({ mediaType, arg: "body" }, { body: { 'a"\r\nX: 1': "\r\n--x\r\n" } }));
    expect([...form.keys()]).toHaveLength(1);
  });
});

describe("files", () => {
  const body: Body = { mediaType: "image/png", arg: "image" };
  test.each<[given: unknown, want: string]>([
    ["aGk=", "hi"],
    ["aGk=\n", "hi"],
    ["-_-_", "\ufffd\ufffd\ufffd"],
    ["data:image/png;base64,aGk", "hi"],
    ["data:image/png;base64,aGk=", "hi"],
    ["data:text/plain;charset=utf-8,h%C3%A9", "hé"],
    [new TextEncoder().encode("hi"), "hi"],
    [new Blob(["hi"]), "hi"],
  ])("%j", async (given, want) => {
    const seen = await post(body, { image: given });
    expect(text(seen)).toBe(want);
    expect(seen.headers["content-type"]).toBe("image/png");
  });

  test("an open media type is that of the file", async () => {
    const seen = await post({ mediaType: "image/*", arg: "image" }, { image: "data:image/gif;base64,aGk=" });
    expect(seen.headers["content-type"]).toBe("image/gif");
  });

  test.each([
    "/etc/passwd.txt",
    "file:///etc/passwd",
    "https://example.com/a.png",
    "not base64!",
    "data:image/png;base64,%%",
    7,
  ])("refuses %j", async (picture) => {
    const multipart: Body = {
      mediaType: "multipart/form-data",
      args: ["picture"],
      names: { picture: "img" },
      files: ["img"],
    };
    const refusal = { kind: "invalid_arguments", path: "picture" };
    await expect(post(multipart, { picture })).rejects.toMatchObject(refusal);
    await expect(post(multipart, { picture: [picture] })).rejects.toMatchObject({ ...refusal, path: "picture[0]" });
    expect(server.seen).toEqual([]);
  });

  test("a resolver of the host's takes over", async () => {
    const call = { id: "call_1", context: { user: "u" } };
    const files: RunOptions["files"] = async (file, info) =>
      new Blob([`${file} ${info.id} ${info.tool} ${JSON.stringify(info.context)}`]);
    expect(text(await post(body, { image: "handle:7" }, { files, call }))).toBe('handle:7 call_1 test {"user":"u"}');
  });

  test("a resolver that fails is about the argument", async () => {
    const files = () => {
      throw new Error("no such file");
    };
    await expect(post(body, { image: "x" }, { files })).rejects.toMatchObject({
      kind: "invalid_arguments",
      path: "image",
    });
  });
});

test.each<[mediaType: string, given: unknown, want: string, type: string]>([
  ["text/plain", "名 a", "名 a", "text/plain"],
  ["text/*", "a", "a", "text/plain"],
  ["text/csv", "a,b", "a,b", "text/csv"],
  ["application/x-ndjson", "{}\n{}", "{}\n{}", "application/x-ndjson"],
  ["application/yaml", "a: 1", "a: 1", "application/yaml"],
  ["text/plain", 7, "7", "text/plain"],
])("%s of %j", async (mediaType, given, want, type) => {
  const seen = await post({ mediaType, arg: "body" }, { body: given });
  expect([text(seen), seen.headers["content-type"]]).toEqual([want, type]);
});

describe("XML", () => {
  const mediaType = "application/xml";
  const xml = (given: unknown, hints: Body["xml"]) =>
    post({ mediaType, arg: "body", ...(hints && { xml: hints }) }, { body: given }).then((seen) =>
      text(seen).replace(/^<\?.*?\?>/, ""),
    );

  // After the examples of https://spec.openapis.org/oas/v3.1.2.html#xml-object-examples
  test.each<[given: unknown, hints: Body["xml"], want: string]>([
    [{ id: 0, name: "x" }, { name: "Person" }, "<Person><id>0</id><name>x</name></Person>"],
    [
      { id: 123, name: "example" },
      {
        name: "Person",
        properties: { id: { attribute: true }, name: { namespace: "https://example.com/sample", prefix: "sample" } },
      },
      '<Person id="123"><sample:name xmlns:sample="https://example.com/sample">example</sample:name></Person>',
    ],
    [{ animals: ["a", "b"] }, { name: "R" }, "<R><animals>a</animals><animals>b</animals></R>"],
    [
      { animals: ["a"] },
      { name: "R", properties: { animals: { name: "aliens", items: { name: "animal" } } } },
      "<R><animal>a</animal></R>",
    ],
    [
      { animals: ["a"] },
      { name: "R", properties: { animals: { wrapped: true } } },
      "<R><animals><animals>a</animals></animals></R>",
    ],
    [
      { animals: ["a", "b"] },
      { name: "R", properties: { animals: { name: "aliens", wrapped: true, items: { name: "animal" } } } },
      "<R><aliens><animal>a</animal><animal>b</animal></aliens></R>",
    ],
    [["a"], { name: "list", items: { name: "item" } }, "<list><item>a</item></list>"],
    [{ a: "<b>&\"'\u0001" }, { name: "R", properties: {} }, "<R><a>&#60;b&#62;&#38;&#34;&#39;\ufffd</a></R>"],
    [
      { a: '"><x y="\n' },
      { name: "R", properties: { a: { attribute: true } } },
      '<R a="&#34;&#62;&#60;x y=&#34;&#10;"></R>',
    ],
    [{ a: null, b: undefined }, { name: "R" }, "<R></R>"],
    ["<own>text</own>", undefined, "<own>text</own>"],
  ])("%j by %j", async (given, hints, want) => {
    expect(await xml(given, hints)).toBe(want);
  });

  test.each(["a><b", "a b", "1a", "", "a:b:c"])("refuses the key %j", async (key) => {
    await expect(xml({ [key]: 1 }, { name: "R" })).rejects.toMatchObject({ kind: "invalid_arguments" });
  });
});
