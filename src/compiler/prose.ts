import { sentencesOf } from "./text.ts";

/** Whether a sentence tells a model nothing that it could act on: it sends elsewhere, or speaks of what the kit sees to. */
export function isIdle(sentence: string): boolean {
  return (
    isPointer(sentence) ||
    isAboutAccess(sentence) ||
    isNotice(sentence) ||
    isAboutWire(sentence) ||
    isAboutAnswer(sentence)
  );
}

/** Whether even a first sentence tells nothing, where others follow it. */
export function isIdleStart(sentence: string): boolean {
  return isPointer(sentence) || isNotice(sentence);
}

/** Whether a sentence only sends the reader elsewhere. */
function isPointer(sentence: string): boolean {
  return /^\W*(for (more|further|additional) (information|details|info)\b|(for|to)\b.{0,100}, (please )?(see|refer to|read|visit|consult)\b|(to )?(read|learn|find out) more\b|(please )?see\b|refer to\b|more (information|details|info)\b|documentation:|https?:\/\/\S+$)/i.test(
    sentence,
  );
}

/** Whether a sentence tells who may call, or how callers prove who they are: the kit and the API see to that. */
function isAboutAccess(sentence: string): boolean {
  if (/^\W*(required |needed )?(permissions?|scopes?|authorization|oauth scopes?)( needed| required)?:/i.test(sentence))
    return true;
  if (/^\W*permissions? required\b/i.test(sentence)) return true;
  const names = /\b(access tokens?|bearer tokens?|api keys?|oauth|oauth2|github apps?|scopes?|jwt|PATs?)\b/i;
  const caller =
    /\b(authenticated users?|(calling|current) users?|you|users?|callers?|apps?|owners?|admins?|administrators?)\b.*\b(must|need to|needs to|have to) (also )?(be|have|own|grant)\b.*\b(access|permissions?|admins?|administrators?|owners?|members?|managers?|rights?|roles?|privileges?|logged in|authenticated|collaborators?)\b/i;
  return (
    (names.test(sentence) &&
      /\b(must|needs?|requires?|required|works? (only )?(for|with)|(authenticate|authorize)d? (with|using|by|via))\b/i.test(
        sentence,
      )) ||
    caller.test(sentence) ||
    /\b(can be|is) (accessed|called) anonymously\b/i.test(sentence) ||
    /\brequires? (user )?authentication\b/i.test(sentence)
  );
}

/** Whether a sentence tells in which state of publication something is. */
function isNotice(sentence: string): boolean {
  return /\bclosing down notice\b|\b(is|are) closing down\b|\b((is|are) (currently )?(in|available (in|as))( an?| the)? (public |private |limited |open |closed )?(beta|preview|alpha|early access)\b|subject to change\b|(beta|preview|experimental) (feature|endpoint|api)\b)/i.test(
    sentence,
  );
}

/** Whether a sentence is about the exchange over HTTP, which the kit makes. */
function isAboutWire(sentence: string): boolean {
  return /\b(media types?|accept header|content-type header|rate limit(s|ing|ed)?)\b/i.test(sentence);
}

/** Whether a sentence describes what comes back, which the model will see. */
function isAboutAnswer(sentence: string): boolean {
  const answer =
    /^\W*(the |this )?((api )?(response|return (hash|value))|(returned|resulting) \w+ (has|have|contains?|includes?)|(following|these) (fields|are the possible values))\b/i;
  return answer.test(sentence) && !matters(sentence);
}

// ------------------------------------------------------------ sentences of a value

const listing = new Set(
  "a an and are as allowed accepted any available be by can choose consists currently either enum enumeration following for from has have in include includes is it list may must of one only optional options or possible section see set should supported supports the these this to type types use used valid value values which with".split(
    " ",
  ),
);

/** Whether a sentence only lists the values that the schema lists. */
export function listsValues(sentence: string, values: readonly unknown[]): boolean {
  const listed = new Set(values.map((value) => String(value).toLowerCase()));
  const words = sentence
    .toLowerCase()
    .split(/[\s,;:()"'`|/[\]]+|\.(?=\s|$)/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const named = words.filter((word) => listed.has(word));
  return named.length >= Math.min(2, listed.size) && words.every((word) => listed.has(word) || listing.has(word));
}

/** Whether a text lists values and what each means: `- "open" - Not yet paid.` */
export function explainsValues(text: string): boolean {
  return (text.match(/(?:^|\s)- ["'`]?[\w.-]{1,40}["'`]? ?[-–:=] /g) ?? []).length > 1;
}

/** Whether a sentence says what a caller may write, must heed or could spoil, which nothing else tells. */
export function matters(sentence: string): boolean {
  const values =
    /\b(one of|any of|combination of|can be|values?|options?|alias(es)?|formats?|formatted|examples?|such as|defaults?|either|up to|at most|maximum|minimum|supported|accepts?|following)\b|\be\.g\.|\bi\.?e\b|:.*,.*,|\b\d+ ?[-=:] .*\b\d+ ?[-=:] /i;
  const conditions =
    /\b(must|should|cannot|can't|only|required|requires|unless|instead|ignored|omit(ted)?|if not|combined?|together|(is|are|will) not( be)?|not (set|specified|provided|present|given|supplied|available))\b/i;
  const dangers =
    /^\W*(warning|important|caution)\b|\b(permanent(ly)?|irreversibl[ey]|undone|deletes?|removes?|overwrit(es?|ten)|replaces?|lost)\b/i;
  return values.test(sentence) || conditions.test(sentence) || dangers.test(sentence);
}

/** Without words at the start that every description could begin with. */
export function withoutPreamble(text: string): string {
  const [first = ""] = sentencesOf(text.replace(/^(?:\((?:optional|required)\)|(?:optional|required)[.:;—-])\s*/i, ""));
  const rest = first
    .replace(/^(?:this is|it is) (?=(?:the|an?) )/i, "")
    .replace(/^(?:indicates|specifies|determines|defines|describes) (?=(?:whether|which|how|what|when|the|an?)\b)/i, "")
    .replace(
      /^(?:an? )?(?:boolean|flag)(?: value| flag)?(?: \(true or false\))? (?:representing|indicating|specifying|that (?:indicates|specifies)) (?=\w)/i,
      "",
    )
    .replace(/^(?:indicates|specifies|determines) if\b/i, "whether")
    .replace(/^(?:the|an?) (?!(?:or|and|to)\b)(?=[\p{L}\p{N}])/iu, "");
  if (rest === "" || text.startsWith(rest)) return text;
  return capital(rest) + text.slice(text.indexOf(first) + first.length);
}

/** Of a list, without saying that it is one. */
export function withoutContainer(text: string): string {
  const rest = text.replace(/^(?:array|list|collection) of (?:the )?(?=\w)/i, "");
  return rest === text ? text : capital(rest);
}

/** Without words at the start that every tool could begin with. */
export function withoutInvitation(sentence: string): string {
  const rest = sentence.replace(
    /^(?:use this (?:endpoint|operation|method|api|call) to|(?:this (?:endpoint|operation|method|api|call) )?(?:(?:allows|enables) (?:you|users?|callers?|clients?) to|lets (?:you|users?|callers?|clients?))) (?=\w)/i,
    "",
  );
  return rest === sentence ? sentence : capital(rest);
}

function capital(text: string): string {
  return /^[a-z]+\b(?![A-Z_/([]|[.:]\S)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
