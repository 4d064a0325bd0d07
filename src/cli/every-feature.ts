import { attachments } from "../runtime/attachments.ts";
import { valueBounds } from "../runtime/bounds.ts";
import { clientCredentials } from "../runtime/client-credentials.ts";
import { eventStream } from "../runtime/events.ts";
import type { Features } from "../runtime/features.ts";
import { binaryBody } from "../runtime/files.ts";
import { filledArgs } from "../runtime/fill-args.ts";
import { formBody, multipartBody } from "../runtime/form.ts";
import { stringFormats } from "../runtime/formats.ts";
import { idempotencyKeys } from "../runtime/idempotency-key.ts";
import { keyPlaces } from "../runtime/key-places.ts";
import { parameterStyles } from "../runtime/parameter-styles.ts";
import { textPatterns } from "../runtime/pattern.ts";
import { pickedFields } from "../runtime/pick-fields.ts";
import { valueRules } from "../runtime/rules.ts";
import { serverChoices } from "../runtime/server-choices.ts";
import { spellings } from "../runtime/spellings.ts";
import { textBody } from "../runtime/text-body.ts";
import { unions } from "../runtime/unions.ts";
import { xmlBody } from "../runtime/xml.ts";

/** What generated kits import one by one. */
export const everyFeature: readonly Features[] = [
  attachments,
  binaryBody,
  clientCredentials,
  eventStream,
  filledArgs,
  formBody,
  idempotencyKeys,
  keyPlaces,
  multipartBody,
  parameterStyles,
  pickedFields,
  serverChoices,
  spellings,
  stringFormats,
  textBody,
  textPatterns,
  unions,
  valueBounds,
  valueRules,
  xmlBody,
];
