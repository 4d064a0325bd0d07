// ------------------------------------------------------------ what a sentence is worth

/** Which values there are, or what one of them means. */
const values =
  /\b(one of|any of|combination of|can be|values?|options?|alias(es)?|examples?|such as|defaults?|either|supported|accepts?|following|pass|true|false|null)\b|\be\.g\.|\bi\.?e\b|:.*,.*,|\b\d+ ?[-=:] .*\b\d+ ?[-=:] |(?<=^|[\s(])["“'‘][^"”'’]{1,40}["”'’](?=[\s).,;:]|$)/i;

/** How a value is written, what it counts, and how far it may go. */
const forms =
  /\b(formats?|formatted|separated|delimited|encoded|base64|notation|syntax|iso|rfc|utc|gmt|unix|epoch|timestamps?|bytes?|[kmg]b|(milli)?seconds?|ms|minutes?|hours?|days?|percent(age)?|cents?|pixels?|meters?|inclusive|exclusive|between|limit(ed|s)?|unique)\b|\d/i;

/** When something holds, is wanted, or does not work. */
const conditions =
  /^(if|when|unless)\b|\b(must|should|cannot|can't|can not|only|required|requires|unless|instead|ignored|omit(ted)?|if not|combined?|together|mutually|conflicts?|never|do(es)? not|don't|doesn't|otherwise|overrid(es?|den)|precedence|depend(s|ing) on|no effect|up to|at (most|least)|maximum|minimum|(no |not )?(more|less|fewer|greater|larger|smaller|longer|shorter|higher|lower|older|newer) than|exceed(s|ing)?|(is|are|will) not( be)?|not (set|specified|provided|present|given|supplied|available|allowed))\b/i;

/** What cannot be taken back, or has a price. */
const dangers =
  /^\W*(warning|important|caution|attention)\b|\b(permanent(ly)?|irreversibl[ey]|undone|undo|reversed|recovered|deletes?|removes?|destroy(s|ed)?|destructive|erases?|overwrit(es?|ten)|replaces?d?|revok(es?|ed|ing)|terminat(es?|ed|ing)|lost|los[es]|loss|forc(e|ed|efully|ibly)|downtime|charge[ds]?|billed|stops?)\b/i;

/** Whether a sentence says what a caller may choose, must heed or could spoil, which nothing else tells. */
export function matters(sentence: string): boolean {
  return values.test(sentence) || conditions.test(sentence) || dangers.test(sentence);
}

/** Whether a sentence on a value does, or says how it is written. */
export function mattersToValue(sentence: string): boolean {
  return matters(sentence) || forms.test(sentence);
}

/** Whether a sentence says nothing without the one before it. */
export function leansOnLast(sentence: string): boolean {
  return /^(for (example|instance|this reason)|e\.g\.|therefore|thus|hence|so|otherwise|however|but|then|in (this|that|these|those|such) cases?|this (way|means|indicates|is because)|doing so)\b/i.test(
    sentence,
  );
}

/** Whether a sentence speaks of what the one before it names. */
export function refersBack(sentence: string): boolean {
  return leansOnLast(sentence) || /^(this|it|its|these|those|they|such|you can (find|get) this)\b/i.test(sentence);
}

/** Whether a sentence tells a model nothing that it could act on: it sends elsewhere, or speaks of what the kit sees to. */
export function isIdle(sentence: string): boolean {
  return (
    isPointer(sentence) ||
    isAboutAccess(sentence) ||
    isNotice(sentence) ||
    isAboutWire(sentence) ||
    isAboutCase(sentence) ||
    isHeading(sentence) ||
    isAboutAnswer(sentence)
  );
}

/** Whether even a first sentence tells nothing, where others follow it. */
export function isIdleStart(sentence: string): boolean {
  return isPointer(sentence) || isNotice(sentence);
}

/** Whether a sentence only sends the reader elsewhere. */
function isPointer(sentence: string): boolean {
  return /^\W*(for (more|further|additional) (information|details|info)\b|(for|to)\b.{0,100}, (please )?(see|refer to|read|visit|consult|check)\b|(to )?(read|learn|find out) (more|how)\b|(please )?(see|check out|visit|click|you can find)\b|refer to\b|more (information|details|info)\b|documentation:|related topics\b|https?:\/\/\S+$)/i.test(
    sentence,
  );
}

/** Without what sends the reader elsewhere in the middle of a sentence: "(see below)". */
export function withoutPointers(text: string): string {
  return text
    .replaceAll(/ ?\((?:please )?(?:see|refer to|more info(?:rmation)?)\b[^()]*\)/gi, "")
    .replaceAll(/,? (?:(?:for )?more info(?:rmation)?|see)(?: at)?:? https?:\/\/[^\s)]+/gi, "");
}

