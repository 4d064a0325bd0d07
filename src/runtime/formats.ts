import type { Features } from "./features.ts";

/** Strings of a format. */
export const stringFormats: Features = { format: hasFormat };

/** Whether a string has one of the nine formats of strict schemas. An unknown format is true of all. */
export function hasFormat(text: string, format: string): boolean {
  return formats[format]?.(text) ?? true;
}

const formats: { readonly [format: string]: (text: string) => boolean } = {
  "date-time"(text) {
    const [date = "", time = "", ...more] = text.split(/t|\s/i);
    return more.length === 0 && isDate(date) && TIME.test(time);
  },
  time: (text) => TIME.test(text),
  date: isDate,
  duration: (text) => DURATION.test(text),
  email: (text) => EMAIL.test(text),
  hostname: (text) => text.length <= 253 && HOSTNAME.test(text),
  ipv4: (text) => IPV4.test(text),
  ipv6: (text) => /^[\da-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]`),
  uuid: (text) => UUID.test(text),
};

// RFC 3339, section 5.6 and appendix A
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)$/i;
const DURATION = /^P(?=[\dT])(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/;
// RFC 1123; a label has 63 characters at most
const HOSTNAME = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*\.?$/i;
// RFC 5321, the part of it that servers accept
const EMAIL = /^(?!\.|.*\.[.@])[\w!#$%&'*+/=?^`{|}~.-]+@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z\d-]*[a-z\d]$/i;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
// RFC 4122
const UUID = /^(?:urn:uuid:)?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Engines turn the 30th of February into a day of March, and we look whether they did. */
function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && new Date(text).toJSON()?.startsWith(text) === true;
}
