import { expect, test } from "vitest";
import { asSentence, cutText, plainText, sentencesOf } from "../../src/compiler/text.ts";

test.each<[markup: string, want: string]>([
  [" a  b\nc ", "a b c"],
  ["Gets \u{e0049}\u{e0047}\u{e0101}pets\u200b\u202e\u00ad\ufeff.", "Gets pets."],
  ["क्‍ष 👩‍💻 می‌خواهم ❤️", "क्‍ष 👩‍💻 می‌خواهم ❤️"],
  ["<p>One.</p><p>Two <b>three</b></p>", "One. Two three"],
  ["a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;&nbsp;e", "a <b> & \"c\" 'd' e"],
  ["see [the docs](https://example.com/a_(b)) now", "see the docs now"],
  ["![logo](x.png) Logo", "logo Logo"],
  ["refs/heads/<branch name> or <kbd>x</kbd>", "refs/heads/<branch name> or x"],
  ["> [!NOTE]\n> Be *very* careful.\n\nGo.", "Be very careful. Go."],
  ["> 5 and *.js or *.ts and 2 * 3 * 4", "> 5 and *.js or *.ts and 2 * 3 * 4"],
  ["One.\n\n```js\nconst a = 1;\n```\n\nTwo.", "One. Two."],
  ["One:\n```json\n[1]\n```", "One: [1]"],
  ["## Title\n\ntext", "Title text"],
  ["**bold** and __strong__ and `code`", "bold and strong and code"],
  ["snake__case__name", "snake__case__name"],
  ["* one\n* two", "- one - two"],
  ["a < b and c > d", "a < b and c > d"],
  ["1 * 2 ** 3", "1 * 2 ** 3"],
  ["按订单号查询。", "按订单号查询。"],
  ["a  b", "a b"],
  ["One<!-- not yet: <b>two</b> -->.", "One."],
  ["<ul><li>One</li><li>Two</li></ul>", "- One - Two"],
  ["<table><tr><td>a</td><td>b</td></tr></table>", "a b"],
  ["A pet&#8217;s name &mdash; or &unknown;", "A pet’s name — or &unknown;"],
  ["One of:<br>`new` - Not yet seen.<br>`old` - Seen.", "One of: - new - Not yet seen. - old - Seen."],
  ["The kind\n\n- `1` - A cat\n- `2` - A dog", "The kind - 1 - A cat - 2 - A dog"],
  ["Kinds:\n\n| Kind | Means |\n| --- | --- |\n| `cat` | A cat |\n| `dog` | |", "Kinds: - cat: A cat - dog"],
  ["Title\n\nA paragraph\n\nand more", "Title. A paragraph and more"],
  ["**Bold\nover lines** and `code\nover lines`", "Bold over lines and code over lines"],
  ["_Note_: use _only_ snake_case_names", "Note: use only snake_case_names"],
  ["_Use `only` this._ Not `_that` or `those_`", "Use only this. Not _that or those_"],
  ["See [the guide][1] and a[0][1]", "See the guide and a[0][1]"],
  ["top , bottom , or 5 .5", "top, bottom, or 5 .5"],
  ["Its id.. Its name. . Its kind...", "Its id. Its name. Its kind..."],
  ["- one", "one"],
  [`One.\n\n\`\`\`json\n{"a": "${"b".repeat(200)}"}\n\`\`\`\n\nTwo.`, "One. Two."],
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
  ["Where it is known (i.e. somebody said it)", 24, "Where it is known (i.e.…"],
  ["One, two, three", 10, "One, two…"],
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
  ["Lists. (All of them.)", "Lists. (All of them.)"],
])("end %j", (text, want) => {
  expect(asSentence(text)).toBe(want);
});

test.each<[text: string, want: readonly string[]]>([
  ["One. Two! three. Four", ["One.", "Two! three.", "Four"]],
  ["Version 1.2 is it.", ["Version 1.2 is it."]],
  ["Types: 1. Premiere 2. Theatrical. The end.", ["Types: 1. Premiere 2. Theatrical.", "The end."]],
  ["查询订单。返回详情", ["查询订单。", "返回详情"]],
  ["A date, e.g. 2026-01-31. Max. 5 of them.", ["A date, e.g. 2026-01-31.", "Max. 5 of them."]],
  ['Say "yes." Or (say no.) Then go.', ['Say "yes."', "Or (say no.)", "Then go."]],
])("sentences of %j", (text, want) => {
  expect(sentencesOf(text)).toEqual(want);
});