/** Whether a sentence tells who may call, or how callers prove who they are: the kit and the API see to that. */
function isAboutAccess(sentence: string): boolean {
  if (
    /^\W*(required |needed )?(permissions?|scopes?|authorization|oauth scopes?|prerequis\w+)( needed| required)?\W*(:|$)/i.test(
      sentence,
    )
  )
    return true;
  if (/^\W*permissions? required\b/i.test(sentence)) return true;
  const names = /\b((access|bearer|fine-grained) tokens?|api keys?|oauth|oauth2|github apps?|scopes?|jwt|PATs?)\b/i;
  const caller =
    /\b(authenticated users?|(calling|current) users?|you|users?|callers?|apps?|owners?|admins?|administrators?)\b.*\b(must|need to|needs to|have to) (also )?(be|have|own|grant)\b.*\b(access|permissions?|admins?|administrators?|owners?|members?|managers?|rights?|roles?|privileges?|logged in|authenticated|collaborators?)\b/i;
  return (
    /^\W*fine-grained access tokens? for\b/i.test(sentence) ||
    (names.test(sentence) &&
      /\b(must|needs?|requires?|required|cannot|supports?|supported|works? (only )?(for|with)|(authenticate|authorize)d? (with|using|by|via))\b/i.test(
        sentence,
      )) ||
    caller.test(sentence) ||
    /\b(can|may)( only)? use this (endpoint|operation|method|api)\b/i.test(sentence) ||
    /\b(users?|members?|owners?|admins?|administrators?) with .*\b(permissions?|access)\b.* can\b/i.test(sentence) ||
    /\b(can be|is) (accessed|called) anonymously\b/i.test(sentence) ||
    /\brequires? (user )?authentication\b/i.test(sentence)
  );
}

/** Whether a sentence tells in which state of publication something is, or who can buy it. */
function isNotice(sentence: string): boolean {
  const offer =
    /\b(is|are) (only |currently )?available (only )?(in|to|for|on|with|through)\b.*\b(plans?|customers?|subscri\w+|tiers?|licen[sc]es?|editions?|free|pro|enterprise)\b/i;
  return (
    offer.test(sentence) ||
    /\bclosing down notice\b|\b(is|are) closing down\b|\b((is|are) (currently )?(in|available (in|as))( an?| the)? (public |private |limited |open |closed )?(beta|preview|alpha|early access)\b|subject to change\b|(beta|preview|experimental) (feature|endpoint|api)\b)/i.test(
      sentence,
    )
  );
}

/** Whether a sentence is about the exchange over HTTP, which the kit makes. */
function isAboutWire(sentence: string): boolean {
  return /\b(media types?|accept header|content-type header|rate[ -]limit(s|ing|ed)?|(send|make|issue|submit) an? (get|post|put|patch|delete) request|(must|should|needs? to) (be )?(double )?(url|uri|percent)?[ -]?encoded?|replaced with %\w\w|using the route)\b/i.test(
    sentence,
  );
}

/** Whether a sentence only says that upper and lower case are the same. */
function isAboutCase(sentence: string): boolean {
  return /^[\w\s]{0,40}\b(not case[- ]sensitive|case[- ]insensitive)\.?$/i.test(sentence);
}

/** Whether a sentence only announces an example that is not there any more. */
function isHeading(sentence: string): boolean {
  return /^\W*(code )?(examples?|samples?)( \w+ing an?\b.*| code| requests?| responses?| usage)?\W*$/i.test(sentence);
}

