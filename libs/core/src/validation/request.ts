import type { Json, JsonObject } from '../json';
import type { Fix, Mapping, ValidationSummary } from './report';

/** A file the user handed in, by address. */
export interface Attachment {
  url: string;
  name?: string;
  mime?: string;
}

export interface ConversationMessage {
  role: string;
  /** Words; a nested object is read by its text parts. */
  content: Json;
}

/** A network fact about a URL, gathered by an adapter. Validation itself never touches the network. */
export type FileObservation =
  | { url: string; outcome: 'ok'; mime: string; bytes: number | null; width?: number; height?: number; sha256?: string; /** As it was uploaded, where that is known. */ name?: string }
  | { url: string; outcome: 'unreachable' | 'not_allowed' | 'too_large' | 'not_a_url'; detail: string };

/** Everything the user said that may become model input. */
export interface ValidationRequest {
  prompt: string;
  /** The user's own values, by any name. */
  parameters: JsonObject;
  attachments: Attachment[];
  conversation: ConversationMessage[];
  /** What a person typed into a card: field → value. Overrides everything else. */
  edits: JsonObject;
  /** By URL; a URL without an observation has not been looked at. */
  observations: FileObservation[];
  /** The prompt or an attachment may be an instruction about this model's job. */
  modelDescription?: string;
}

/** The answer of the validator: the payload's input and everything a person needs to judge it. */
export interface ValidationReport {
  ready: boolean;
  /** Exactly what would be sent as the model's input. */
  input: JsonObject;
  fixes: Fix[];
  mapping: Mapping;
  /** User parameters that are not sent. */
  dropped: string[];
  /** Field that received the prompt, null when the prompt is not sent. */
  promptField: string | null;
  summary: ValidationSummary;
}
