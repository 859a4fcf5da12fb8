import { isJsonObject, type Attachment, type ConversationMessage, type FileObservation, type Json, type JsonObject, type Payload, type ValidationRequest } from '@countersign/core';

/** Reads a stored `original_input` (the keys of `run_input`) as a request to be validated. Unreadable parts count as absent. */
export function requestOf(originalInput: JsonObject, edits: JsonObject, observations: FileObservation[] = []): ValidationRequest {
  const { prompt, parameters, attachments, conversation, document_url: documentUrl } = originalInput;
  const listed = Array.isArray(attachments) ? attachments.flatMap(readAttachment) : [];
  return {
    prompt: typeof prompt === 'string' ? prompt : '',
    parameters: isJsonObject(parameters) ? parameters : {},
    attachments: typeof documentUrl === 'string' && documentUrl !== '' ? [...listed, { url: documentUrl }] : listed,
    conversation: Array.isArray(conversation) ? conversation.flatMap(readMessage) : [],
    edits,
    observations,
    ...describe(originalInput),
  };
}

/**
 * What `edits` make of a payload that was already shown: the shown input is the starting point, so that nothing the
 * reviewer did not touch can change.
 */
export function editedRequest(request: ValidationRequest, shown: Payload, edits: JsonObject): ValidationRequest {
  return { ...request, prompt: '', attachments: [], conversation: [], parameters: shown.input, edits };
}

function readAttachment(value: Json): Attachment[] {
  if (typeof value === 'string') return [{ url: value }];
  if (!isJsonObject(value) || typeof value.url !== 'string') return [];
  const { url, name, mime } = value;
  return [{ url, ...(typeof name === 'string' ? { name } : {}), ...(typeof mime === 'string' ? { mime } : {}) }];
}

function readMessage(value: Json): ConversationMessage[] {
  if (!isJsonObject(value)) return [];
  const content = value.content ?? value.message ?? null;
  return content === null ? [] : [{ role: typeof value.role === 'string' ? value.role : 'user', content }];
}

/** The caller's tool entry (flat, or nested under `data`) may describe the model in words. */
function describe(originalInput: JsonObject): { modelDescription?: string } {
  const entry = toolEntryOf(originalInput);
  return typeof entry?.description === 'string' ? { modelDescription: entry.description } : {};
}

/** The first tool entry of `agent_tool_config`, unwrapped from `data` where it is nested. */
export function toolEntryOf(originalInput: JsonObject): JsonObject | null {
  const config = originalInput.agent_tool_config;
  if (!isJsonObject(config)) return null;
  const entry = Object.values(config).find(isJsonObject);
  if (!entry) return null;
  return isJsonObject(entry.data) && Object.keys(entry.data).length > 0 ? entry.data : entry;
}