/** Whether a sentence describes what comes back, which the model will see. */
function isAboutAnswer(sentence: string): boolean {
  const answer =
    /^\W*((the |this |a )?((api )?(response|result|return (hash|value))|successful (request|response|call)|(returned|resulting) \w+ (has|have|contains?|includes?)|(following|these) (fields|are the possible values))\b|returns an empty\b|(up)?on success\b|if successful\b)|\bon success\.?$/i;
  const status = /\b[1-5]\d\d( \w+){0,2} (status|response|error)\b|\bstatus( code)?( of)? [1-5]\d\d\b/i;
  return status.test(sentence) || (answer.test(sentence) && !conditions.test(sentence) && !dangers.test(sentence));
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

/** Whether a sentence only says that a time is written as its format wants it. */
export function isAboutTime(sentence: string): boolean {
  return /^(this is (an? )?|uses (the )?|in )?(timestamps?|dates?|times?|datetimes?|format)?( and time)?( \w+)? ?(iso[ -]?8601|rfc[ -]?3339)\b/i.test(
    sentence,
  );
}

/** Whether a text says of several values what each means: `- "open" - Not yet paid.` Of those of a schema in any form. */
export function explainsValues(text: string, values: readonly unknown[] | undefined): boolean {
  if (values === undefined) {
    const items = text.match(/(?:^|\s)- ["'`]?[\w.-]{1,40}["'`]? ?[-–:=] /g) ?? [];
    const numbers = text.match(/(?<![\w.-])\d{1,4} ?[-–:=] ?\p{L}/gu) ?? [];
    return items.length > 1 || numbers.length > 2;
  }
  const listed = new Set(values.map(String));
  const explained = text.matchAll(
    /(?<![\w.-])(?:- ["'`]?([\w.-]{1,40})["'`]? (?!- )|(?:(?:when |if )?set to|when|if|use) ["'`]?([\w.-]{0,40}\w)|([\w.-]{0,40}\w)["'`”]? ?(?:[-–:=(]|=>|(?:means|is|will|if|to)\b))/gi,
  );
  const named = Array.from(explained, ([, item, condition, other]) => item ?? condition ?? other ?? "");
  return new Set(named.filter((value) => listed.has(value))).size > 1;
}

/** Without words at the start that every description could begin with. */
export function withoutPreamble(sentence: string): string {
  const start = sentence.replace(
    /^(?:[([](?:optional|required)[)\]]|(?:optional|required)(?:[.:;—-]|$)|(?:an? )?optional (?=\w))\s*(?:[-–:] )?/i,
    "",
  );
  const rest = start
    .replace(/^gets (?:or sets )?(?:a value indicating )?(?=(?:the|an?|whether|if)\b)/i, "")
    .replace(/^(?:this|it)(?: (?:field|parameter|property|attribute|argument))? is (?=(?:the|an?) )/i, "")
    .replace(
      /^(?:this (?:field|parameter|property|attribute|argument) )?(?:indicates|specif(?:ies|y)|determines|defines|describes|supply|provide|enter) (?=(?:whether|which|how|what|when|the|an?)\b)/i,
      "",
    )
    .replace(
      /^(?:an? )?(?:boolean|flag)(?: value| flag)?(?: \(true or false\))? (?:representing|indicating|specifying|that (?:indicates|specifies)) (?=\w)/i,
      "",
    )
    .replace(/^(?:indicates|specifies|determines) if\b/i, "whether")
    .replace(/^(?:the|an?) (?!(?:or|and|to)\b)(?=[\p{L}\p{N}])/iu, "");
  return rest === sentence ? sentence : capital(rest === "" ? start : rest);
}

/** "The URL-encoded path" is the path: the kit encodes it, and once is enough. */
export function withoutEncoding(sentence: string): string {
  return sentence.replaceAll(/\b(an )?ur[il][- ]?encoded (?=\w)/gi, (_, article?: string) => (article ? "a " : ""));
}

/** Of a list, without saying that it is one, or how it is written on the wire. */
export function withoutContainer(sentence: string): string {
  const rest = sentence
    .replace(/^(?:json[- ](?:serialized|encoded) |(?:comma|pipe|space|semicolon)[ -](?:separated|delimited) )/i, "")
    .replace(/^(?:array|list|collection|string) (?:of|describing|containing|that contains) (?:the )?(?=\w)/i, "");
  return rest === sentence ? sentence : capital(rest);
}

/** Whether a sentence only says how a list is written on the wire. */
export function isAboutList(sentence: string): boolean {
  const separated = /\b(comma|ampersand|pipe|space|semicolon)[ -](separated|delimited) (list|string)( of \w+)?\.?$/i;
  return separated.test(sentence) || /[\w\]]=\w+&\w+/.test(sentence);
}

/** Without words at the start that every tool could begin with. */
export function withoutInvitation(sentence: string): string {
  const rest = sentence
    .replace(
      /^to (\w.*?), (?:send|make|issue|submit) an? (?:get|post|put|patch|delete) request\b.*$/i,
      (_, doing: string) => `${doing}.`,
    )
    .replace(
      /^(?:use this (?:endpoint|operation|method|api|call) to|(?:this (?:endpoint|operation|method|api|call) )?(?:(?:allows|enables) (?:you|users?|callers?|clients?) to|lets (?:you|users?|callers?|clients?))) (?=\w)/i,
      "",
    )
    .replace(/^this (?:endpoint|operation|method|api|call) (?=(?!is\b|has\b|does\b|was\b)[a-z]+s\b)/i, "");
  return rest === sentence ? sentence : capital(rest);
}

function capital(text: string): string {
  return /^[a-z]+\b(?![A-Z_/([]|[.:]\S)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
