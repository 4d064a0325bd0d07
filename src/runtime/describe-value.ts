/** A value as a message shows it: short. */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null)
    return `an object with ${Object.keys(value).join(", ").slice(0, 60) || "no keys"}`;
  // JSON has no infinity.
  const text = (typeof value === "number" ? String(value) : JSON.stringify(value)) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
