import { expect, test } from "vitest";
import { wholeResponse } from "../../src/runtime/whole-response.ts";

const headers = { "content-type": "application/x-www-form-urlencoded", "x-a": "1" };
const whole = () =>
  wholeResponse(new TextEncoder().encode("a=%C3%A9"), new Response(null, { status: 203, statusText: "so", headers }));

test("it is a response like any other", async () => {
  const given = whole();
  const like = new Response("a=%C3%A9", { status: 203, statusText: "so", headers });
  expect(given).toBeInstanceOf(Response);
  expect([given.status, given.statusText, given.ok, [...given.headers]]).toEqual([203, "so", true, [...like.headers]]);
  expect(await given.text()).toBe(await like.clone().text());
  expect(await given.arrayBuffer()).toEqual(await like.clone().arrayBuffer());
  expect(await given.bytes()).toEqual(new Uint8Array(await like.clone().arrayBuffer()));
  expect(await (await given.blob()).text()).toBe("a=%C3%A9");
  expect((await given.blob()).type).toBe(headers["content-type"]);
  expect((await given.formData()).get("a")).toBe("é");
  expect(await new Response(given.body).text()).toBe("a=%C3%A9");
  expect(await given.clone().text()).toBe("a=%C3%A9");
  const json = wholeResponse(new TextEncoder().encode('{"a":1}'), new Response());
  expect(await json.json()).toEqual({ a: 1 });
});

test("nobody who reads it can change what others read", async () => {
  const given = whole();
  (await given.bytes()).fill(0);
  new Uint8Array(await given.arrayBuffer()).fill(0);
  await given.body?.cancel();
  expect(await given.text()).toBe("a=%C3%A9");
});
