import type { Json, JsonObject } from '../json';
import type { ModelFamily } from './model-family';

/** What a file field wants. `any` = a file of unknown kind. */
export type MediaKind = 'image' | 'audio' | 'video' | 'archive' | 'document' | 'any';

/**
 * What a field is for. `prompt` receives the user's words verbatim; `file` holds a URL;
 * everything else is an `option`.
 */
export type FieldRole =
  | { kind: 'prompt' }
  | { kind: 'text' }
  | {
      kind: 'file';
      media: MediaKind;
      /** Finer use of the file, where the name or description tells it. */
      use?: 'mask' | 'start_frame' | 'end_frame' | 'source' | 'target' | 'reference' | 'control';
      /** `url` = one URL string; `url_list` = array of URLs; `comma_list` / `line_list` = one string that holds many. */
      shape: 'url' | 'url_list' | 'comma_list' | 'line_list';
      /** Other kinds the field takes beside `media` ("audio or video file"). */
      also?: MediaKind[];
    }
  | { kind: 'option' };

export type FieldType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'any';

/** One input field of a model. */
export interface FormField {
  name: string;
  label: string;
  description: string;
  type: FieldType;
  /** Type of the items when `type` is `array`. */
  itemType?: FieldType;
  /** Allowed items when `type` is `array`. */
  itemEnum?: Json[];
  role: FieldRole;
  /** In the schema's own `required` list. */
  required: boolean;
  /** `required`, or the model cannot do its job without it. */
  effectivelyRequired: boolean;
  nullable: boolean;
  /** The schema's default, absent when it has none. */
  default?: Json;
  /** The default is the author's sample (a demo file or prompt): it never counts as an answer and is never sent. */
  defaultIsSample: boolean;
  enum?: Json[];
  minimum?: number;
  maximum?: number;
  /** The limits themselves are not allowed. */
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minItems?: number;
  maxItems?: number;
  /** Position on the form, from `x-order`, else in order of appearance. */
  order: number;
  /** Secret values (API tokens) are never shown or logged. */
  secret: boolean;
}

/** A rule between fields, read from a description or given by a model family. */
export type CrossFieldRule =
  | { kind: 'exactly_one' | 'at_least_one' | 'at_most_one'; fields: string[]; source: string }
  | { kind: 'requires'; field: string; /** when absent: whenever `field` is given */ value?: Json; needs: string; needsValues?: Json[]; source: string }
  | { kind: 'only_with'; field: string; other: string; otherValues: Json[]; source: string };

/** What a model version takes: the model's real input schema, resolved. */
export interface Form {
  provider: string;
  /** `owner/name`, or the provider's own model name. */
  model: string;
  /** The provider's version id, or a name for the state of the schema where it has none. */
  version: string;
  /** SHA-256 of the canonical schema this form was made from, hex. */
  digest: string;
  title: string;
  description: string;
  fields: FormField[];
  rules: CrossFieldRule[];
  /** `schema` = from the model's schema; `inferred` = guessed from an example because no schema could be had. */
  origin: 'schema' | 'inferred';
  /** What comes out, as far as the schema tells. */
  output: { kind: 'uri' | 'uri_list' | 'text' | 'text_chunks' | 'object' | 'any'; media?: MediaKind };
  /** The operator's own rule for this model, where there is one; else the built-in rules say. Never stored. */
  family?: ModelFamily;
  /** The schema as the provider gave it, for "show the raw schema". */
  rawSchema: JsonObject;
}
