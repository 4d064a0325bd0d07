import { expect, test } from "vitest";
import { asSentence, cutText, plainText } from "../../src/compiler/text.ts";

test.each<[markup: string, want: string]>([
  [" a  b\nc ", "a b c"],
  ["<p>One.</p><p>Two <b>three</b></p>", "One. Two three"],
  ["a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;&nbsp;e", "a <b> & \"c\" 'd' e"],
  ["see [the docs](https://example.com/a_(b)) now", "see the docs now"],
  ["![logo](x.png) Logo", "logo Logo"],
  ["## Title\n\ntext", "Title text"],
  ["**bold** and __strong__ and `code`", "bold and strong and code"],
  ["snake__case__name", "snake__case__name"],
  ["* one\n* two", "- one - two"],
  ["a < b and c > d", "a < b and c > d"],
  ["1 * 2 ** 3", "1 * 2 ** 3"],
  ["按订单号查询。", "按订单号查询。"],
])("%j", (markup, want) => {
  expect(plainText(markup)).toBe(want);
});

test.each<[text: string, most: number, want: string]>([
  ["short", 10, "short"],
  ["One two. Three four.", 12, "One two."],
  ["One. Two three four five", 20, "One. Two three four…"],
  ["0123456789abcdef", 10, "012345678…"],
  ["查询订单。返回详情和状态", 8, "查询订单。"],
  ["abcdefgh😀😀", 10, "abcdefgh…"],
])("cut %j to %d", (text, most, want) => {
  expect(cutText(text, most)).toBe(want);
  expect(cutText(text, most).length).toBeLessThanOrEqual(most);
});

test.each<[text: string, want: string]>([
  ["", ""],
  ["One", "One."],
  ["One!", "One!"],
  ["查询订单", "查询订单。"],
  ["注文を探す", "注文を探す。"],
  ["Lists:", "Lists:"],
])("end %j", (text, want) => {
  expect(asSentence(text)).toBe(want);
});
