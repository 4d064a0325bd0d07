/** Whether a string has one of the nine formats of strict schemas. An unknown format is true of all. */
export function hasFormat(text: string, format: string): boolean {
  return formats[format]?.(text) ?? true;
}

const formats: Record<string, (text: string) => boolean> = {
  "date-time": isDateTime,
  time: isTime,
  date: isDate,
  duration: (text) => DURATION.test(text),
  email: (text) => EMAIL.test(text),
  hostname: (text) => text.length <= 253 && HOSTNAME.test(text),
  ipv4: (text) => IPV4.test(text),
  ipv6: isIpv6,
  uuid: (text) => UUID.test(text),
};

// RFC 3339, section 5.6 and appendix A
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|([+-])(\d\d)(?::?(\d\d))?)$/i;
const DURATION = /^P(?=[\dT])(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/;
const LABEL = "[a-z\\d](?:[a-z\\d-]*[a-z\\d])?";
// RFC 5321, the part of it that servers accept
const ATOM = "[\\w!#$%&'*+/=?^`{|}~-]+";
const EMAIL = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+${LABEL}$`, "i");
// RFC 1123; a label has 63 characters at most
const HOSTNAME = new RegExp(`^(?!.*[^.]{64})${LABEL}(?:\\.${LABEL})*\\.?$`, "i");
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
// RFC 4122
const UUID = /^(?:urn:uuid:)?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

function isDate(text: string): boolean {
  const [, year, month, day] = (DATE.exec(text) ?? []).map(Number) as [number, number?, number?, number?];
  if (year === undefined || month === undefined || day === undefined) return false;
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

function isTime(text: string): boolean {
  const match = TIME.exec(text);
  if (match === null) return false;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const [offsetHours, offsetMinutes] = [Number(match[5] ?? 0), Number(match[6] ?? 0)];
  if (hours > 23 || minutes > 59 || offsetHours > 23 || offsetMinutes > 59) return false;
  if (seconds < 60) return true;
  // A leap second stands at the end of a day of UTC.
  const sign = match[4] === "-" ? -1 : 1;
  const utc = (((hours * 60 + minutes - sign * (offsetHours * 60 + offsetMinutes)) % 1440) + 1440) % 1440;
  return seconds === 60 && utc === 1439;
}

function isDateTime(text: string): boolean {
  const [date, time, ...more] = text.split(/t|\s/i);
  return date !== undefined && time !== undefined && more.length === 0 && isDate(date) && isTime(time);
}

/** RFC 4291, section 2.2. */
function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1);
  const hasIpv4 = last?.includes(".") === true && !text.endsWith("::");
  if (hasIpv4 && !IPV4.test(groups.pop() as string)) return false;
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  const count = groups.length + (hasIpv4 ? 2 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}
