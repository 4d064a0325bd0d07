import { expect, test } from "vitest";
import type { RequestOptions } from "../../src/runtime/kit-types.ts";
import { findBase } from "../../src/runtime/server.ts";
import { serverChoices } from "../../src/runtime/server-choices.ts";
import type { Api, Server } from "../../src/runtime/types.ts";
import { httpServer } from "./http-server.ts";
import { operation } from "./operation.ts";

const regions: Server = {
  url: "https://{region}.acme.example/{version}",
  variables: { region: { default: "eu", enum: ["eu", "cn"] }, version: { default: "v1" } },
};
const behindHost = { url: "https://acme.example{base}", variables: { base: { default: "/sell/v1" } } };
const plain: Server = { url: "https://acme.example" };
const own: Server[] = [{ url: "https://files.acme.example/up/" }];

test.each<[api: Api, servers: Server[] | undefined, options: RequestOptions, want: string]>([
  [{ server: "https://acme.example/v1" }, undefined, {}, "https://acme.example/v1"],
  [{ server: "https://acme.example/v1/" }, undefined, {}, "https://acme.example/v1"],
  [{ server: "https://acme.example/v1" }, own, {}, "https://files.acme.example/up"],
  [{ server: "https://acme.example/v1" }, own, { baseUrl: "http://localhost:8080/x" }, "http://localhost:8080/x"],
  [{}, undefined, { baseUrl: "http://localhost" }, "http://localhost"],
  [{ servers: [regions, plain] }, undefined, {}, "https://eu.acme.example/v1"],
  [{ servers: [regions, plain] }, undefined, { server: { variables: { region: "cn" } } }, "https://cn.acme.example/v1"],
  [{ servers: [regions, plain] }, undefined, { server: { url: plain.url } }, "https://acme.example"],
  [
    { servers: [regions, plain] },
    own,
    { server: { url: plain.url, variables: { region: "cn" } } },
    "https://files.acme.example/up",
  ],
  [
    { server: "https://{host}/v1" },
    undefined,
    { server: { variables: { host: "a.example" } } },
    "https://a.example/v1",
  ],
  [
    { server: "{address}/v1" },
    undefined,
    { server: { variables: { address: "http://localhost:8080/a" } } },
    "http://localhost:8080/a/v1",
  ],
  [
    { server: "https://{region}.acme.example:{port}/{base}" },
    undefined,
    { server: { variables: { region: "eu", port: "8443", base: "a/b" } } },
    "https://eu.acme.example:8443/a/b",
  ],
  [{ servers: [behindHost] }, undefined, {}, "https://acme.example/sell/v1"],
  [
    { servers: [behindHost] },
    undefined,
    { server: { variables: { base: "/sell/v2" } } },
    "https://acme.example/sell/v2",
  ],
  [
    { servers: [{ url: "https://{server}", variables: { server: { default: "acme.example/v1" } } }] },
    undefined,
    {},
    "https://acme.example/v1",
  ],
])("%j %j %j", (api, servers, options, want) => {
  expect(findBase({ api, servers } as never, options, serverChoices).prefix).toBe(want);
});

test.each<[api: Api, options: RequestOptions, message: RegExp]>([
  [{}, {}, /no server: give a baseUrl/],
  [{ server: "/v1" }, {}, /server is no absolute URL of http: give a baseUrl/],
  [{}, { baseUrl: "acme.example" }, /baseUrl is no absolute URL/],
  [{}, { baseUrl: "file:///etc" }, /no absolute URL of http: give a baseUrl that begins with https:/],
  [{}, { baseUrl: "https://user:hunter2@acme.example" }, /^baseUrl holds a user name or password/],
  [{ servers: [regions] }, { server: { variables: { region: "us" } } }, /region is "us"; allowed: eu, cn/],
  [{ servers: [regions] }, { server: { variables: { regoin: "cn" } } }, /no variable regoin/],
  [
    { servers: [regions] },
    { server: { url: "https://evil.example" } },
    /the document has no https:\/\/evil.example; it has/,
  ],
  [{ server: "https://{host}/v1" }, {}, /variable host .* has no value/],
  ...["evil.example/", "evil.example?", "evil.example#", "me@evil.example", "evil.example\\", "evil.example/\t"].map(
    (region): [Api, RequestOptions, RegExp] => [
      { server: "{scheme}://{region}.acme.example/v1" },
      { server: { variables: { scheme: "https", region } } },
      /region is .* would lead to another host/,
    ],
  ),
  [
    { servers: [behindHost] },
    { server: { variables: { base: ".evil.example/sell/v1" } } },
    /base is .* would lead to another host; give a baseUrl, if it may$/,
  ],
  [
    { servers: [{ url: "https://{host}", variables: { host: { default: "/acme.example" } } }] },
    { server: { variables: { host: "/evil.example" } } },
    /host is .* would lead to another host/,
  ],
  [
    { server: "{scheme}://acme.example/v1" },
    { server: { variables: { scheme: "https://evil.example/?" } } },
    /scheme is .* would lead to another host/,
  ],
  [{ server: "https://{constructor}/v1" }, {}, /variable constructor .* has no value/],
])("%j %j", (api, options, message) => {
  expect(() => findBase({ api } as never, options, serverChoices)).toThrow(
    expect.objectContaining({ name: "OptionsError", message: expect.stringMatching(message) }),
  );
});

const server = httpServer();

test.each<[base: string, path: string, want: string]>([
  ["", "/a", "/a?x=1"],
  ["/", "/a", "/a?x=1"],
  ["/v1//", "/a/", "/v1/a/?x=1"],
  ["/v1?tenant=7", "/a?b=2#c", "/v1/a?tenant=7&b=2&x=1"],
  ["/v1", "a", "/v1/a?x=1"],
  ["/v1#part", "/", "/v1/?x=1"],
])("%s and %s make %s", async (base, path, want) => {
  await operation({ path, parameters: { x: { in: "query" } } })({ x: 1 }, { baseUrl: server.origin + base });
  expect(server.last.url).toBe(want);
});
