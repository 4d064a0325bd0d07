import { describe, expect, test } from "vitest";
import { hasFormat } from "../../src/runtime/formats.ts";

const label = "a".repeat(63);

describe.each<[format: string, right: readonly string[], wrong: readonly string[]]>([
  [
    "date",
    ["2026-01-31", "2024-02-29", "0001-01-01"],
    ["2026-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", "2026-01-01T00:00:00Z", ""],
  ],
  [
    "time",
    ["00:00:00Z", "23:59:59.123z", "23:59:60Z", "12:30:00+05:30", "12:30:00-08"],
    ["24:00:00Z", "12:60:00Z", "12:00:61Z", "12:00:00", "12:00Z", "12:00:00+24:00", "12:00:00 Z"],
  ],
  [
    "date-time",
    ["2026-01-02T03:04:05Z", "2026-01-02t03:04:05.6+01:00", "2026-01-02 03:04:05Z"],
    ["2026-01-02", "2026-02-30T03:04:05Z", "2026-01-02T03:04:05", "2026-01-02T03:04:05Z 7", "T"],
  ],
  ["duration", ["P1D", "PT1H30M", "P3W", "P1Y2M3DT4S"], ["P", "PT", "1D", "P1H", "P1D2W", "P1W2D"]],
  [
    "email",
    ["a@b.example", "first.last+tag@sub.b.example", "a_b@x-y.example"],
    [
      "a",
      "a@b",
      "@b.example",
      ".a@b.example",
      "a.@b.example",
      "a..b@c.example",
      "a@-b.example",
      "a b@c.example",
      "a@b.example.",
    ],
  ],
  [
    "hostname",
    ["a", "a.example", "x-1.example.", label],
    ["", "-a", "a-", "a..b", "a_b", `${label}a`, `${`${label}.`.repeat(4)}a`, "ä.example"],
  ],
  [
    "ipv4",
    ["0.0.0.0", "255.255.255.255", "192.168.1.10"],
    ["256.0.0.1", "1.2.3", "1.2.3.4.", "1.2.3.4.5", "01.2.3.4", ""],
  ],
  [
    "ipv6",
    ["::", "::1", "1:2:3:4:5:6:7:8", "fe80::1", "::ffff:1.2.3.4", "1:2:3:4:5:6:7::"],
    ["", ":", "1:2:3", "1::2::3", "12345::", "1:2:3:4:5:6:7:8:9", "::1]/[", "fe80::1%eth0", "1.2.3.4", "::1.2.3.256"],
  ],
  [
    "uuid",
    ["12345678-1234-1234-1234-1234567890ab", "urn:uuid:12345678-1234-1234-1234-1234567890AB"],
    ["12345678", "g2345678-1234-1234-1234-1234567890ab"],
  ],
  ["unheard-of", ["anything", ""], []],
])("%s", (format, right, wrong) => {
  test.each(right)("%j has it", (text) => expect(hasFormat(text, format)).toBe(true));
  test.runIf(wrong.length > 0).each(wrong)("%j has it not", (text) => expect(hasFormat(text, format)).toBe(false));
});
