import type { UnionSchema } from "./api.ts";
import { isText } from "./keywords.ts";
import { nameAt } from "./pointer.ts";
import { isRawObject, isReference, type RawObject, type References } from "./references.ts";

/** Whether a schema lists schemas that are made of it: then the list stands for all of it. */
export function listsChildren({ oneOf, anyOf }: RawObject, pointer: string, references: References): boolean {
  const list = Array.isArray(oneOf) ? oneOf : Array.isArray(anyOf) ? anyOf : [];
  return list.some((branch) => isMadeOf(branch, pointer, references, new Set()));
}

/** Whether what is referred to has the schema at `pointer` in its `allOf`, or in that of one of its parts. */
function isMadeOf(raw: unknown, pointer: string, references: References, seen: Set<string>): boolean {
  const found = isReference(raw) ? references.find(raw.$ref) : undefined;
  if (found === undefined || seen.has(found.pointer) || !isRawObject(found.value)) return false;
  seen.add(found.pointer);
  const parts = Array.isArray(found.value.allOf) ? found.value.allOf.filter(isReference) : [];
  return parts.some(
    (part) => references.find(part.$ref)?.pointer === pointer || isMadeOf(part, pointer, references, seen),
  );
}

/** The property that tells branches apart, and the values that stand for each of them. */
export function readDiscriminator(
  raw: RawObject | undefined,
  branches: readonly unknown[],
  references: References,
): UnionSchema["discriminator"] | undefined {
  if (raw === undefined || !isText(raw.propertyName)) return undefined;
  if (!branches.every((branch) => isReference(branch) || isNull(branch))) return undefined;
  const mapping = isRawObject(raw.mapping) ? Object.entries(raw.mapping) : [];
  const values = branches.map((branch) => {
    if (!isReference(branch)) return [];
    const target = references.find(branch.$ref)?.pointer ?? branch.$ref;
    const isMeant = (mapped: unknown) =>
      isText(mapped) && (mapped === nameAt(target) || references.find(mapped)?.pointer === target);
    const names = mapping.filter(([, mapped]) => isMeant(mapped)).map(([value]) => value);
    return names.length > 0 ? names : [nameAt(target)];
  });
  return { property: raw.propertyName, values };
}

function isNull(raw: unknown): boolean {
  return isRawObject(raw) && raw.type === "null";
}
